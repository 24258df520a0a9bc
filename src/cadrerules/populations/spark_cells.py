"""How one column of a Spark frame becomes a column of typed cells, in Spark: what it holds, and whether it can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import chain
from math import inf
from operator import and_
from typing import Final

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - as everybody calls it
from pyspark.sql import types as st

from ..language import types
from ..language.periods import FIRST_YEAR, LAST_YEAR, PeriodKind
from ..model.cells import MAX_CHARACTERS, MAX_DIGITS, MAX_ID_DIGITS, TRUTHS
from ..model.facts import ColumnSpec

_SPACE = r"[\s\x1c-\x1f\x85\p{Z}]"
_ODD_TEXT = r"\x00|^[0-9](\.[0-9]+)?[eE]\+[0-9]+$"
"""A text that may stand in no cell, or a number that a spreadsheet cut short."""
_NUMERAL = r"^[+-]?[0-9]{1,18}(\.[0-9]{1,18})?$"
_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_TOLERANCE = 1e-9
_YEAR = r"(19[0-9]{2}|2[01][0-9]{2}|2200)"
PERIODS: Final[Mapping[PeriodKind, str]] = {
    "year": _YEAR,
    "quarter": f"{_YEAR}Q[1-4]",
    "month": f"{_YEAR}-(0[1-9]|1[0-2])",
    "week": f"{_YEAR}-W(0[1-9]|[1-4][0-9]|5[0-3])",
}
"""How the periods of a kind are written."""
SPARK_TYPES: Final[Mapping[type, st.DataType]] = {
    types.Truth: st.BooleanType(),
    types.Number: st.DoubleType(),
    types.Text: st.StringType(),
    types.Choice: st.StringType(),
    types.Date: st.DateType(),
    types.Period: st.StringType(),
}
"""The type of the typed cells of a column, but for numbers that are whole or decimals: those stay so."""


@dataclass(frozen=True)
class TypedColumn:
    """A column of a raw frame that `read_columns` has been through: its typed cells, and whether each can be read."""

    spec: ColumnSpec
    heading: str
    of: st.DataType

    @property
    def cells(self) -> Column:
        """The typed cells, null where one is empty or can't be read."""
        return F.when(self._col("good"), self._col("cell"))

    @property
    def refused(self) -> Column:
        """The column's name where the cell is refused, also for being empty; else null."""
        bad = ~self._col("good") if self.spec.required else ~self._col("good") & self._col("bare").isNotNull()
        return F.when(bad, F.lit(self.spec.name))

    def _name(self, of: str) -> str:
        return f"({of}) {self.spec.name}"

    def _col(self, of: str) -> Column:
        return F.col(quoted(self._name(of)))

    @property
    def bare(self) -> Column:
        """The cells, texts without space around them."""
        raw = F.col(quoted(self.heading))
        return (_trimmed(raw) if isinstance(self.of, st.StringType) else raw).alias(self._name("bare"))

    @property
    def read(self) -> tuple[Column, Column]:
        """Whether a cell can be read, and what it then is, from the bare cells."""
        good, cells = _read(self.spec, self._col("bare"), self.of)
        return F.coalesce(good, F.lit(False)).alias(self._name("good")), cells.alias(self._name("cell"))


def quoted(name: str) -> str:
    """The name of a column as Spark takes it, whatever stands in it."""
    return f"`{name.replace('`', '``')}`"


def read_columns(frame: DataFrame, columns: Iterable[TypedColumn]) -> DataFrame:
    """The frame with what `TypedColumn` looks at, step by step, so that Spark computes each step once."""
    columns = tuple(columns)
    bare = frame.select("*", *(column.bare for column in columns))
    return bare.select("*", *(one for column in columns for one in column.read))


def absent_column(spec: ColumnSpec) -> Column:
    """The cells of a column that is left out."""
    return F.lit(None).cast(SPARK_TYPES[type(spec.type)])


def _trimmed(raw: Column) -> Column:
    """The text without space around it; null for nothing else."""
    bare = F.regexp_replace(raw, f"^{_SPACE}+|{_SPACE}+$", "")
    return F.when(bare != "", bare)


Reading = tuple[Column, Column]
"""Whether a cell can be read, and what it then is."""


def _read(spec: ColumnSpec, raw: Column, of: st.DataType) -> Reading:
    match spec.type:
        case types.Text():
            return _text(raw, of)
        case types.Choice():
            return _word(raw, of, spec.choices)
        case types.Truth():
            return _truth(raw, of)
        case types.Date():
            return _day(raw, of, spec)
        case types.Period(kind=kind):
            return _period(raw, of, kind)
        case types.Number():
            return _number(raw, of, spec.type)


