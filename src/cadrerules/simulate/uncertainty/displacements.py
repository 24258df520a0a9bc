"""Who took whose place: outcomes that changed between two evaluations because of what others in a ranking did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import polars as pl

from ...differences.facts import Facts, Source
from ...errors import Lang
from ...language.values import is_known
from ...model.facts import FactTables
from ..data import Data, data_of
from ..heading import headed
from ..outcomes import Progress
from .rankings import Ranking, Standing, Untold, rankings

if TYPE_CHECKING:
    from ...plan import Plan


@dataclass(frozen=True, slots=True)
class Moved:
    """A row in a ranking whose outcome changed, its places and ranked values before and after.

    `own` tells whether its own value changed. `passed_by` stand before it now and didn't, `passed` the other way round.
    `replaced_by` are those of `passed_by` that now have the outcome it had, and didn't have it. Where nobody passed it and
    its value is as it was, the rules changed.
    """

    group: str | None
    question: str
    kind: str
    subject: str
    period: str | None
    row: str
    cohort: str
    old: str
    new: str
    place_before: int
    place_after: int
    value_before: str
    value_after: str
    own: bool
    passed_by: tuple[str, ...]
    passed: tuple[str, ...]
    replaced_by: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data."""
        return {**asdict(self), **{name: list(getattr(self, name)) for name in _LISTS}}


_LISTS = ("passed_by", "passed", "replaced_by")


@dataclass(frozen=True)
class Displacements:
    """Who is out of an outcome and who came in, ranking by ranking. Rankings with unknown values, before or after, are left out: `unknown` counts them."""

    before: Plan = field(repr=False)
    after: Plan = field(repr=False)
    as_of: date
    data: Data
    data_after: Data
    moved: tuple[Moved, ...]
    unknown: int
    untold: tuple[Untold, ...]

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""
        from .text import displacements_text

        return displacements_text(self, lang)

    def to_frame(self) -> pl.DataFrame:
        """A row for each that moved; lists joined by commas."""
        rows = [{**asdict(one), **{name: ", ".join(getattr(one, name)) for name in _LISTS}} for one in self.moved]
        schema = dict.fromkeys(Moved.__dataclass_fields__, pl.String)
        return pl.DataFrame(rows, {**schema, "place_before": pl.Int64, "place_after": pl.Int64, "own": pl.Boolean})

    def to_dict(self) -> dict[str, Any]:
        """All of it as plain data, ready for JSON."""
        return headed(
            "displacements", self.before, self.as_of, self.data,
            policies_after={"name": self.after.name, "hash": self.after.hash},
            data_after=self.data_after.to_dict(),
            moved=[one.to_dict() for one in self.moved],
            unknown=self.unknown,
            untold=[{**asdict(one), "rules": list(one.rules)} for one in self.untold],
        )  # fmt: skip


def displaced(
    plan: Plan,
    facts: Source,
    *,
    after: Source | None = None,
    plan_after: Plan | None = None,
    as_of: date | None = None,
    group_by: str = "",
    progress: Progress | None = None,
) -> Displacements:
    """Who came in and who is out, from the facts to others (`after`), or from the plan to another (`plan_after`), or both.

    The scalar engine evaluates both. Rows are the same where question, organisation, ranking and key are. Arguments, and what
    is raised, are as of `Plan.evaluate`.

    >>> import cadrerules as cr
    >>> rows = [{"quarter": "2024Q3", "unit": f"U{n}", "indicator": "I", "progress": 50 - n} for n in range(9)]
    >>> better = {"progress": [{**row, "progress": 60} if row["unit"] == "U7" else row for row in rows]}
    >>> found = displaced(cr.load_policies("market-supervision"), {"progress": rows}, after=better)
    >>> [(one.subject, one.old, one.new, one.own, one.replaced_by) for one in found.moved]
    [('U6', 'red', 'yellow', False, ('U7',)), ('U7', 'yellow', 'red', True, ())]
    """
    day, then, tell = as_of or date.today(), plan_after or plan, progress or (lambda *_: None)
    held = Facts(facts, group_by)
    tables = held.under(plan)
    other = held.under(then) if after is None else Facts(after, group_by).under(then)
    old, new = (rankings(p, t if isinstance(t, FactTables) else t.facts(), day, tell) for p, t in ((plan, tables), (then, other)))
    pairs = list(_paired(old.found, new.found))
    moved = tuple(one for pair in pairs if all(side.known for side in pair) for one in _moved(*pair))
    unknown = sum(not all(side.known for side in pair) for pair in pairs)
    untold = tuple(dict.fromkeys((*old.untold, *new.untold)))
    return Displacements(plan, then, day, data_of(plan, tables), data_of(then, other), moved, unknown, untold)


def _paired(old: tuple[Ranking, ...], new: tuple[Ranking, ...]) -> Iterator[tuple[Ranking, Ranking]]:
    """The rankings that are there before and after."""
    before = {(one.group, one.question, one.cohort): one for one in old}
    for one in new:
        if was := before.get((one.group, one.question, one.cohort)):
            yield was, one


def _moved(old: Ranking, new: Ranking) -> Iterator[Moved]:
    """The rows that are in both and whose outcome changed, in order of their places before."""
    before, after = ({one.key: one for one in ranking.standings} for ranking in (old, new))
    came = {key for key in after if key not in before or before[key].outcome != after[key].outcome}
    ahead_before, ahead_after = _ahead(old), _ahead(new)
    for key, was in sorted(before.items(), key=lambda one: (one[1].place or 0, one[0])):
        now = after.get(key)
        if now is None or was.outcome is None or now.outcome is None or was.outcome == now.outcome:
            continue
        passed_by = sorted(ahead_after(now) - ahead_before(was))
        replaced_by = [other for other in passed_by if other in came and after[other].outcome == was.outcome]
        passed = sorted((ahead_before(was) - ahead_after(now)) & after.keys())
        yield _told(old, new, was, now, tuple(passed_by), tuple(passed), tuple(replaced_by))


def _ahead(ranking: Ranking) -> Any:
    """For a row of a ranking the keys of those with a better place."""

    def ahead(mine: Standing) -> set[str]:
        return {one.key for one in ranking.standings if (one.place or 0) < (mine.place or 0)}

    return ahead


def _told(
    old: Ranking, new: Ranking, was: Standing, now: Standing, passed_by: tuple[str, ...], passed: tuple[str, ...], replaced_by: tuple[str, ...]
) -> Moved:
    assert is_known(was.place)
    assert is_known(now.place)
    return Moved(
        new.group, new.question, new.kind, now.subject, now.period, now.key, new.cohort, str(was.outcome), str(now.outcome),
        was.place or 0, now.place or 0, old.shown(was.value), new.shown(now.value), was.value != now.value,
        passed_by, passed, replaced_by,
    )  # fmt: skip
