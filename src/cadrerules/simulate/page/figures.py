"""Charts of simulations: each with a name, a title, its numbers in words for those who can't see it, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...errors import Lang, Problem, UsageError
from ..ambiguities import Ambiguities
from ..comparison import Comparison
from ..sweep import Sweep
from ..uncertainty.draws import Uncertainty
from ..uncertainty.extremes import Bounds
from ..uncertainty.stability import Stability
from .charts import Width, spec

if TYPE_CHECKING:
    from altair import LayerChart

Simulation = Comparison | Sweep | Ambiguities | Uncertainty | Stability | Bounds
"""What can be shown."""

PICTURE = 680
"""How wide a picture is, in pixels."""


@dataclass(frozen=True)
class Figure:
    """A chart: `name` for files, `title`, `alt` for those who can't see it, and `draw`, which makes it so wide."""

    name: str
    title: str
    alt: str
    draw: Callable[[Width], LayerChart]
    note: str = ""

    def spec(self, width: Width = "container", *, titled: bool = False) -> dict[str, Any]:
        """The chart as Vega-Lite; `titled` where nothing around it says what it is."""
        try:
            chart = self.draw(width)
        except ImportError:
            raise UsageError(Problem("CR-EXTRA-MISSING", values={"what": "altair", "extra": "report"})) from None
        return spec(chart.properties(title=_title(self.title)) if titled else chart, self.alt)


def _title(text: str) -> Any:
    import altair as alt

    return alt.TitleParams([text], anchor="start", fontSize=15, offset=12)


def figures(result: Simulation | Sequence[Simulation], lang: Lang = "en") -> dict[str, Figure]:
    """The charts of one simulation, or of several, by their names, in the order in which the page has them."""
    each = [result] if isinstance(result, Simulation) else list(result)
    made = [figure for one in each for figure in figures_of(one, lang)]
    return {figure.name: figure for figure in _apart(made)}


def figures_of(result: Simulation, lang: Lang) -> list[Figure]:
    """The charts of one simulation."""
    from . import ambiguity_figures, comparison_figures, sweep_figures, uncertainty_figures

    match result:
        case Comparison():
            return comparison_figures.figures(result, lang)
        case Sweep():
            return sweep_figures.figures(result, lang)
        case Ambiguities():
            return ambiguity_figures.figures(result, lang)
        case Uncertainty() | Stability() | Bounds():
            return uncertainty_figures.figures(result, lang)


def _apart(made: Iterable[Figure]) -> Iterable[Figure]:
    """The figures with a number after the name of one that there is already."""
    from dataclasses import replace

    seen: dict[str, int] = {}
    for figure in made:
        seen[figure.name] = seen.get(figure.name, 0) + 1
        yield figure if seen[figure.name] == 1 else replace(figure, name=f"{figure.name}-{seen[figure.name]}")
