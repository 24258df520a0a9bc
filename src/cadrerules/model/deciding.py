"""From findings to decisions: waivers, precedence, and the verdicts that are still possible."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from ..language.operators import OPERATORS
from .policy import Question
from .result import Decision, Finding

_and, _or, _not = OPERATORS["and"].meaning, OPERATORS["or"].meaning, OPERATORS["not"].meaning

CONFLICT = "conflict"


@dataclass(frozen=True, slots=True)
class Lift:
    """Whether waivers lift a finding, the authorities that say so, and the disputed cells it hangs on."""

    truth: bool | None = False
    authorities: tuple[str, ...] = ()
    waits_for: tuple[str, ...] = ()


class Waivers(Protocol):
    """What findings are waived."""

    def lift(self, finding: Finding) -> Lift:
        """Whether a waiver lifts the finding, who says so, and what that waits for where it is open."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A finding and how it stands: `truth` after waivers, who waived it, and what it waits for where it is open."""

    finding: Finding
    truth: bool | None
    waived_by: tuple[str, ...]
    waits_for: tuple[str, ...]

    @property
    def verdict(self) -> str:
        """The verdict it leads to."""
        return self.finding.outcome.partition(".")[2]


def decide(questions: Mapping[str, Question], findings: Sequence[Finding], waivers: Waivers) -> list[Decision]:
    """The decisions that findings lead to, by question, subject and period."""
    groups: dict[tuple[str, str, str, str], list[Standing]] = defaultdict(list)
    for finding in findings:
        name = finding.outcome.partition(".")[0]
        groups[name, finding.subject.id, finding.period or "", finding.subject.kind].append(_standing(finding, waivers))
    order = {name: i for i, name in enumerate(questions)}
    decisions: list[Decision] = []
    for (name, *_), standings in sorted(groups.items(), key=lambda g: (order[g[0][0]], g[0])):
        decisions += _decisions(questions[name], standings)
    return decisions


def _standing(finding: Finding, waivers: Waivers) -> Standing:
    truth = True if finding.status == "holds" else None
    lift = waivers.lift(finding)
    return Standing(finding, _and(truth, _not(lift.truth)), lift.authorities, (*finding.missing, *lift.waits_for))


def _decisions(question: Question, standings: list[Standing]) -> Iterator[Decision]:
    if question.decide == "each_rule":
        for rule in dict.fromkeys(s.finding.rule for s in standings):
            yield _of_rule(question, [s for s in standings if s.finding.rule == rule], rule)
        return
    if question.decide != "each":
        yield _decision(question, standings, "")
        return
    for verdict in question.verdicts:
        if same := [s for s in standings if s.verdict == verdict]:
            yield _decision(question, same, verdict)


def _of_rule(question: Question, standings: list[Standing], rule: str) -> Decision:
    """The decision on one rule alone, with what it tells of amounts."""
    decision = _decision(question, standings, rule.rpartition(".")[2])
    decision = decision.model_copy(update=dict(standings[0].finding.amounts))
    decision._rule = rule  # noqa: SLF001 - the model's own slot for it
    return decision


def _decision(question: Question, standings: list[Standing], suffix: str) -> Decision:
    possible = _possible(question, standings)
    decided = len(possible) == 1
    behind = [s for s in standings if s.truth is not False and _supports(s, possible)]
    waiting = [s for s in standings if s.truth is None] if not decided else []
    settings = {name for s in waiting for name in s.waits_for if name in s.finding.params}
    first = standings[0].finding
    key = [question.name, first.subject.id, *([first.period] if first.period else []), *([suffix] if suffix else [])]
    return Decision(
        id="/".join(key),
        question=question.name,
        subject=first.subject,
        period=first.period,
        status="decided" if decided else "undetermined",
        verdict=possible[0] if decided else None,
        possible=() if decided else possible,
        because=_unique(s.finding.rule for s in behind),
        clauses=_unique(clause for s in behind for clause in s.finding.clause),
        overridden=_unique(s.finding.rule for s in standings if s not in behind and _was_set_aside(s)),
        waived_by=_unique(authority for s in standings for authority in s.waived_by),
        missing=tuple(sorted({name for s in waiting for name in s.waits_for} - settings)),
        parameters=tuple(sorted(settings)),
    )


def _was_set_aside(standing: Standing) -> bool:
    """Whether a finding that doesn't decide holds, or was waived before anybody knew."""
    return standing.finding.status == "holds" or standing.truth is False


def _supports(standing: Standing, possible: tuple[str | None, ...]) -> bool:
    return standing.verdict in possible or CONFLICT in possible


def _possible(question: Question, standings: list[Standing]) -> tuple[str | None, ...]:
    """The verdicts that some completion leads to, in the question's order, nothing last."""
    truths: dict[str, bool | None] = {}
    for standing in standings:
        truths[standing.verdict] = _or(truths.get(standing.verdict, False), standing.truth)
    sure = [v for v, truth in truths.items() if truth]
    maybe = [v for v, truth in truths.items() if truth is None]
    outcomes: set[str | None]
    match question.decide:
        case "exactly_one":
            outcomes = {*(sure or maybe)} or {None}
        case "conflict":
            outcomes = {_conflicting([*sure, *extra]) for extra in _subsets(maybe)}
        case _:
            outcomes = {_gravest(question, [*sure, *extra]) for extra in _subsets(maybe)}
    return tuple(v for v in (*question.verdicts, None) if v in outcomes)


def _subsets(verdicts: list[str]) -> Iterator[tuple[str, ...]]:
    return itertools.chain.from_iterable(itertools.combinations(verdicts, n) for n in range(len(verdicts) + 1))


def _gravest(question: Question, verdicts: list[str]) -> str | None:
    return max(sorted(verdicts), key=lambda v: question.verdicts[v].severity, default=None)


def _conflicting(verdicts: list[str]) -> str | None:
    return CONFLICT if len(verdicts) > 1 else next(iter(verdicts), None)


def _unique(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
