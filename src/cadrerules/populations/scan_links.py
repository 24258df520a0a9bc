"""How rows of tables in columns hang together: keys, references, disputes, and the names that errors must not quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from ..engines.columnar.expressions import Col
from ..engines.columnar.tables import KIND, written_key
from ..engines.polars import expression
from ..errors import Problem
from ..load.disputes import readings
from ..load.problems import Problems
from ..load.references import check_column, check_keys
from ..load.rows import REFUSED_CELL, ReadTable
from ..model.facts import Table
from ..model.mentions import person_names, texts_within
from .raw_frames import ROW
from .scan_checks import MOST_SHOWN, ScannedTable

_NAMES = "(names)"


def check_own_keys(table: ScannedTable, problems: Problems) -> None:
    """Note each row whose key another before it has; a table in the order of its keys needs no look."""
    key = list(table.spec.key)
    if not key or _ordered(table):
        return
    rows = table.marked.filter(~table.any_bad(*key)).select(ROW, *key)
    counts = rows.select(pl.len().alias("all"), pl.struct(key).hash().n_unique().alias("different"))
    if len(set(counts.collect(engine="streaming").row(0))) == 1:  # as many hashes as rows: no two keys are the same
        return
    twice = rows.group_by(key).len().filter(pl.col("len") > 1).select(key)
    among = rows.join(twice, on=key, how="semi", nulls_equal=True).collect(engine="streaming").sort(ROW)
    later = among.filter(~pl.struct(key).is_first_distinct())
    if later.height:
        named = among.join(later.head(MOST_SHOWN), on=key, how="semi", nulls_equal=True)
        numbers = [n for n in named[ROW].to_list() if n <= later.head(MOST_SHOWN)[ROW].max()]
        check_keys(table.read(numbers, Problems()), problems)
        problems.more += len(later[MOST_SHOWN:])


def _ordered(table: ScannedTable) -> bool:
    """Whether each key is greater than that before it."""
    after: pl.Expr = pl.lit(value=False)
    for name in reversed(table.spec.key):
        cell, before = pl.col(name), pl.col(name).shift(1)
        after = (cell > before).fill_null(value=False) | ((cell == before).fill_null(value=False) & after)
    keys = table.marked.select(table.spec.key).select((~after).sum())  # alone, for next to others it would hold all rows
    return not table.bad.intersection(table.spec.key) and keys.collect(engine="streaming").item() <= 1


def check_all_references(found: Mapping[str, ScannedTable], group: str, problems: Problems) -> None:
    """Note each cell that names a row which the table it refers to lacks; absent tables aren't asked."""
    for table in found.values():
        for name, column in table.spec.columns.items():
            other, _, target = column.about.references.partition(".")
            if other in found and target not in found[other].bad:
                _check_references(table, name, (found[other], target, group), problems)


def _check_references(table: ScannedTable, name: str, target: tuple[ScannedTable, str, str], problems: Problems) -> None:
    other, column, group = target
    by = [*([group] if group else []), _NAMES]
    mine = table.marked.filter(~table.any_bad(name, *by)).with_columns(pl.col(name).alias(_NAMES)).select(ROW, *by)
    theirs = other.marked.with_columns(pl.col(column).alias(_NAMES)).select(by).unique()
    named = mine.drop_nulls(_NAMES)
    missing = named.select(by).unique().join(theirs, on=by, how="anti").collect(engine="streaming")
    if missing.height:
        rows = named.join(missing.lazy(), on=by, how="semi").select(ROW).collect(engine="streaming")
        numbers = rows.to_series().sort().to_list()
        read = table.read(numbers[:MOST_SHOWN], Problems())
        check_column(read, name, set(), (other.spec.name, column, group), problems)
        problems.more += len(numbers[MOST_SHOWN:])


def disputed_rows(table: ScannedTable, disputes: ReadTable, group: str) -> ReadTable:
    """The rows whose key a dispute may name."""
    key = [name for name in table.spec.key if name != group]
    written = [row["key"] for row in disputes.rows if row["key"] is not REFUSED_CELL]
    texts = {text for one in written for text in readings(table.spec, key, one)}
    mine = expression(written_key([Col(name, KIND[type(table.spec.columns[name].type)]) for name in key], table.spec))
    named = table.marked.filter(~table.any_bad(*key) & mine.is_in(list(texts))) if key else table.marked.head(1)
    return table.read(named.select(ROW).collect(engine="streaming").to_series().to_list(), Problems())


def quoted_names(tables: Sequence[ScannedTable], problems: Sequence[Problem]) -> Mapping[str, str]:
    """The names of persons in the tables that the problems quote, each with what is shown instead."""
    parts = pl.LazyFrame({_NAMES: texts_within(problems)}, {_NAMES: pl.String})
    found: list[tuple[Table, list[dict[str, str]]]] = []
    for table in tables:
        for name in table.spec.personal("name"):
            names = table.marked.select(pl.col(name).alias(_NAMES)).join(parts, on=_NAMES, how="semi").unique()
            rows = [{name: text} for text in names.collect(engine="streaming").to_series()]
            found.append((_only(table.spec, name), rows))
    return person_names(found)


def _only(table: Table, name: str) -> Table:
    return replace(table, columns={name: table.columns[name]})
