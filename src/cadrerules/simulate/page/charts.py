"""Charts of bars and lines, and how all charts look: plain Vega-Lite, drawn by whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from ...report.grid import width
from .colours import GAIN, GRID, INK, LOSS, SOFT
from .wrapping import wrapped

if TYPE_CHECKING:
    import altair as alt

Width = int | Literal["container"]

FONT = 'system-ui, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans", sans-serif'
_LABEL, _VALUE, _LINE, _BAR = 13, 13, 17, 12
_CHARACTER, _NARROW = 8, 320
"""How wide a character is, and a chart on a phone, in pixels."""
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


def data(rows: Sequence[Mapping[str, Any]]) -> Any:
    """Rows within a chart, as they are: an object of the library's own would be checked cell by cell."""
    return {"values": list(rows)}


def layer(*charts: alt.Chart) -> alt.LayerChart:
    """Charts over each other."""
    import altair as alt

    return alt.LayerChart(layer=charts)


def bars(rows: Sequence[Bar], wide: Width) -> alt.LayerChart:
    """Ranked bars, each under its label, so that long labels fit on a phone."""
    import altair as alt

    tallest = max(len(wrapped(row.label)) for row in rows)
    step = tallest * _LINE + _BAR + 16
    base = alt.Chart(data([_bar(i, row, tallest) for i, row in enumerate(rows)]), width=wide, height=step * len(rows))
    y = alt.Y("i:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0))
    room = max(width(row.printed) for row in rows) * _CHARACTER / _NARROW
    end = max(row.value for row in rows) / (1 - min(room, 0.6)) or 1
    scale = alt.Scale(domain=[0, end], nice=False)
    x, zero = alt.X("value:Q", axis=None, scale=scale), alt.X("zero:Q", axis=None, scale=scale)
    low = step / 2 - _BAR / 2 - 8
    bar = base.mark_bar(size=_BAR, yOffset=low, cornerRadiusEnd=2).encode(
        x=x, y=y, color=alt.Color("colour:N", scale=None), tooltip=told(label="label", printed="printed", detail="detail")
    )
    label = base.mark_text(align="left", baseline="top", dy=-step / 2 + 4, fontSize=_LABEL, lineHeight=_LINE, color=INK)
    value = base.mark_text(align="left", baseline="middle", dx=5, dy=low, fontSize=_VALUE, fontWeight="bold", color=INK)
    return layer(bar, label.encode(x=zero, y=y, text="lines:N"), value.encode(x=x, y=y, text="printed:N"))


def _bar(i: int, row: Bar, tallest: int) -> dict[str, Any]:
    label = wrapped(row.label)
    filled = [*[""] * (tallest - len(label)), *label]  # the last line stands on the bar
    return {
        "i": i, "zero": 0, "label": row.label, "lines": filled, "value": row.value, "printed": row.printed,
        "colour": row.colour, "detail": row.detail,
    }  # fmt: skip


def balance(rows: Sequence[Balance], titles: tuple[str, str], wide: Width) -> alt.LayerChart:
    """Bars to the left and right of a middle line, one pair for each row, under its label."""
    import altair as alt

    step = _LINE + _BAR + 16
    sides = [side for i, row in enumerate(rows) for side in _sides(i, row, titles)]
    base = alt.Chart(data(sides), width=wide, height=step * len(rows))
    most = max(abs(side["value"]) for side in sides) * 1.3 or 1
    scale = alt.Scale(domain=[-most, most], nice=False)
    x, zero = alt.X("value:Q", axis=None, scale=scale), alt.X("zero:Q", axis=None, scale=scale)
    base = base.encode(x=x, y=alt.Y("i:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)))
    low = step / 2 - _BAR / 2 - 8
    colour = alt.Color("side:N", scale=alt.Scale(domain=list(titles), range=[LOSS, GAIN]))
    bar = base.mark_bar(size=_BAR, yOffset=low).encode(color=colour, tooltip=told(label="label", side="side", printed="printed"))
    middle = base.mark_tick(orient="vertical", color=INK, thickness=1.4, size=_BAR + 8, yOffset=low).encode(x=zero)
    label = base.mark_text(align="center", baseline="top", dy=-step / 2 + 4, fontSize=_LABEL, color=INK).encode(x=zero, text="title:N")
    return layer(bar, middle, label, _ends(base, low, left=True), _ends(base, low, left=False))


def _ends(base: alt.Chart, low: float, *, left: bool) -> alt.Chart:
    """The numbers at the ends of the bars of one side."""
    outwards: dict[str, Any] = {"align": "right", "dx": -5} if left else {"align": "left", "dx": 5}
    text = base.mark_text(baseline="middle", dy=low, fontSize=_VALUE, fontWeight="bold", color=INK, **outwards)
    shown: alt.Chart = text.transform_filter("datum.left" if left else "!datum.left").encode(text="printed:N")
    return shown


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
    base = alt.Chart(data(held), width=wide, height=260)
    kind = "Q" if numeric else "O"
    top = max(n for curve in curves for n in curve.values) * 1.06 or 1  # room for the words at the present value
    scale = alt.Scale(zero=False, nice=False, padding=12) if numeric else alt.Scale()
    axis = alt.Axis(grid=False, labelOverlap=True, labelAngle=0, tickMinStep=1) if _whole(along) else alt.Axis(grid=False, labelOverlap=True)
    x = alt.X(f"x:{kind}", title=title, scale=scale, axis=axis, sort=None)
    y = alt.Y("n:Q", title=None, axis=alt.Axis(format=",d", tickMinStep=1), scale=alt.Scale(domain=[0, top], nice=False))
    colour = alt.Color("label:N", scale=alt.Scale(domain=names, range=[c.colour for c in curves]), sort=None)
    dash = alt.StrokeDash("label:N", scale=alt.Scale(domain=names, range=_DASHES[: len(names)]), sort=None)
    shape = alt.Shape("label:N", scale=alt.Scale(domain=names, range=_SHAPES[: len(names)]), sort=None)
    said = told(label="label", x="x", n="n")
    drawn: list[alt.Chart] = [base.mark_line(strokeWidth=2.2).encode(x=x, y=y, color=colour, strokeDash=dash, tooltip=said)]
    size = 55 if len(along) <= 40 else 8
    drawn.append(base.mark_point(size=size, filled=True, opacity=1).encode(x=x, y=y, color=colour, shape=shape, tooltip=said))
    if present is not None and present[0] in along:
        drawn = [*_marked(float(present[0]) if numeric else present[0], present[1], kind), *drawn]
    return layer(*drawn)


_DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [4, 4], [10, 4], [1, 3], [6, 2, 1, 2])
_SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
MOST_CURVES = len(_DASHES)
"""So many lines can be told apart."""


def _marked(at: float | str, words: str, kind: str) -> list[alt.Chart]:
    """A broken line at a value, with words above it."""
    import altair as alt

    held = alt.Chart(data([{"x": at, "words": words}])).encode(x=f"x:{kind}")
    rule = held.mark_rule(strokeDash=[3, 3], color=INK, strokeWidth=1.4)
    text = held.mark_text(baseline="bottom", dy=-3, fontSize=12, fontWeight="bold", color=INK)
    return [rule, text.encode(y=alt.value(0), text="words:N")]


def told(**fields: str) -> list[alt.Tooltip]:
    """What is told of a mark beneath the pointer."""
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
