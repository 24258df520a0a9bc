"""The sentences of a coverage report, the same on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Iterator

from ...errors import Lang
from ..words import word
from .measure import Gap, Report


def figure(report: Report, lang: Lang) -> str:
    """The one figure, with what it counts; never rounded up to a hundred."""
    percent = percent_text(report.percent)
    return word("figure", lang, percent=percent, covered=report.covered, obligations=len(report.dues))


def percent_text(percent: float) -> str:
    """A share with one decimal place, rounded down, so that only all is 100."""
    return f"{int(percent * 10) / 10:g}"


def mark(seen: bool | None, lang: Lang) -> str:
    """Whether an outcome was seen: yes, no, or that it isn't asked for."""
    return word("cannot" if seen is None else "yes" if seen else "no", lang)


def gap_lines(report: Report, lang: Lang) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What isn't covered: for each rule or column its atoms, and what of each was never seen."""
    found: dict[tuple[str, str], dict[str, list[str]]] = {}
    for gap in report.gaps():
        found.setdefault((gap.policy, gap.owner), {}).setdefault(gap.atom, []).append(_want(gap, lang))
    for (policy, owner), atoms in found.items():
        name = owner if owner.startswith(f"{policy}.") or owner == policy else f"{policy}.{owner}"
        yield name, [(atom, "; ".join(dict.fromkeys(wants))) for atom, wants in atoms.items()]


def _want(gap: Gap, lang: Lang) -> str:
    return word(f"{gap.kind}_{gap.want}", lang)
