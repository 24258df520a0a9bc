"""Reads tables of facts: each validated, checked against each other, all that is wrong in one report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol, TypeVar

from ..errors import DataError, Place, Problem, UsageError
from ..language.source import nearest
from ..language.types import TEXT
from ..model.cells import shortened
from ..model.facts import Column, ColumnSpec, Facts, FactTables, Table
from ..model.mentions import person_names
from ..model.remedies import Disputes
from ..model.result import FIELDS
from .disputes import settle_disputes
from .frames import kind_given
from .headings import ExtraColumns, column_names
from .names import normal, table_names
from .problems import Problems
from .references import check_keys, check_references
from .rows import ReadTable, read_rows
from .sources import Offer, Source, offers


def read_tables(
    source: Source,
    tables: Sequence[type[Facts]],
    *,
    extra_columns: ExtraColumns = "error",
    group_by: str = "",
) -> FactTables:
    """The tables that a source holds, validated.

    `source` is a folder of `NAME.csv`, `.jsonl` or `.parquet` files, an `.xlsx` workbook with a sheet per
    table, a `.json` or `.yaml` object of lists, or a mapping of table names to rows: dicts, models, or a
    polars, pandas or pyarrow frame. `tables` are the models of the tables that may be there. Further
    columns are an error, are ignored, or are kept as text; `group_by` names one that every table has
    and whose values keep organisations apart. A table that isn't there is not in the result.

    Raises `DataError` with everything that is wrong in all of them, and `UsageError` for a source that
    isn't there or can't be one, and for a grouping column that means something else already.
    """
    group_by = group_by.strip()
    specs = {model.spec.name: grouped(model.spec, group_by) for model in tables}
    problems = Problems()
    reads = _read_all(offers(source, problems), specs, extra_columns, problems)
    if not reads and not problems.kept:
        problems.add("CR-NO-TABLE", Place(file=_origin(source)), tables=", ".join(specs))
    _check(reads, specs, group_by, problems)
    if problems.kept:
        problems.hide(person_names((read.table, read.rows) for read in reads.values()))
    problems.raise_any()
    rows = {name: tuple(read.rows) for name, read in reads.items()}
    specs = {model.spec.name: model.spec for model in tables}
    return FactTables(specs, rows, _origin(source), group=group_by, kind=kind_given(source))


def offered_tables(source: Source, tables: Sequence[type[Facts]]) -> bool:
    """Whether every table that a source offers is one of these."""
    names = table_names(model.spec for model in tables)
    return all(normal(offer.name) in names for offer in offers(source, Problems()) if not offer.aside)


def _origin(source: Source) -> str:
    return "" if isinstance(source, Mapping) else Path(source).name


def grouped(table: Table, group: str) -> Table:
    """The table with the grouping column as the first of its key."""
    if not group:
        return table
    if normal(group) in column_names(table):
        raise UsageError(Problem("CR-GROUP-IS-COLUMN", values={"name": shortened(group), "table": table.name}))
    if group in FIELDS:
        raise UsageError(Problem("CR-GROUP-IS-COLUMN", values={"name": group, "table": "decisions"}))
    columns = {group: ColumnSpec(group, TEXT, Column(key=True)), **table.columns}
    return replace(table, columns=columns, group=group)


def _read_all(
    found: Iterable[Offer], specs: Mapping[str, Table], extra: ExtraColumns, problems: Problems
) -> dict[str, ReadTable]:
    return {
        name: _read(offer, specs[name], extra, problems) for name, offer in wanted(found, specs, problems)
    }


class Offering(Protocol):
    """What may be a table, as an `Offer` is."""

    @property
    def name(self) -> str:
        """Its name as written."""

    @property
    def place(self) -> Place:
        """Where it is."""

    @property
    def aside(self) -> bool:
        """Whether it may be none."""

    @property
    def label(self) -> str:
        """Its name for an error that compares two of them."""


AnyOffer = TypeVar("AnyOffer", bound=Offering)


def wanted(
    found: Iterable[AnyOffer], specs: Mapping[str, Table], problems: Problems
) -> Iterator[tuple[str, AnyOffer]]:
    """Each table that is offered and known, once; the others are noted."""
    names = table_names(specs.values())
    first: dict[str, AnyOffer] = {}
    for offer in found:
        problems.expect(offer.place)
        name = names.get(normal(offer.name))
        if name is None and not offer.aside:
            values = {"name": shortened(offer.name), "nearest": nearest(offer.name, specs)}
            problems.add("CR-NO-SUCH-TABLE", offer.place, **values)
        elif name in first:
            twice = {"table": name, "first": first[name].label, "second": offer.label}
            problems.add("CR-TABLE-TWICE", offer.place, **twice)
        elif name is not None:
            first[name] = offer
            yield name, offer


def _read(offer: Offer, table: Table, extra: ExtraColumns, problems: Problems) -> ReadTable:
    try:
        return read_rows(offer.read(table), extra, problems)
    except DataError as error:
        problems.absorb(error)
        return ReadTable(table, offer.place, whole=False)


def _check(reads: dict[str, ReadTable], specs: Mapping[str, Table], group: str, problems: Problems) -> None:
    """What no single row shows: keys, references and disputes."""
    disputes = reads.get(Disputes.spec.name)
    if disputes is not None:
        settle_disputes(disputes, specs, reads, group, problems)
    for read in reads.values():
        check_keys(read, problems)
    check_references(reads, group, problems)
