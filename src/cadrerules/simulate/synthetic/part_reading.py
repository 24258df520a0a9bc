"""Reads one part of a population's table: which rows it has, and what each of their columns is drawn from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl
from pydantic_core import PydanticCustomError

from ...engines.columnar.rows import plain_cell
from ...engines.columnar.tables import KIND
from ...engines.polars import DTYPES
from ...errors import PolicyError, Problem
from ...language import types
from ...language.check import check_condition
from ...language.evaluate import lay_out
from ...language.periods import Period, parse_period
from ...language.scope import Grain, Scope
from ...language.source import nearest
from ...load.policies import locator
from ...load.yaml import Located, Path_
from ...model.cells import read_cell
from ...model.facts import UNKNOWN, Column, ColumnSpec, Table
from ...model.texts import Texts
from ...populations.conditions import surely
from ..distribution import Distribution
from ..distribution_documents import KINDS, NUMERIC, DistributionDoc
from ..distributions import bound
from .documents import ColumnDoc, PartDoc, PopulationDoc
from .population import Case, Drawn, Part, Pick

Specs = Mapping[str, ColumnSpec]
_MOST_PERIODS: Final = 10_000
_MOST_YEARS: Final = 100
"""A day is drawn so long before or after another at most."""


@dataclass
class Reading:
    """A document as far as it is read: `read` are the tables so far, on which later ones may rest."""

    located: Located
    plan: Mapping[str, Table]
    doc: PopulationDoc
    problems: list[Problem]
    read: dict[str, Table] = field(default_factory=dict)

    def note(self, code: str, path: Path_, **values: object) -> None:
        """Note what is wrong at a place."""
        self.problems.append(Problem(code, self.located.key_place(path), values))

    def unknown(self, kind: str, name: str, known: Iterable[str], path: Path_) -> None:
        """Note a name that nothing has."""
        self.note("CR-UNKNOWN-NAME", path, kind=kind, name=name, nearest=nearest(name, known))


@dataclass
class PartReader:
    """Reads one part of a table: `specs` are the columns that its rows have so far, of which `kept` are its own."""

    at: Reading
    own: Table
    doc: PartDoc
    path: Path_
    shared: Path_
    specs: dict[str, ColumnSpec] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    named: set[str] = field(default_factory=set)

    def part(self, number: int) -> Part:
        """The part, ready to be drawn."""
        each = self.doc.each or ""
        parent = self._other(each, (*self.path, "each")) if each else {}
        self.specs.update(parent)
        where = self._condition(self.doc.where, self.specs, (*self.path, "where"), named=False)
        rows = self._rows()
        across = {name: self._across(name, values) for name, values in self.doc.across.items()}
        picks = [self._pick(n) for n in range(len(self.doc.pick))]
        columns = {name: self._stated(name, column) for name, column in self.doc.in_order.items()}
        wanted = {*self.own.columns, *self.named} if self.own.columns else {*parent}
        stated = {*across, *columns, *(name for pick in picks for name in pick.take)}
        carried = [name for name in parent if name in wanted and (name not in stated or name in self.named)]
        self.kept.update(stated, carried)
        for name in (name for name in carried if name not in stated):
            self._fits(name, parent[name], (*self.path, "each"))
        share = None if self.doc.share is None else float(self.doc.share)
        return Part(number, rows, each, where, carried, across, share, picks, columns)

    def _other(self, name: str, path: Path_) -> Mapping[str, ColumnSpec]:
        """The columns of a table that was read before."""
        if name not in self.at.read:
            self.at.note("CR-POPULATION-ORDER", path, name=name, nearest=nearest(name, self.at.read))
            return {}
        return self.at.read[name].columns

    def _rows(self) -> int | str | Distribution:
        rows, path = self.doc.rows, (*self.path, "rows")
        if isinstance(rows, str) and rows not in self.at.doc.sizes:
            self.at.unknown("size", rows, self.at.doc.sizes, path)
        if isinstance(rows, DistributionDoc):
            if rows.kind not in ("poisson", "binomial", "integers", "choice", "empirical"):
                self.at.note("CR-DISTRIBUTION-TYPE", path, name="rows", distribution=rows.kind, type="whole number")
            return self._bound(rows, _plain("rows", types.Number(low=0, high=1_000_000)), path)
        return 1 if rows is None else rows

    def _across(self, name: str, values: str | Sequence[str]) -> pl.Series:
        path = (*self.path, "across", name)
        raw = list(self._span(values, path)) if isinstance(values, str) else values
        of: types.Type = types.Period(raw[0].kind) if raw and isinstance(raw[0], Period) else types.TEXT
        spec = self.own.columns.get(name) or _plain(name, of)
        self.specs[name] = spec
        cells = [self._cell(value, spec, path) for value in raw]
        return pl.Series(name, [plain_cell(spec.type, cell) for cell in cells], DTYPES[KIND[type(spec.type)]])

    def _span(self, text: str, path: Path_) -> Iterator[Period]:
        """The periods from one to another."""
        first, last = (_period(word) for word in text.split(".."))
        if first is None or type(first) is not type(last) or last is None or not 0 <= last.ordinal - first.ordinal <= _MOST_PERIODS:
            self.at.note("CR-POPULATION-SPAN", path, value=text)
        else:
            yield from (first + steps for steps in range(last.ordinal - first.ordinal + 1))

    def _cell(self, value: object, spec: ColumnSpec, path: Path_) -> Any:
        try:
            return read_cell(value, spec)
        except PydanticCustomError as error:
            self.at.problems.append(Problem(error.type, self.at.located.place(path), error.context or {}))
            return None

    def _pick(self, number: int) -> Pick:
        doc, path = self.doc.pick[number], (*self.path, "pick", number)
        other = self._other(doc.table, (*path, "table"))
        where = self._condition(doc.where, other, (*path, "where"), named=False)
        for name, taken in doc.take.items():
            if other and taken not in other:
                self.at.unknown("column", taken, other, (*path, "take", name))
            elif other:
                self._fits(name, other[taken], (*path, "take", name))
        return Pick(doc.table, where, doc.take)

    def _fits(self, name: str, spec: ColumnSpec, path: Path_) -> None:
        """Let a column have what another one holds; note where it can't."""
        own = self.own.columns.get(name)
        if own and not _alike(own.type, spec.type):
            self.at.note("CR-POPULATION-TYPE", path, name=name, type=types.describe(own.type), given=types.describe(spec.type))
        self.specs[name] = own or _plain(name, spec.type)

    # --- columns ----------------------------------------------------------------------------------

    def _stated(self, name: str, doc: ColumnDoc | None) -> Drawn:
        """A column that the document states; where all parts share it, its place is the table's."""
        here = (*self.path, "columns", name)
        path = here if here == (*self.shared, "columns", name) or self._is_own(name) else (*self.shared, "columns", name)
        if doc is None:
            spec = self.own.columns.get(name) or _plain(name, types.TEXT)
            if spec.required:
                self.at.note("CR-DISTRIBUTION-HOLES", path, name=name)
            self.specs[name] = spec
            return Drawn(spec)
        drawn = self._drawn(name, doc, path)
        self.specs[name] = drawn.spec
        return drawn

    def _is_own(self, name: str) -> bool:
        data: Any = self.at.located.data
        for step in self.path:
            data = data[step]
        return name in data.get("columns", {})

    def _drawn(self, name: str, doc: ColumnDoc, path: Path_) -> Drawn:
        others = list(doc.others)
        for other in others:
            if other not in self.specs and doc.kind not in KINDS:
                self.at.unknown("column", other, self.specs, (*path, doc.kind))
        cases = [self._case(name, doc, n, path) for n in range(len(doc.cases or ()))]
        spec = self.own.columns.get(name) or _plain(name, self._guessed(doc, cases))
        self._check(spec, doc, path)
        distribution: Distribution | None = None
        if doc.kind in KINDS:
            distribution = self._bound(doc, spec, path)
        elif doc.after:
            name, most = ("days", 365 * _MOST_YEARS) if doc.after.days else ("months", 12 * _MOST_YEARS)
            whole = _plain(name, types.Number(low=-most, high=most))
            distribution = self._bound(doc.after.by, whole, (*path, "after", whole.name))
        conditions = {n for case in cases if case.when is not None for n in case.when.meta.root_names()}
        names = frozenset(others) | conditions
        self.named |= names
        return Drawn(spec, doc, distribution, cases, names)

    def _check(self, spec: ColumnSpec, doc: ColumnDoc, path: Path_) -> None:
        """Note a column that can't hold what is stated."""
        if doc.kind in KINDS:
            return
        if doc.holes and spec.required:
            self.at.note("CR-DISTRIBUTION-HOLES", (*path, "holes"), name=spec.name)
        given: types.Type | None = None
        if doc.id or doc.text:
            given = types.TEXT
        elif doc.of in self.specs:
            given = self.specs[doc.of].type
        elif doc.after:
            given = types.DATE
            if doc.after.day in self.specs and not isinstance(self.specs[doc.after.day].type, types.Date):
                self.at.note("CR-DISTRIBUTION-NAME", (*path, "after"), name=doc.after.day, distribution="after", type=types.describe(self.specs[doc.after.day].type))
        if given and not _alike(spec.type, given):
            self.at.note("CR-POPULATION-TYPE", (*path, doc.kind), name=spec.name, type=types.describe(spec.type), given=types.describe(given))

    def _case(self, name: str, doc: ColumnDoc, number: int, path: Path_) -> Case:
        assert doc.cases
        case, at = doc.cases[number], (*path, "cases", number)
        when = self._condition(case.when, self.specs, (*at, "when"))
        return Case(when, self._drawn(name, case.draw, (*at, "draw")))

    def _bound(self, doc: DistributionDoc, spec: ColumnSpec, path: Path_) -> Distribution:
        known = {name: other.type for name, other in self.specs.items()}
        if doc.observed:
            self.at.note("CR-NOTHING-OBSERVED", (*path, "observed"), name=spec.name)
        self.named.update(doc.number_names, doc.day_names)
        return bound(doc, spec, known, self.at.located, path, self.at.problems)

    def _guessed(self, doc: ColumnDoc, cases: list[Case]) -> types.Type:
        """What type a column of no plan has, told by what it is drawn from."""
        if doc.kind in ("poisson", "binomial", "integers"):
            return types.WHOLE
        if doc.kind in NUMERIC:
            return types.Number(6)
        if doc.bernoulli is not None:
            return types.TRUTH
        if doc.days or doc.after:
            return types.DATE
        if doc.periods:
            return types.Period(doc.periods[0].kind)
        if cases:
            return cases[0].draw.spec.type
        return self.specs[doc.of].type if doc.of in self.specs else types.TEXT

    def _condition(self, text: str | None, specs: Specs, path: Path_, *, named: bool = True) -> pl.Expr | None:
        """A condition on the cells of one row."""
        if text is None:
            return None
        source = locator(self.at.located)(path, text)
        try:
            node = check_condition(source, Scope(Grain({name: spec.type for name, spec in specs.items()}, ())))
            reads = {name for _, name in lay_out(node).reads}
        except PolicyError as error:
            self.at.problems.extend(error.problems)
            return None
        except TypeError:  # it asks for more than the row
            self.at.note("CR-POPULATION-CONDITION", path)
            return None
        self.named |= reads if named else set()
        return surely(Table("row", Texts(en="row", zh="行"), {name: specs[name] for name in reads}), node)


def _period(word: str) -> Period | None:
    try:
        return parse_period(word.strip())
    except ValueError:
        return None


def _plain(name: str, of: types.Type) -> ColumnSpec:
    """A column that no plan declares."""
    return ColumnSpec(name, of, Column(empty=UNKNOWN))


def _alike(a: types.Type, b: types.Type) -> bool:
    """Whether cells of both types are held alike."""
    words = (types.Text, types.Choice)
    if isinstance(a, words) or isinstance(b, words):
        return isinstance(a, words) and isinstance(b, words)
    if isinstance(a, types.Number) and isinstance(b, types.Number):
        return a.scale == b.scale
    return a == b
