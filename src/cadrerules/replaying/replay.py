"""Replays a journal: as decided then, as known then, as now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Place, Problem, UsageError
from ..evidence.differing import differing
from ..journal.entries import Entry, until
from ..journal.opening import open_journal
from ..journal.state import fold
from ..load.receipts import is_receipt, shown
from ..model.parts import parts_of
from ..model.result import Decision, Subject
from ..plan import Plan
from ..reading import load_policies
from .facts import Changes
from .replayed import Answer, Difference, Replay, Why
from .versions import Policies, Versions

if TYPE_CHECKING:
    from ..journal.journal import Journal

WORDS = frozenset({"title", "why", "about", "clause", "source", "unit", "colour", "by", "on", "unset"})
"""What only people read in documents: no decision turns on it."""


Recorded = tuple[int, Mapping[str, Any]]
"""The number of the entry that a receipt stands in, and the receipt."""


def replay(
    journal: Journal | str | Path,
    *,
    as_known: date | None = None,
    as_of: date | None = None,
    policies: Policies | None = None,
    then: Policies | None = None,
) -> Replay:
    """The decisions as recorded by the end of a day (UTC), as they follow from what was known then, and from what is known now.

    `journal` is an open journal, its file or its URL. `as_known` is the day (default: now), `as_of` the day for which both are evaluated: the last that
    the journal had reached by then, or else `as_known` itself. `policies` are those in force now (default: the journal's plan, or the only one installed),
    `then` those in force then (default: the same); each may be a mapping of days to versions, where the one in force on a period's last day
    decides. Raises as `load_policies`, `open_journal` and `read_tables` do.

    >>> import tempfile, cadrerules as cr
    >>> from datetime import date
    >>> row = {"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": "0.8"}
    >>> plan = cr.load_policies("market-supervision")
    >>> with cr.open_journal(tempfile.mkdtemp() + "/bureau.db", plan) as journal:
    ...     _ = journal.post("progress", row)
    ...     found = cr.replay(journal, as_of=date(2024, 4, 1), policies=plan.amend(params={"board.red_to": 1, "board.yellow_to": 1}))
    ...     found.then, found.now, found.differences
    (1, 1, ())
    """
    if isinstance(journal, str | Path):
        if "://" not in str(journal) and not Path(journal).is_file():  # opening would make one
            raise UsageError(Problem("CR-NO-SUCH-PATH", Place(file=Path(journal).name)))
        with open_journal(journal) as opened:
            return replay(opened, as_known=as_known, as_of=as_of, policies=policies, then=then)
    journal.facts()  # refuses a journal whose end isn't as it was written
    now = Versions.of(policies or journal.plan or load_policies())
    entries = list(journal.entries())
    earlier = [entry for entry in entries if entry.known_at <= until(as_known)]
    day = as_of or _last_day(earlier) or as_known or date.today()
    before = now if then is None else Versions.of(then)
    return _Replaying(before, now, earlier, entries, day, journal.group_by).replay(as_known)


def _last_day(entries: Iterable[Entry]) -> date | None:
    """The day that a journal had reached."""
    days = [day for entry in entries if (day := entry.day)]
    return days[-1] if days else None


@dataclass
class _Replaying:
    before: Versions
    after: Versions
    earlier: Sequence[Entry]
    entries: Sequence[Entry]
    as_of: date
    group_by: str

    def replay(self, as_known: date | None) -> Replay:
        recorded = _recorded(self.earlier)
        then = self.before.decisions(fold(self.earlier).rows(), self.as_of, self.group_by)
        now = self.after.decisions(fold(self.entries).rows(), self.as_of, self.group_by)
        changes = Changes.between(self.earlier, self.entries)
        found = [self._compared(name, recorded.get(name), then.get(name), now.get(name), changes) for name in {**recorded, **then, **now}]
        differences = tuple(difference for difference in found if difference)
        sizes = (len(recorded), len(then), len(now))
        return Replay(as_known, self.as_of, self.before.plain, self.after.plain, *sizes, differences)

    def _compared(
        self, name: str, recorded: Recorded | None, then: Decision | None, now: Decision | None, changes: Changes
    ) -> Difference | None:
        """How a decision differs; None where it doesn't."""
        decided = recorded and recorded[1]["decision"]
        answers = [None if d is None else Answer.of(d) for d in (decided, then, now)]
        if answers[1] == answers[2] and (recorded is None or answers[0] == answers[1]):
            return None
        plain = next(dict(d) if isinstance(d, Mapping) else d.model_dump() for d in (then, now, decided) if d is not None)
        since = self._since(*recorded, plain) if recorded and answers[0] != answers[1] else ()
        why = [*since, *self._why(plain, then, now, changes)]
        return Difference(
            id=name,
            question=plain["question"],
            subject=Subject.model_validate(plain["subject"]),
            period=plain["period"],
            decided=answers[0],
            then=answers[1],
            now=answers[2],
            why=tuple(dict.fromkeys(why)),
        )

    def _since(self, at: int, recorded: Mapping[str, Any], about: Mapping[str, Any]) -> Iterator[Why]:
        """What is otherwise than when the decision was recorded, in the entry of this number."""
        if recorded["as_of"] != self.as_of.isoformat():
            yield Why(cause="as_of", what="as_of", before=recorded["as_of"], after=self.as_of.isoformat())
        yield from Changes.between((e for e in self.earlier if e.sequence < at), self.earlier).behind([recorded])
        plan = self.before.on(about["period"], self.as_of)
        if plan is not None and plan.hash != recorded["policies"]["hash"]:
            yield from _of_policies(recorded["policy_text"], _parts(plan, about["question"]))

    def _why(self, about: Mapping[str, Any], then: Decision | None, now: Decision | None, changes: Changes) -> Iterator[Why]:
        """The facts and the parts of the policies that changed, of those that the decision rests on."""
        if then is not None and now is not None and Answer.of(then) == Answer.of(now):
            return
        yield from changes.behind(decision.receipt() for decision in (then, now) if decision is not None)
        plans = [versions.on(about["period"], self.as_of) for versions in (self.before, self.after)]
        if plans[0] is not plans[1]:
            yield from _of_policies(*(_parts(plan, about["question"]) for plan in plans))


def _recorded(entries: Iterable[Entry]) -> dict[str, Recorded]:
    """The receipts that were recorded, the last of each decision."""
    found = ((entry.sequence, entry.receipt) for entry in entries if entry.kind == "receipt" and not entry.erased)
    return {receipt["decision"]["id"]: (at, receipt) for at, receipt in found if receipt is not None and is_receipt(receipt)}


def _parts(plan: Plan | None, question: str) -> Any:
    """What a plan says on a question; nothing where none was in force."""
    rules = [rule for policy in plan.policies.values() for rule in policy.rules if rule.question == question] if plan else []
    return parts_of(plan.policy_set, rules) if plan and rules else {}


def _of_policies(before: Any, after: Any) -> Iterator[Why]:
    for path, old, new in differing(before, after):
        if not WORDS & {*path.split(".")}:
            yield Why(cause="policy", what=path, **{k: None if v is None else shown(v) for k, v in (("before", old), ("after", new))})
