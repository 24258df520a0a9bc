r"""A job for `spark-submit`: evaluates a folder of Parquet that lies wherever Spark reads, and writes Parquet there.

    spark-submit --master yarn $(python -c "import cadrerules.spark_job as job; print(job.__file__)") \
        hdfs:///bureaus/2024 --policies market-supervision --group-by bureau --as-of 2025-01-15 --out hdfs:///out/2024

`OUT/findings` and `OUT/decisions` are folders of Parquet files in the columns of `Result.to_frame`; with a grouping
column the rows of one organisation lie together in one file, in order. Neither may be there yet. A folder is whole
once `_SUCCESS` stands in it. Errors and exit status are those of `cadrerules evaluate`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if __name__ == "__main__" and Path(sys.path[0]).resolve() == Path(__file__).resolve().parent:
    del sys.path[0]  # a script's own folder comes first there, and this one's modules would hide others

from cadrerules.cli import options, run
from cadrerules.cli.evaluate import tell
from cadrerules.cli.output import say
from cadrerules.cli.words import word
from cadrerules.errors import Problem, UsageError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OUTPUTS = ("findings", "decisions")

Data = Annotated[str, typer.Argument(help="A folder of Parquet files, anywhere Spark reads.", metavar="DATA")]
Out = Annotated[str, typer.Option(help="Write below this folder, anywhere Spark writes.", metavar="FOLDER")]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)


@app.command()
def evaluate(
    data: Data,
    out: Out,
    policies: options.Policies = "",
    policy: options.Policy = None,
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    lang: options.Language = "",
    extra_columns: options.Extra = "error",
    group_by: options.GroupBy = "",
) -> None:
    """Decide every question about every subject in DATA, on Spark."""
    from cadrerules.engines.spark import write_rows
    from cadrerules.reading import scan_tables

    language = options.language(lang)
    plan, day = options.plan_for(policies, None, settings, readings), options.day(as_of)
    extra = options.extras(extra_columns)
    session = options.spark_session()
    folders = {name: f"{out.rstrip('/')}/{name}" for name in OUTPUTS}
    _check_free(folders, session)
    tables = scan_tables(data, plan, extra_columns=extra, group_by=group_by, session=session)
    result = plan.evaluate(tables, as_of=day, policies=policy or None, engine="spark")
    tell(result, language)
    for name, folder in folders.items():
        count = write_rows(result.to_frame(name, "spark"), folder, group_by)
        say(f"{word('written', language, folder)} ({count:,})")


def _check_free(folders: dict[str, str], session: SparkSession) -> None:
    """Refuse to write where something is already, before any work."""
    from cadrerules.populations.spark_tables import file_system

    for folder in folders.values():
        system, path = file_system(folder, session)
        if system.exists(path):
            raise UsageError(Problem("CR-CANT-WRITE", values={"file": path.getName(), "reason": "File exists"}))


if __name__ == "__main__":
    run(app, "spark_job.py")
