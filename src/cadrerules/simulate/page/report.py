"""One page of HTML on one simulation, or on several together: it holds all that it needs and fetches nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...errors import Lang
from ...report.page import render
from ..ambiguities import Ambiguities
from ..comparison import Comparison
from ..sweep import Sweep
from ..uncertainty.draws import Uncertainty
from ..uncertainty.extremes import Bounds
from ..uncertainty.stability import Stability
from . import comparison_sections, other_sections, uncertainty_sections
from .counting import whole
from .figures import Figure, Simulation
from .names import Names
from .scripts import embedded, scripts
from .sections import SCROLLED, Section, body
from .words import word

FOLDER = Path(__file__).parent / "templates"
_TOLD = ("filter", "sort_by", "rows_shown", "order", "ascending", "descending", "unsorted")


def to_html(
    result: Simulation | Sequence[Simulation], lang: Lang = "en", *, command: str = "", title: str = ""
) -> str:
    """The page, in English or Chinese, of one simulation or of several in their order.

    `command` is what makes the page again, told as it is; `title` its heading where not that of what is shown. All text of
    data and documents is escaped. `UsageError` without the extra `report`.
    """
    results = [result] if isinstance(result, Simulation) else list(result)
    made = [*(section for one in results for section in sections_of(one, lang)), other_sections.basis(results, lang, command)]
    charts = [part for section in made for part in section.parts if isinstance(part, Figure)]
    names = Names(results[0].base, lang)
    return render(
        "simulation.html.jinja",
        lang,
        folder=FOLDER,
        title=title or _title(results, names),
        eyebrow=names.say("eyebrow", name=results[0].base.name, as_of=results[0].as_of),
        footer=[names.say("reminder")],
        tallies=[tally for one in results for tally in _tallies(one, names)],
        sections=made,
        numbers=_Numbers(charts),
        charts=embedded([figure.spec() for figure in charts]),
        told=embedded({key: word(key, lang, *("{0}", "{1}")) for key in _TOLD}),
        scripts=scripts(charts=bool(charts)),
        scrolled=SCROLLED,
        body=body,
        without_scripts=names.say("without_scripts"),
    )


@dataclass(frozen=True)
class _Numbers:
    """The places of charts among all of the page."""

    charts: Sequence[Figure]

    def __getitem__(self, figure: Figure) -> int:
        return next(i for i, one in enumerate(self.charts) if one is figure)


def sections_of(of: Simulation, lang: Lang) -> Iterator[Section]:
    """The sections on one simulation."""
    match of:
        case Comparison():
            return comparison_sections.sections(of, lang)
        case Sweep():
            return other_sections.sweep(of, lang)
        case Ambiguities():
            return other_sections.ambiguities(of, lang)
        case Uncertainty():
            return uncertainty_sections.uncertainty(of, lang)
        case Stability():
            return uncertainty_sections.stability(of, lang)
        case Bounds():
            return uncertainty_sections.bounds(of, lang)


def _title(results: Sequence[Simulation], names: Names) -> str:
    if len(results) > 1:
        return names.say("title_several", name=names.plan.name)
    match results[0]:
        case Comparison(reforms=reforms):
            return names.say("comma").join(reform.reform.called(names.lang) for reform in reforms)
        case Sweep(axes=axes):
            return names.say("title_sweep", names.say("comma").join(names.parameter(axis.parameter) for axis in axes))
        case Ambiguities():
            return names.say("title_ambiguities")
        case Uncertainty():
            return names.say("uncertain")
        case Stability():
            return names.say("noise")
        case Bounds():
            return names.say("bounds")


def _tallies(of: Simulation, names: Names) -> Iterator[tuple[str, str]]:
    """The figures at the head of the page: of a comparison of one reform, how many decisions and whom it affects."""
    if not isinstance(of, Comparison) or len(of.reforms) != 1:
        return
    (reform,) = of.reforms
    tally = whole(of, reform)
    yield f"{tally.changed:,}", names.say("one_flip" if tally.changed == 1 else "flips")
    yield f"{tally.gain:,}", names.say("gain")
    yield f"{tally.loss:,}", names.say("loss")
    keys: list[Any] = ["kind", "group", "subject"]
    for kind, count in reform.affected.unique(keys).group_by("kind").len().sort("kind").rows():
        yield f"{count:,}", names.say("affected_kind", names.kind(kind))
