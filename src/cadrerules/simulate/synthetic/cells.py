"""Draws the cells of a part's columns, one column after the other, each from dice of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from ...engines.columnar.tables import KIND
from ...engines.polars import DTYPES
from ...model.facts import ColumnSpec, Table
from ..distribution import as_in_a_frame, holed
from ..rows import Rows
from .documents import PLACES
from .population import Case, Drawn

ORGANISATION: Final = "(organisation)"
"""The column with the place of a row's organisation among those drawn together."""
NUMBER: Final = "(number)"
"""The column with the row's number within its organisation, from 1."""
Dice = Callable[..., np.random.Generator]


def cells(drawn: Drawn, frame: pl.DataFrame, table: Table, dice: Dice) -> pl.Series:
    """The cells of a column for the rows of a frame, which holds the columns that they are made from."""
    doc, n, name = drawn.doc, frame.height, drawn.spec.name
    if doc is None:
        return pl.Series(name, [None], dtype=_dtype(drawn.spec)).new_from_index(0, n)
    if doc.id:
        made = _ids(doc.id, frame[NUMBER])
    elif doc.text:
        made = _text(doc.text, frame, table)
    elif doc.of:
        made = frame[doc.of]
    elif doc.after:
        made = _after(drawn, frame, table, dice)
    elif doc.cases:
        made = _by_case(drawn.cases, frame, table, dice, _dtype(drawn.spec))
    else:
        assert drawn.distribution
        return drawn.distribution.cells(n, dice(), _rows(drawn, frame, table)).alias(name)
    return holed(made.cast(_dtype(drawn.spec)).alias(name), doc, dice("holes"))


def _dtype(spec: ColumnSpec) -> pl.DataType:
    return DTYPES[KIND[type(spec.type)]]  # type: ignore[no-any-return]


def _rows(drawn: Drawn, frame: pl.DataFrame, table: Table) -> Rows | None:
    """The cells of the row that a distribution is made from."""
    names = sorted(drawn.distribution.names) if drawn.distribution else []
    return Rows(frame.select(names), {name: table.columns[name].type for name in names}) if names else None


def _ids(pattern: str, numbers: pl.Series) -> pl.Series:
    """The pattern with the row's number in the place of its signs."""
    before, _, after = pattern.partition("#" * pattern.count("#"))
    most = int(numbers.to_numpy().max(initial=0))
    words = pl.Series([f"{before}{n:0{pattern.count('#')}}{after}" for n in range(most + 1)], dtype=pl.String)
    return words.gather(numbers)


def _text(text: str, frame: pl.DataFrame, table: Table) -> pl.Series:
    """The text with other columns' cells, as they would be written, in their places."""
    words, names = PLACES.split(text)[::2], PLACES.findall(text)
    shown = [as_in_a_frame(frame[name], table.columns[name]).cast(pl.String).alias(name) for name in dict.fromkeys(names)]
    if not shown:
        return pl.Series([text]).new_from_index(0, frame.height)
    cells = [part for name, word in zip(names, words[1:], strict=True) for part in (pl.col(name), pl.lit(word))]
    return pl.DataFrame(shown).select(pl.concat_str(pl.lit(words[0]), *cells)).to_series()


def _after(drawn: Drawn, frame: pl.DataFrame, table: Table, dice: Dice) -> pl.Series:
    """So many days or months after the day in another column, clamped to the month's end."""
    assert drawn.doc
    assert drawn.doc.after
    assert drawn.distribution
    by = drawn.distribution.cells(frame.height, dice(), _rows(drawn, frame, table)).alias("by")
    pair = pl.DataFrame([frame[drawn.doc.after.day].alias("day"), by])
    later = pl.col("day") + pl.duration(days="by") if drawn.doc.after.days else pl.col("day").dt.offset_by(pl.format("{}mo", "by"))
    return pair.select(later).to_series()


def _by_case(cases: Sequence[Case], frame: pl.DataFrame, table: Table, dice: Dice, dtype: pl.DataType) -> pl.Series:
    """What each row's first fitting case draws; nothing where none fits."""
    which = pl.lit(len(cases))
    for number, case in reversed(list(enumerate(cases))):
        which = pl.lit(number) if case.when is None else pl.when(case.when).then(number).otherwise(which)
    at = frame.select(which.alias("case")).to_series().to_numpy() if frame.height else np.zeros(0, np.int64)
    at = np.broadcast_to(at, frame.height)
    pieces: list[tuple[NDArray[np.intp], pl.Series]] = []
    for number, case in enumerate(cases):
        rows = np.flatnonzero(at == number)
        needed = [*dict.fromkeys([NUMBER, *_needed(case.draw)])]
        drawn = cells(case.draw, frame.select(needed)[rows], table, lambda *names, number=number: dice("case", number, *names))
        pieces.append((rows, drawn.cast(dtype)))
    return _placed(pieces, frame.height, dtype)


def _needed(drawn: Drawn) -> list[str]:
    return sorted({*drawn.names, *(name for case in drawn.cases for name in _needed(case.draw))})


def _placed(pieces: Sequence[tuple[NDArray[np.intp], pl.Series]], n: int, dtype: pl.DataType) -> pl.Series:
    """The pieces put at their places, null elsewhere."""
    whole = pl.concat([*(piece.alias("piece") for _, piece in pieces), pl.Series("piece", [None], dtype=dtype)])
    places = np.full(n, len(whole) - 1, dtype=np.int64)
    start = 0
    for at, piece in pieces:
        places[at] = np.arange(start, start + len(piece))
        start += len(piece)
    return whole.gather(places)


