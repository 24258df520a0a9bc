"""How near each decision that rests on a ranking is to the next outcome, and who stands on the other side."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from ...differences.facts import Source
from ...errors import Lang
from ...model.facts import FactTables
from ..data import Data, data_of
from ..heading import headed
from ..outcomes import Progress
from .ladder import Ladder, Way
from .rankings import Ranking, Standing, Untold, rankings

if TYPE_CHECKING:
    from ...plan import Plan

_WAYS: Final[tuple[Way, ...]] = ("up", "down")


@dataclass(frozen=True, slots=True)
class Margin:
    """How far a decision is from another outcome in its ranking, upwards or downwards, all other values as they are.

    `next` is the outcome that the rules lead to at place `there`, `places` away. The ranked `value` would have to change by
    `gap` to reach that of the `rivals`, who stand on the other side; and by more where `beyond` says so. `row` and `rivals`
    are named by what tells them apart in the ranking.
    """

    group: str | None
    question: str
    kind: str
    subject: str
    period: str | None
    row: str
    cohort: str
    of: int
    place: int
    value: str
    outcome: str
    way: Way
    next: str
    there: int
    places: int
    gap: str
    beyond: bool
    rivals: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """The margin as plain data."""
        return {**asdict(self), "rivals": list(self.rivals)}


@dataclass(frozen=True)
class Margins:
    """The margins of all decisions that rest on a ranking, those of a ranking from its first place to its last.

    Of rankings in which a value isn't known nothing is told: `unknown` counts their rows by question. `untold` are rules that
    rest on ranks in another way than by the place of one row.
    """

    base: Plan = field(repr=False)
    as_of: date
    data: Data
    margins: tuple[Margin, ...]
    unknown: dict[str, int]
    untold: tuple[Untold, ...]

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""
        from .text import margins_text

        return margins_text(self, lang)

    def to_frame(self) -> pl.DataFrame:
        """A row for each margin; rivals joined by commas."""
        rows = [{**asdict(one), "rivals": ", ".join(one.rivals)} for one in self.margins]
        whole = dict.fromkeys(("of", "place", "there", "places"), pl.Int64)
        names = Margin.__dataclass_fields__
        return pl.DataFrame(rows, {**dict.fromkeys(names, pl.String), **whole, "beyond": pl.Boolean})

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, ready for JSON."""
        return headed(
            "margins", self.base, self.as_of, self.data,
            margins=[one.to_dict() for one in self.margins],
            unknown=dict(self.unknown),
            untold=[{**asdict(one), "rules": list(one.rules)} for one in self.untold],
        )  # fmt: skip


def margins(
    plan: Plan, facts: Source, *, as_of: date | None = None, group_by: str = "", progress: Progress | None = None
) -> Margins:
    """How near each decision that rests on a ranking is to the next outcome, as the rules have it: waivers aren't asked.

    The scalar engine evaluates the facts, whatever they are held in. `facts`, `as_of` (default: today) and `group_by` are
    as `Plan.evaluate` takes them, and so is what is raised.

    >>> import cadrerules as cr
    >>> rows = [{"quarter": "2024Q3", "unit": f"U{n}", "indicator": "I", "progress": 50 - n} for n in range(9)]
    >>> found = margins(cr.load_policies("market-supervision"), {"progress": rows})
    >>> [(one.subject, one.way, one.next, one.places, one.gap, one.beyond, one.rivals) for one in found.margins[-2:]]
    [('U7', 'up', 'red', 1, '1', False, ('U6',)), ('U8', 'up', 'red', 2, '2', False, ('U6',))]
    """
    day, tables = as_of or date.today(), plan.held(facts, group_by)
    found = rankings(plan, tables if isinstance(tables, FactTables) else tables.facts(), day, progress)
    told = [margin for ranking in found.found if ranking.known for margin in _margins(ranking)]
    unknown = Counter[str]()
    for ranking in found.found:
        unknown[ranking.question] += 0 if ranking.known else len(ranking.standings)
    return Margins(plan, day, data_of(plan, tables), tuple(told), {q: n for q, n in unknown.items() if n}, found.untold)


def _margins(ranking: Ranking) -> Iterator[Margin]:
    """The margins of a ranking, in order of places."""
    ladder = Ladder(ranking)
    for standing in sorted(ranking.standings, key=lambda one: (one.place or 0, one.key)):
        for way in _WAYS:
            if standing.outcome is not None and (margin := _margin(ladder, standing, way)) is not None:
                yield margin


def _margin(ladder: Ladder, mine: Standing, way: Way) -> Margin | None:
    """How far the next outcome is in one direction; None where there is none."""
    ranking = ladder.ranking
    to = ladder.turning(mine, way)
    reached = None if to is None else ladder.reach(mine, to, way)
    if reached is None:
        return None
    value, there, beyond = reached
    outcome = ranking.verdict(mine, there)
    if outcome is None or outcome == mine.outcome or mine.place is None:
        return None
    rivals = tuple(one.key for one in ladder.holding(value) if one is not mine)
    return Margin(
        ranking.group, ranking.question, ranking.kind, mine.subject, mine.period, mine.key, ranking.cohort, len(ranking.standings),
        mine.place, ranking.shown(mine.value), str(mine.outcome), way, outcome, there, abs(there - mine.place),
        ranking.shown(abs(value - mine.value)), beyond, rivals,
    )  # fmt: skip
