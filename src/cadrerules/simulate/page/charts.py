"""The kinds of charts there are: ranked bars, a balance, lines, heat maps; plain Vega-Lite, drawn by whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ...report.grid import width
from .colours import GAIN, GRID, INK, LOSS, SOFT, ink_on

if TYPE_CHECKING:
    import altair as alt

Width = int | Literal["container"]

FONT = 'system-ui, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", sans-serif'
SCHEME = "blues"
_LABEL, _VALUE, _LINE, _BAR = 13, 13, 17, 12
_CHARACTER, _NARROW = 8, 320
"""How wide a character is, and a chart on a phone, in pixels."""
_WRAP = 44
"""So many columns of text fit beside each other on a phone."""
_MOST_PRINTED = 14
"""Up to so many columns, the cells of a heat map have their numbers printed."""
_MOST_ROWS, _LOW = 30, 150
"""Of more rows those of a heat map are thin, and of few it is so high."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: what it is of, how long, its colour, and what is printed at its end."""

    label: str
    value: float
    printed: str
    colour: str = GAIN
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """What goes to either side of a middle line, and what is printed beside the label."""

    label: str
    left: int
    right: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """The values of a line, one for each place on the axis, with its colour."""

    label: str
    values: tuple[int, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a board: the colours of its halves, and what is printed on it and told of it."""

    row: str
    column: str
    old: str
    new: str
    printed: str
    told: str


def spec(chart: alt.LayerChart, description: str) -> dict[str, Any]:
    """A chart as Vega-Lite, with its description for those who can't see it."""
    import altair as alt


    with alt.data_transformers.enable("default", max_rows=None):
        made: dict[str, Any] = chart.properties(description=description).configure(**_LOOK).to_dict()
    return made


_LOOK: Mapping[str, Any] = {
    "font": FONT,
    "background": "#ffffff",
    "padding": 6,
    "view": {"stroke": None},
    "axis": {
        "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": 500, "labelColor": INK, "titleColor": SOFT,
        "gridColor": GRID, "domainColor": SOFT, "tickColor": SOFT, "labelLimit": 120,
    },
    "legend": {"labelFontSize": 12, "title": None, "orient": "top", "labelLimit": 260, "columns": 2, "symbolSize": 90},
    "text": {"font": FONT},
}  # fmt: skip


def bars(rows: Sequence[Bar], wide: Width) -> alt.LayerChart:
    """Ranked bars, each under its label, so that long labels fit on a phone."""
    import altair as alt

    tallest = max(len(wrapped(row.label)) for row in rows)
    step = tallest * _LINE + _BAR + 16
    base = alt.Chart(alt.Data(values=[_bar(i, row) for i, row in enumerate(rows)]), width=wide, height=step * len(rows))
    y = alt.Y("i:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    room = max(width(row.printed) for row in rows) * _CHARACTER / _NARROW
    end = max(row.value for row in rows) / (1 - min(room, 0.6)) or 1
    scale = alt.Scale(domain=[0, end], nice=False)
    x, zero = alt.X("value:Q", axis=None, scale=scale), alt.X("zero:Q", axis=None, scale=scale)
    low = step / 2 - _BAR / 2 - 8
    bar = base.mark_bar(size=_BAR, yOffset=low, cornerRadiusEnd=2).encode(
        x=x, y=y, color=alt.Color("colour:N", scale=None), tooltip=_told(label="label", printed="printed", detail="detail")
    )
    label = base.mark_text(align="left", baseline="top", dy=-step / 2 + 4, fontSize=_LABEL, lineHeight=_LINE, color=INK)
    value = base.mark_text(align="left", baseline="middle", dx=5, dy=low, fontSize=_VALUE, fontWeight="bold", color=INK)
    return alt.layer(bar, label.encode(x=zero, y=y, text="lines:N"), value.encode(x=x, y=y, text="printed:N"))


def _bar(i: int, row: Bar) -> dict[str, Any]:
    return {
        "i": i, "zero": 0, "label": row.label, "lines": wrapped(row.label), "value": row.value, "printed": row.printed,
        "colour": row.colour, "detail": row.detail,
    }  # fmt: skip


def balance(rows: Sequence[Balance], titles: tuple[str, str], wide: Width) -> alt.LayerChart:
    """Bars to the left and right of a middle line, one pair for each row, under its label."""
    import altair as alt

    step = _LINE + _BAR + 16
    sides = [side for i, row in enumerate(rows) for side in _sides(i, row, titles)]
    base = alt.Chart(alt.Data(values=sides), width=wide, height=step * len(rows))
    most = max(abs(side["value"]) for side in sides) * 1.3 or 1
    scale = alt.Scale(domain=[-most, most], nice=False)
    x, zero = alt.X("value:Q", axis=None, scale=scale), alt.X("zero:Q", axis=None, scale=scale)
    base = base.encode(x=x, y=alt.Y("i:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)))
    low = step / 2 - _BAR / 2 - 8
    colour = alt.Color("side:N", scale=alt.Scale(domain=list(titles), range=[LOSS, GAIN]))
    bar = base.mark_bar(size=_BAR, yOffset=low).encode(color=colour, tooltip=_told(label="label", side="side", printed="printed"))
    middle = base.mark_tick(orient="vertical", color=INK, thickness=1.4, size=_BAR + 8, yOffset=low).encode(x=zero)
    label = base.mark_text(align="center", baseline="top", dy=-step / 2 + 4, fontSize=_LABEL, color=INK).encode(x=zero, text="title:N")
    return alt.layer(bar, middle, label, _ends(base, low, left=True), _ends(base, low, left=False))


def _ends(base: alt.Chart, low: float, *, left: bool) -> alt.Chart:
    """The numbers at the ends of the bars of one side."""
    outwards: dict[str, Any] = {"align": "right", "dx": -5} if left else {"align": "left", "dx": 5}
    text = base.mark_text(baseline="middle", dy=low, fontSize=_VALUE, fontWeight="bold", color=INK, **outwards)
    return text.transform_filter("datum.left" if left else "!datum.left").encode(text="printed:N")


def _sides(i: int, row: Balance, titles: tuple[str, str]) -> list[dict[str, Any]]:
    named = {"i": i, "zero": 0, "label": row.label}
    return [
        {**named, "title": row.label + row.note, "left": True, "value": -row.left, "printed": f"{row.left:,}", "side": titles[0]},
        {**named, "title": "", "left": False, "value": row.right, "printed": f"{row.right:,}", "side": titles[1]},
    ]


def lines(curves: Sequence[Curve], along: Sequence[str], title: str, present: tuple[str, str] | None, wide: Width) -> alt.LayerChart:
    """Lines along an axis, each of its own dash and shape; `present` is a value to mark and the words for it."""
    import altair as alt

    numeric = all(map(_is_number, along))
    held = [
        {"x": float(at) if numeric else at, "label": curve.label, "n": n}
        for curve in curves
        for at, n in zip(along, curve.values, strict=True)
    ]
    names = [curve.label for curve in curves]
    base = alt.Chart(alt.Data(values=held), width=wide, height=260)
    kind = "Q" if numeric else "O"
    scale = alt.Scale(zero=False, nice=False, padding=12) if numeric else alt.Scale()
    axis = alt.Axis(grid=False, labelOverlap=True, labelAngle=0, tickMinStep=1) if _whole(along) else alt.Axis(grid=False, labelOverlap=True)
    x = alt.X(f"x:{kind}", title=title, scale=scale, axis=axis, sort=None)
    y = alt.Y("n:Q", title=None, axis=alt.Axis(format=",d", tickMinStep=1), scale=alt.Scale(domainMin=0))
    colour = alt.Color("label:N", scale=alt.Scale(domain=names, range=[c.colour for c in curves]), sort=None)
    dash = alt.StrokeDash("label:N", scale=alt.Scale(domain=names, range=_DASHES[: len(names)]), sort=None)
    shape = alt.Shape("label:N", scale=alt.Scale(domain=names, range=_SHAPES[: len(names)]), sort=None)
    told = _told(label="label", x="x", n="n")
    drawn = [base.mark_line(strokeWidth=2.2).encode(x=x, y=y, color=colour, strokeDash=dash, tooltip=told)]
    size = 55 if len(along) <= 40 else 8
    drawn.append(base.mark_point(size=size, filled=True, opacity=1).encode(x=x, y=y, color=colour, shape=shape, tooltip=told))
    if present is not None and present[0] in along:
        drawn = [*_marked(float(present[0]) if numeric else present[0], present[1], kind), *drawn]
    return alt.layer(*drawn)


_DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [10, 4], [1, 3], [6, 2, 1, 2])
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
MOST_CURVES = len(_DASHES)
"""So many lines can be told apart."""


def _marked(at: float | str, words: str, kind: str) -> list[alt.Chart]:
    """A broken line at a value, with words above it."""
    import altair as alt

    held = alt.Chart(alt.Data(values=[{"x": at, "words": words}])).encode(x=f"x:{kind}")
    rule = held.mark_rule(strokeDash=[3, 3], color=INK, strokeWidth=1.4)
    text = held.mark_text(baseline="bottom", dy=-3, fontSize=12, fontWeight="bold", color=INK)
    return [rule, text.encode(y=alt.value(0), text="words:N")]


def heat(
    cells: Sequence[tuple[str, str, int]], axes: tuple[str, str], colour: str, present: tuple[str, str] | None, wide: Width
) -> alt.LayerChart:
    """Numbers over two axes as a heat map; the present values, `(column, row)`, have a frame."""
    import altair as alt

    columns, rows = (list(dict.fromkeys(cell[i] for cell in cells)) for i in (0, 1))
    low, top = min(n for *_, n in cells), max(n for *_, n in cells)
    held = [
        {"x": x, "y": y, "n": n, "ink": ink_on(_mixed(colour, (n - low) / (top - low or 1))), "here": (x, y) == present}
        for x, y, n in cells
    ]
    height = max((26 if len(rows) <= _MOST_ROWS else 12) * len(rows), _LOW)
    base = alt.Chart(alt.Data(values=held), width=wide, height=height).encode(
        x=alt.X("x:O", title=axes[0], sort=columns, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
        y=alt.Y("y:O", title=axes[1], sort=rows[::-1], axis=alt.Axis(labelOverlap=True)),
    )
    scale = alt.Scale(domain=[low, top], range=[_mixed(colour, 0), _mixed(colour, 1)])
    told = [alt.Tooltip("x:O", title=axes[0]), alt.Tooltip("y:O", title=axes[1]), alt.Tooltip("n:Q", title=" ")]
    shown = base.mark_rect().encode(color=alt.Color("n:Q", scale=scale, legend=None), tooltip=told)
    frames = [base.mark_rect(fill=None, stroke=stroke, strokeWidth=wide_).transform_filter("datum.here") for stroke, wide_ in (("#ffffff", 5), (INK, 2))]
    if len(columns) > _MOST_PRINTED or len(rows) > _MOST_ROWS:
        return alt.layer(shown, *frames)
    printed = base.mark_text(fontSize=11).encode(text="n:Q", color=alt.Color("ink:N", scale=None))
    return alt.layer(shown, *frames, printed).resolve_scale(color="independent")


def board(cells: Sequence[Cell], rows: Sequence[str], columns: Sequence[str], legend: Mapping[str, str], wide: Width) -> alt.LayerChart:
    """Cells by row and column, each of two halves; `legend` gives the colours by what is shown in them."""
    import altair as alt

    halves = [
        {"x": cell.column, "y": cell.row, "half": half, "shown": shown, "told": cell.told}
        for cell in cells
        for half, shown in (("old", cell.old), ("new", cell.new))
    ]
    x = alt.X("x:O", title=None, sort=list(columns), axis=alt.Axis(orient="top", labelAngle=0 if len(columns) <= 8 else -60), scale=alt.Scale(paddingInner=0.06))
    y = alt.Y("y:O", title=None, sort=list(rows), scale=alt.Scale(paddingInner=0.1))
    colour = alt.Color("shown:N", scale=alt.Scale(domain=list(legend), range=list(legend.values())), sort=None)
    offset = alt.XOffset("half:N", sort=["old", "new"], scale=alt.Scale(paddingInner=0, paddingOuter=0))
    height = 25 * len(rows) + 10
    drawn = alt.Chart(alt.Data(values=halves), width=wide, height=height).mark_rect().encode(
        x=x, y=y, xOffset=offset, color=colour, tooltip=_told(y="y", x="x", told="told")
    )
    return alt.layer(drawn, *_letters(cells, legend, x, y, offset)).resolve_scale(color="independent")


def _letters(cells: Sequence[Cell], legend: Mapping[str, str], x: alt.X, y: alt.Y, offset: alt.XOffset) -> list[alt.Chart]:
    """What is printed: in the middle of a cell that stays, and on each half of one that doesn't."""
    import altair as alt

    split, whole = [], []
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
    on_halves = alt.Chart(alt.Data(values=split)).mark_text(**look).encode(x=x, y=y, xOffset=offset, text="text:N", color=ink)
    return [on_halves, alt.Chart(alt.Data(values=whole)).mark_text(**look).encode(x=x, y=y, text="text:N", color=ink)]


def wrapped(text: str, most: int = _WRAP) -> list[str]:
    """A text in lines of so many columns, broken between words, and between any Chinese characters."""
    made, line = [], ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > most:
            made, line = [*made, line.rstrip()], piece.lstrip()
        else:
            line += piece
    return [*made, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """What mustn't be broken."""
    pieces: list[str] = []
    for character in text:
        apart = not pieces or pieces[-1].endswith(" ") or width(character) == 2 or width(pieces[-1][-1]) == 2
        if apart:
            pieces.append(character)
        else:
            pieces[-1] += character
    return [part for piece in pieces for part in (piece[i : i + _WRAP] for i in range(0, len(piece), _WRAP))]


def _told(**fields: str) -> list[alt.Tooltip]:
    import altair as alt

    return [alt.Tooltip(field=field, title=" " * (1 + i)) for i, field in enumerate(fields.values())]


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _whole(along: Sequence[str]) -> bool:
    return all(_is_number(at) and float(at).is_integer() for at in along)


def _mixed(colour: str, share: float) -> str:
    """A colour over white; none at all is nearly white."""
    share = 0.06 + 0.94 * share
    parts = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)
