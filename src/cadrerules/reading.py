"""From names, folders and frames to plans and checked tables: what programs call first."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from .errors import Problem, UsageError
from .hookspecs import PolicySource
from .load.installed import read_installed, tables_among
from .load.policies import read_policy_set
from .model.facts import ColumnarTables, FactTables
from .plan import Plan
from .plugins import installed_plugins, policy_sources

if TYPE_CHECKING:
    import pluggy
    from pyspark.sql import SparkSession

ENVIRONMENT = "CADRERULES_POLICIES"


def load_policies(
    source: str | Path | None = None,
    *,
    data: Mapping[str, Any] | str | Path | None = None,
    plugins: pluggy.PluginManager | None = None,
) -> Plan:
    """The plan of an installed policy set's name, or of a folder of documents.

    Without a source: the set that CADRERULES_POLICIES names, else the only installed one that knows
    every table in `data`. Raises `UsageError` for a name nobody knows, or where several sets would
    do, and `PolicyError` for documents that don't check.
    """
    manager = plugins or installed_plugins()
    sources = policy_sources(manager)
    tables = {known: tuple(source.tables) for known, source in sources.items()}
    name = str(source or os.environ.get(ENVIRONMENT) or _suitable(sources, data))
    if name in sources:
        return Plan(read_installed(name, sources[name].folder, tables), manager)
    if Path(name).is_dir():
        return Plan(read_policy_set(Path(name), (), partial(tables_among, tables)), manager)
    raise UsageError(Problem("CR-UNKNOWN-SET", values={"name": name, "known": ", ".join(sources) or "-"}))


def read_tables(
    source: Mapping[str, Any] | str | Path,
    plan: Plan | str | Path | None = None,
    *,
    extra_columns: Literal["error", "ignore", "keep"] = "error",
    group_by: str = "",
) -> FactTables:
    """Validated tables of facts from a folder, workbook, JSON or YAML file, or a mapping of rows, models or frames.

    `plan` is the plan (or its name) whose tables they are; without one, the only installed policy
    set that knows them all. `group_by` names a further column, such as `bureau`, that every table has
    and no cell of which is empty: rows of different organisations have nothing to do with each other,
    also where their ids are the same. Raises `DataError` with every row that is refused, and why,
    and `UsageError` for a grouping column that is one of the tables' own.
    """
    from .load.tables import read_tables as read

    chosen = plan if isinstance(plan, Plan) else load_policies(plan, data=source)
    return read(source, list(chosen.models.values()), extra_columns=extra_columns, group_by=group_by)


def scan_tables(
    source: Any,
    plan: Plan | str | Path | None = None,
    *,
    extra_columns: Literal["error", "ignore", "keep"] = "error",
    group_by: str = "",
    session: SparkSession | None = None,
) -> ColumnarTables:
    """Validated tables that stay in columns, for millions of rows: nothing passes through Python rows.

    `source` is a folder of Parquet files (`NAME.parquet`, or a folder `NAME` of them), a mapping of table
    names to frames of polars (lazy ones stay so), pandas, pyarrow or DuckDB, or a DuckDB connection. Checks
    are those of `read_tables`, and so are `plan`, `group_by` and what is raised; further columns are never kept. Needs the extra `frames`.

    Frames of Spark stay in Spark, and so does a folder with a `session`, which may lie wherever Spark reads
    (`hdfs://..`, `s3a://..`). There periods, days and numbers must be written in the one plain form.
    """
    from .load.files import needing
    from .populations.spark_tables import is_spark_frame

    chosen = plan if isinstance(plan, Plan) else load_policies(plan)
    models = list(chosen.models.values())
    if session is not None or (isinstance(source, Mapping) and any(map(is_spark_frame, source.values()))):
        with needing("pyspark", "spark"):
            from .populations.spark_scan import scan_spark

        return scan_spark(source, models, extra_columns=extra_columns, group_by=group_by, session=session)
    with needing("polars", "frames"):
        from .populations.scan import scan_tables as scan

    return scan(source, models, extra_columns=extra_columns, group_by=group_by)


def _suitable(sources: Mapping[str, PolicySource], data: Mapping[str, Any] | str | Path | None) -> str:
    """The only set there is, or the only one that knows every table in the data."""
    if len(sources) == 1:
        return next(iter(sources))
    fitting = list(sources)
    if data is not None:
        from .load.tables import offered_tables

        fitting = [name for name, source in sources.items() if offered_tables(data, source.tables)]
    if len(fitting) == 1:
        return fitting[0]
    raise UsageError(Problem("CR-WHICH-SET", values={"known": ", ".join(fitting or sources) or "-"}))
