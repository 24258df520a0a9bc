"""A chart of ranges: for each count the span of all cases, that of most, their mean and where it is now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .charts import Width, data, layer, told
from .colours import INK
from .wrapping import wrapped

if TYPE_CHECKING:
    import altair as alt

_LINE, _LABEL, _THICK, _THIN = 17, 13, 12, 4


@dataclass(frozen=True, slots=True)
class Range:
    """All cases from `least` to `most`, most of them from `low` to `high`; `mean` and `now` where they are known."""

    label: str
    least: float
    most: float
    low: float
    high: float
    colour: str
    printed: str
    mean: float | None = None
    now: float | None = None


def ranges(rows: Sequence[Range], wide: Width) -> alt.LayerChart:
    """Ranges on one scale from zero, each under its label and what is printed of it; a tick at the mean, a ring at what is now."""
    import altair as alt

    lines = [[*wrapped(row.label), row.printed] for row in rows]
    tallest = max(map(len, lines))
    step = tallest * _LINE + _THICK + 20
    held = [
        {"i": i, "zero": 0, "label": row.label, "lines": [*[""] * (tallest - len(own)), *own], "least": row.least, "most": row.most,
         "low": row.low, "high": row.high, "colour": row.colour, "printed": row.printed, "mean": row.mean, "now": row.now}
        for i, (row, own) in enumerate(zip(rows, lines, strict=True))
    ]  # fmt: skip
    base = alt.Chart(data(held), width=wide, height=step * len(rows)).encode(
        y=alt.Y("i:O", axis=None, scale=alt.Scale(paddingInner=0, paddingOuter=0)), tooltip=told(label="label", printed="printed")
    )
    top = max(max(row.most, row.now or 0) for row in rows) or 1
    scale = alt.Scale(domain=[0, top], nice=True)
    below = step / 2 - _THICK / 2 - 8
    colour = alt.Color("colour:N", scale=None)
    label = base.mark_text(align="left", baseline="top", dy=-step / 2 + 4, fontSize=_LABEL, lineHeight=_LINE, color=INK)

    def at(field: str) -> alt.X:
        return alt.X(f"{field}:Q", title=None, scale=scale, axis=alt.Axis(format=",d", tickMinStep=1, grid=True))

    return layer(
        base.mark_bar(size=_THIN, yOffset=below, opacity=0.55).encode(x=at("least"), x2="most:Q", color=colour),
        base.mark_bar(size=_THICK, yOffset=below, opacity=0.85).encode(x=at("low"), x2="high:Q", color=colour),
        base.mark_tick(size=_THICK + 8, thickness=2.5, yOffset=below, color=INK).encode(x=at("mean")).transform_filter("datum.mean !== null"),
        base.mark_point(size=60, filled=True, fill="#ffffff", stroke=INK, strokeWidth=1.8, opacity=1, yOffset=below)
        .encode(x=at("now"))
        .transform_filter("datum.now !== null"),
        label.encode(x=at("zero"), text="lines:N"),
    )
