"""A table as a frame gives it, in columns: headings and raw cells by position, whatever library the frame is of."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import polars as pl

from ..errors import Place
from ..load.files import refusing
from ..load.raw_tables import NumberedRow, RawTable
from ..model.facts import Table

ROW = "(row)"
"""The column of rows' numbers, from 1."""


@dataclass(frozen=True)
class RawFrame:
    """Headings and raw cells before anything is checked; the columns of the frame are named by `at` their position.

    Under the positions in `values` stand numbers of values: a column of Python's objects, which Polars can't hold.
    `fault` is the code of the error where reading it fails.
    """

    headings: Sequence[str]
    frame: pl.LazyFrame
    values: Mapping[int, Sequence[object]] = field(default_factory=dict)
    fault: str = "CR-BAD-FRAME"

    @property
    def numbered(self) -> pl.LazyFrame:
        """The same with the numbers of rows."""
        return self.frame.with_row_index(ROW, offset=1)

    def rows(self, numbers: Sequence[int]) -> list[NumberedRow]:
        """The rows of these numbers, as one that reads rows takes them."""
        chosen = self.numbered.filter(pl.col(ROW).is_in(numbers)).collect(engine="streaming")
        columns = [self._cells(position, chosen[at(position)]) for position in range(len(self.headings))]
        return list(zip(chosen[ROW].to_list(), zip(*columns, strict=True), strict=True))

    def whole(self, table: Table, place: Place) -> RawTable:
        """All of it as a raw table of rows."""
        frame = self.frame.collect(engine="streaming")
        columns = [self._cells(position, frame[at(position)]) for position in range(len(self.headings))]
        return RawTable(table, place, self.headings, enumerate(zip(*columns, strict=True), start=1))

    def _cells(self, position: int, column: pl.Series) -> Iterable[object]:
        known = self.values.get(position)
        cells = column.to_list()
        return cells if known is None else [None if cell is None else known[cell] for cell in cells]


def at(position: int) -> str:
    """The name of the column at a position."""
    return f"({position})"


def of_columns(headings: Sequence[str], columns: Sequence[pl.Series | Sequence[object]]) -> RawFrame:
    """The raw frame of columns, each a series of Polars or a list of any objects."""
    values: dict[int, Sequence[object]] = {}
    found: dict[str, pl.Series] = {}
    for position, cells in enumerate(columns):
        if isinstance(cells, pl.Series) and cells.dtype != pl.Object:
            found[at(position)] = cells
        else:
            found[at(position)], values[position] = _numbered(cells.to_list() if isinstance(cells, pl.Series) else cells)
    return RawFrame(headings, _worded(pl.LazyFrame(found)), values)


def _worded(frame: pl.LazyFrame) -> pl.LazyFrame:
    """The frame with categories as the texts that they are."""
    return frame.cast({name: pl.String for name, of in frame.collect_schema().items() if of in (pl.Categorical, pl.Enum)})


def _numbered(cells: Sequence[object]) -> tuple[pl.Series, list[object]]:
    """For each cell the number of its value, and the values; what can't be compared is a value of its own."""
    numbers: dict[object, int] = {}
    values: list[object] = []
    found: list[int | None] = []
    for cell in cells:
        try:
            key = (type(cell), hash(cell), cell)
        except TypeError:
            key = (type(cell), id(cell), None)
        if cell is not None and key not in numbers:
            numbers[key] = len(values)
            values.append(cell)
        found.append(None if cell is None else numbers[key])
    return pl.Series(found, dtype=pl.UInt32), values


# --- frames of each library ---------------------------------------------------------------------


def of_polars(frame: Any, fault: str = "CR-BAD-FRAME") -> RawFrame:
    """A frame of Polars; a lazy one stays so."""
    lazy: pl.LazyFrame = frame.lazy()
    schema = lazy.collect_schema()
    if any(dtype == pl.Object for dtype in schema.dtypes()) or not schema:
        eager = lazy.collect()
        return of_columns(schema.names(), eager.get_columns())
    renamed = lazy.select(pl.col(name).alias(at(position)) for position, name in enumerate(schema))
    return RawFrame(schema.names(), _worded(renamed), {}, fault)


def of_arrow(frame: Any) -> RawFrame:
    """A table or batch of pyarrow; a column that Polars can't take is read as Python's objects."""
    return of_columns(list(frame.schema.names), [_from_arrow(column) for column in frame.columns])


def _from_arrow(column: Any) -> pl.Series | list[object]:
    if _is_strange(column.type):
        return column.to_pylist()  # type: ignore[no-any-return]
    try:
        return pl.Series(pl.from_arrow(column))
    except pl.exceptions.PolarsError:  # a type it has none for; each value is then read, or refused, as a row's cell is
        return column.to_pylist()  # type: ignore[no-any-return]


def _is_strange(of: Any) -> bool:
    """Whether Polars holds columns of this type of Arrow's not at all, or in another meaning."""
    from pyarrow import BaseExtensionType, types

    if types.is_dictionary(of):
        return not types.is_string(of.value_type)
    return isinstance(of, BaseExtensionType) or types.is_nested(of) or types.is_decimal256(of)


def of_pandas(frame: Any) -> RawFrame:
    """A frame of pandas; NaN is an empty cell."""
    columns = [_from_pandas(frame.iloc[:, position]) for position in range(frame.shape[1])]  # a label may stand twice
    return of_columns([str(label) for label in frame.columns], columns)


_PLAIN: Final = frozenset("biufM")
"""The kinds of NumPy's types that are the same in Polars: truths, numbers and days."""


def _from_pandas(column: Any) -> pl.Series | list[object]:
    from pandas.api.types import infer_dtype

    kind = getattr(column.dtype, "kind", "O")
    texts = kind in "OU" and infer_dtype(column, skipna=True) in ("string", "empty")
    if kind not in _PLAIN and not texts:
        pairs = zip(column.tolist(), column.isna().tolist(), strict=True)
        return [None if missing else cell for cell, missing in pairs]
    if texts:
        return pl.Series(column.astype(object).where(column.notna(), None).tolist(), dtype=pl.String)
    return pl.Series(pl.from_pandas(column.reset_index(drop=True), nan_to_null=True))


def of_duckdb(relation: Any) -> RawFrame:
    """A relation of DuckDB, which is run."""
    return of_arrow(relation.to_arrow_table())


def of_rows(raw: RawTable) -> RawFrame:
    """Rows given one by one."""
    cells = [row for _, row in raw.rows]
    columns: list[Any] = [[row[position] for row in cells] for position in range(len(raw.headings))]
    return of_columns(raw.headings, columns)


_MAKERS: Final[Mapping[str, Callable[[Any], RawFrame]]] = {
    "polars": of_polars,
    "pandas": of_pandas,
    "pyarrow": of_arrow,
    "duckdb": of_duckdb,
}


def raw_frame(frame: Any, place: Place, kind: str) -> RawFrame:
    """A frame of one of the libraries (see `frames.frame_kind`), in columns."""
    with refusing("CR-BAD-FRAME", place):
        return _MAKERS[kind](frame)
