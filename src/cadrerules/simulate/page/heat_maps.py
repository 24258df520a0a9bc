"""Heat maps: numbers over two axes, and boards of cells before and after; plain Vega-Lite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .charts import Width, data, layer, told
from .colours import INK, ink_on

if TYPE_CHECKING:
    import altair as alt

_MOST_PRINTED = 14
"""Up to so many columns, the cells of a heat map have their numbers printed."""
_LEVEL = 36
"""So many characters fit beside each other above a board on a phone."""
_MOST_ROWS, _LOW = 30, 150
"""Of more rows those of a heat map are thin, and of few it is so high."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a board: the colours of its halves, and what is printed on it and told of it."""

    row: str
    column: str
    old: str
    new: str
    printed: str
    told: str


def heat(
    cells: Sequence[tuple[str, str, int]], axes: tuple[str, str], colour: str, present: tuple[str, str] | None, wide: Width
) -> alt.LayerChart:
    """Numbers over two axes as a heat map; the present values, `(column, row)`, have a frame."""
    import altair as alt

    columns, rows = list(dict.fromkeys(x for x, *_ in cells)), list(dict.fromkeys(y for _, y, _ in cells))
    low, top = min(n for *_, n in cells), max(n for *_, n in cells)
    held = [
        {"x": x, "y": y, "n": n, "ink": ink_on(_mixed(colour, (n - low) / (top - low or 1))), "here": (x, y) == present}
        for x, y, n in cells
    ]
    height = max((26 if len(rows) <= _MOST_ROWS else 12) * len(rows), _LOW)
    base = alt.Chart(data(held), width=wide, height=height).encode(
        x=alt.X("x:O", title=axes[0], sort=columns, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("y:O", title=axes[1], sort=rows[::-1], axis=alt.Axis(labelOverlap=True)),
    )
    scale = alt.Scale(domain=[low, top], range=[_mixed(colour, 0), _mixed(colour, 1)])
    said = [alt.Tooltip("x:O", title=axes[0]), alt.Tooltip("y:O", title=axes[1]), alt.Tooltip("n:Q", title=" ")]
    shown = base.mark_rect().encode(color=alt.Color("n:Q", scale=scale, legend=None), tooltip=said)
    frames = [base.mark_rect(fill=None, stroke=stroke, strokeWidth=wide_).transform_filter("datum.here") for stroke, wide_ in (("#ffffff", 5), (INK, 2))]
    if len(columns) > _MOST_PRINTED or len(rows) > _MOST_ROWS:
        return layer(shown, *frames)
    printed = base.mark_text(fontSize=11).encode(text="n:Q", color=alt.Color("ink:N", scale=None))
    layered: alt.LayerChart = layer(shown, *frames, printed).resolve_scale(color="independent")
    return layered


def board(cells: Sequence[Cell], rows: Sequence[str], columns: Sequence[str], legend: Mapping[str, str], wide: Width) -> alt.LayerChart:
    """Cells by row and column, each of two halves; `legend` gives the colours by what is shown in them."""
    import altair as alt

    halves = [
        {"x": cell.column, "y": cell.row, "half": half, "shown": shown, "told": cell.told}
        for cell in cells
        for half, shown in (("old", cell.old), ("new", cell.new))
    ]
    x = alt.X("x:O", title=None, sort=list(columns), axis=alt.Axis(orient="top", labelAngle=0 if sum(map(len, columns)) <= _LEVEL else -60), scale=alt.Scale(paddingInner=0.06))
    y = alt.Y("y:O", title=None, sort=list(rows), scale=alt.Scale(paddingInner=0.1))
    colour = alt.Color("shown:N", scale=alt.Scale(domain=list(legend), range=list(legend.values())), sort=None)
    offset = alt.XOffset("half:N", sort=["old", "new"], scale=alt.Scale(paddingInner=0, paddingOuter=0))
    height = 25 * len(rows) + 10
    drawn = alt.Chart(data(halves), width=wide, height=height).mark_rect().encode(
        x=x, y=y, xOffset=offset, color=colour, tooltip=told(y="y", x="x", told="told")
    )
    layered: alt.LayerChart = layer(drawn, *_letters(cells, legend, x, y, offset)).resolve_scale(color="independent")
    return layered


def _letters(cells: Sequence[Cell], legend: Mapping[str, str], x: alt.X, y: alt.Y, offset: alt.XOffset) -> list[alt.Chart]:
    """What is printed: in the middle of a cell that stays, and on each half of one that doesn't."""
    import altair as alt

    split: list[dict[str, str]] = []
    whole: list[dict[str, str]] = []
    for cell in cells:
        old, _, new = cell.printed.partition("\n")
        place = {"x": cell.column, "y": cell.row}
        halves = [("old", cell.old, old), ("new", cell.new, new)]
        made = [{**place, "half": half, "text": text, "ink": ink_on(legend[shown])} for half, shown, text in halves]
        if new:
            split += made
        else:
            whole.append(made[0])
    look: dict[str, Any] = {"fontSize": 12, "fontWeight": "bold"}
    ink = alt.Color("ink:N", scale=None)
    on_halves = alt.Chart(data(split)).mark_text(**look).encode(x=x, y=y, xOffset=offset, text="text:N", color=ink)
    return [on_halves, alt.Chart(data(whole)).mark_text(**look).encode(x=x, y=y, text="text:N", color=ink)]


def _mixed(colour: str, share: float) -> str:
    """A colour over white; none at all is nearly white."""
    share = 0.06 + 0.94 * share
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)