def _unreadable(spec: type) -> Reading:
    return F.lit(False), F.lit(None).cast(SPARK_TYPES[spec])


def _text(raw: Column, of: st.DataType) -> Reading:
    if isinstance(of, st.StringType):
        return ~raw.rlike(_ODD_TEXT) & (F.length(raw) <= MAX_CHARACTERS), raw
    if isinstance(of, st.IntegralType):
        most = 10**MAX_ID_DIGITS
        return (raw > -most) & (raw < most), raw.cast("string")
    return _unreadable(types.Text)


def _word(raw: Column, of: st.DataType, words: Mapping[str, str]) -> Reading:
    if not isinstance(of, st.StringType):
        return _unreadable(types.Choice)
    found = F.element_at(F.create_map(*map(F.lit, chain.from_iterable(words.items()))), raw)
    return found.isNotNull(), found


def _truth(raw: Column, of: st.DataType) -> Reading:
    if isinstance(of, st.BooleanType):
        return raw.isNotNull(), raw
    if isinstance(of, st.StringType):
        words = F.create_map(*map(F.lit, chain.from_iterable(TRUTHS.items())))
        found = F.element_at(words, F.lower(raw))
        return found.isNotNull(), found
    if isinstance(of, st.IntegralType):
        return raw.isin(0, 1), raw == 1
    return _unreadable(types.Truth)


def _day(raw: Column, of: st.DataType, spec: ColumnSpec) -> Reading:
    """Days that a cell may name; the one that an empty cell stands for may be written out."""
    if isinstance(of, st.StringType):
        found = F.when(raw.rlike(_DAY), raw.try_cast("date"))
    elif isinstance(of, st.TimestampType | st.TimestampNTZType):
        found = F.when(F.date_trunc("day", raw) == raw, raw.cast("date"))
    elif isinstance(of, st.DateType):
        found = raw
    else:
        return _unreadable(types.Date)
    within = F.year(found).between(FIRST_YEAR, LAST_YEAR)
    return within | (found == F.lit(spec.empty.isoformat()).cast("date")) if isinstance(spec.empty, date) else within, found


def _period(raw: Column, of: st.DataType, kind: PeriodKind) -> Reading:
    if isinstance(of, st.StringType):
        written = "|".join(PERIODS.values()) if kind == "any" else PERIODS[kind]
        good = raw.rlike(f"^({written})$")
        return (good & _is_week(raw) if kind in ("week", "any") else good), raw
    if isinstance(of, st.IntegralType) and kind in ("year", "any"):
        return raw.between(FIRST_YEAR, LAST_YEAR), raw.cast("string")
    return _unreadable(types.Period)


def _is_week(name: Column) -> Column:
    """Whether a week that would be the 53rd is one, as in the years whose 28th of December is; true of other periods."""
    december = F.make_date(F.substring(name, 1, 4).try_cast("int"), F.lit(12), F.lit(28))
    return ~name.endswith("W53") | (F.weekofyear(december) == 53)


# --- numbers ------------------------------------------------------------------------------------


def _number(raw: Column, of: st.DataType, number: types.Number) -> Reading:
    """Numbers in their own unit: whole, decimals or doubles."""
    if isinstance(of, st.StringType):
        good, cells = _decimal(F.when(raw.rlike(_NUMERAL), raw.try_cast("decimal(36,18)")), number)
    elif isinstance(of, st.IntegralType):
        most = 10**MAX_DIGITS // 10**number.scale
        good, cells = (raw > -most) & (raw < most), raw
    elif isinstance(of, st.DecimalType):
        good, cells = _decimal(raw, number)
    elif isinstance(of, st.FractionalType):
        good, cells = _double(raw.cast("double"), number)
    else:
        return _unreadable(types.Number)
    return good & _within(cells, number), cells


def _decimal(raw: Column, number: types.Number) -> Reading:
    cells = F.round(raw, number.scale)
    return (cells == raw) & (F.abs(raw) < 10 ** (MAX_DIGITS - number.scale)), cells.try_cast(f"decimal(38,{number.scale})")


def _double(raw: Column, number: types.Number) -> Reading:
    """A double near enough to a multiple of the step is one."""
    step = float(10**number.scale)
    near = F.rint(raw * step)
    good = ~F.isnan(raw) & (F.abs(raw * step - near) <= _TOLERANCE * step) & (F.abs(near) < float(10**MAX_DIGITS))
    return good, near / step


def _within(cells: Column, number: types.Number) -> Column:
    step = 10**number.scale
    bounds = [cells * step >= int(number.low)] if number.low != -inf else []
    bounds += [cells * step <= int(number.high)] if number.high != inf else []
    return reduce(and_, bounds, F.lit(True))
