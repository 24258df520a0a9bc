"""How a result differs from what a case expects: each difference with the fields that are otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..errors import Lang
from ..model.documents import Document
from ..model.result import Decision, Result
from .case_documents import Case, ExpectedDecision
from .words import word

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference. `expected` are the fields that the case names, `found` those of what comes nearest, in the same order.

    `key` names the sentence that says it, `values` fill it; `decisions` are those that it is about, for an explanation.
    """

    key: str
    values: Mapping[str, Any]
    expected: Fields | None = None
    found: Fields | None = None
    decisions: tuple[Decision, ...] = ()

    @property
    def differing(self) -> dict[str, tuple[Any, Any]]:
        """The fields that are otherwise, each as expected and as found."""
        if self.expected is None or self.found is None:
            return {}
        return {name: (value, self.found[name]) for name, value in self.expected.items() if self.found[name] != value}

    def text(self, lang: Lang = "en") -> str:
        """The difference in words, with a line for each field that is otherwise."""
        lines = [word(self.key, lang, **self.values)]
        lines += [word("field", lang, name=name, expected=shown(e), found=shown(f)) for name, (e, f) in self.differing.items()]
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.text()


def faults(result: Result, case: Case, by_rule: Collection[str] = ()) -> list[Fault]:
    """How a result differs from what the case expects; `by_rule` are the questions that each rule decides apart."""
    apart = set(by_rule if case.by_rule is None else case.by_rule)
    return [
        *_decisions(result.decisions, case, apart),
        *_absences(result, case),
        *_findings(result, case),
        *_gaps(result, case),
    ]


def _decisions(decisions: Sequence[Decision], case: Case, apart: Collection[str]) -> Iterator[Fault]:
    places = list(dict.fromkeys(expected.place for expected in case.expect))
    for place in places:
        wanted = [expected for expected in case.expect if expected.place == place]
        yield from _at(wanted, decisions_at(decisions, wanted, apart), place)
    if case.nothing_else:
        yield from (unexpected(d) for d in decisions if _place(d) not in places)


def decisions_at(
    decisions: Sequence[Decision], wanted: Sequence[ExpectedDecision], apart: Collection[str]
) -> list[Decision]:
    """The decisions on the question, subject and period of some expectations, of a question by rule those by their rules."""
    rules = {rule for expected in wanted for rule in expected.because}
    by_rule = wanted[0].question in apart
    return [d for d in decisions if _place(d) == wanted[0].place and (not by_rule or rules & set(d.because))]


def _at(wanted: list[ExpectedDecision], found: list[Decision], place: tuple[str, str, str | None]) -> Iterator[Fault]:
    """What differs among the decisions on one question, subject and period."""
    where = _where(*place)
    if len(found) != len(wanted):
        numbers = {"found": len(found), "expected": len(wanted)}
        yield Fault("number", {"where": where, **numbers, "shown": _shown(found)}, decisions=tuple(found))
    for expected in wanted:
        if not any(agrees(expected, d) for d in found):
            near = nearest(expected, found)
            fields = None if near is None else fields_of(expected, near)
            shown_as = {"where": where, "shown": shown(named(expected))}
            key = "no_decision" if near is None else "decision"
            yield Fault(key, shown_as, named(expected), fields, () if near is None else (near,))


def nearest(expected: Document, found: Sequence[Any]) -> Any:
    """Of what was found, what agrees in most of the fields; None where nothing was."""
    return max(found, key=lambda other: _agreeing(expected, other), default=None)


def _agreeing(expected: Document, found: Any) -> int:
    there = fields_of(expected, found)
    return sum(there[name] == value for name, value in named(expected).items())


def _absences(result: Result, case: Case) -> Iterator[Fault]:
    for expected in case.expect_none:
        yield from (unexpected(d) for d in result.decisions if agrees(expected, d))


def unexpected(decision: Decision) -> Fault:
    """A decision that the case says there isn't."""
    return Fault("unexpected", {"where": _where(*_place(decision)), "shown": _shown([decision])}, decisions=(decision,))


def _findings(result: Result, case: Case) -> Iterator[Fault]:
    for expected in case.expect_findings:
        if any(agrees(expected, f) for f in result.findings):
            continue
        same = [f for f in result.findings if (f.rule, f.subject.id) == (expected.rule, expected.subject)]
        near = nearest(expected, same)
        values = {"where": _where(expected.rule, expected.subject, expected.period), "shown": shown(named(expected))}
        fields = None if near is None else fields_of(expected, near)
        yield Fault("no_finding" if near is None else "finding", values, named(expected), fields)


def _gaps(result: Result, case: Case) -> Iterator[Fault]:
    if case.not_evaluated is not None:
        wanted = [(e.policy, e.rule, tuple(e.tables)) for e in case.not_evaluated]
        found = [(n.policy, n.rule, n.tables) for n in result.not_evaluated]
        if found != wanted:
            yield Fault("not_evaluated", {"expected": shown(wanted), "found": shown(found)})
    if case.warnings is not None and len(result.warnings) != case.warnings:
        told = "; ".join(warning["en"] for warning in result.warnings)
        yield Fault("warnings", {"expected": case.warnings, "found": len(result.warnings), "shown": told or "-"})


# --- fields ---------------------------------------------------------------------------------------


def named(expected: Document) -> dict[str, Any]:
    """The fields that an expectation names, as plain data."""
    return expected.model_dump(mode="json", exclude_unset=True)


def fields_of(expected: Document, found: Any) -> dict[str, Any]:
    """The same fields of what was found; a subject is named by its id alone."""
    plain = found.model_dump(mode="json") | {"subject": found.subject.id}
    return {name: plain[name] for name in named(expected)}


def agrees(expected: Document, found: Any) -> bool:
    """Whether every field that is named is so."""
    return fields_of(expected, found) == named(expected)


def _place(decision: Decision) -> tuple[str, str, str | None]:
    return decision.question, decision.subject.id, decision.period


def _where(*parts: str | None) -> str:
    return " / ".join(part for part in parts if part)


def _shown(decisions: Sequence[Decision]) -> str:
    """Decisions without the fields that hold nothing."""
    plain = [{n: v for n, v in d.model_dump(mode="json").items() if v not in (None, [])} for d in decisions]
    return "; ".join(shown(fields | {"subject": fields["subject"]["id"]}) for fields in plain) or "-"


def shown(value: Any) -> str:
    """A plain value as a case file writes it, in one line."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case Mapping():
            return "{" + ", ".join(f"{name}: {shown(part)}" for name, part in value.items()) + "}"
        case list() | tuple():
            return "[" + ", ".join(map(shown, value)) + "]"
        case _:
            return str(value)
