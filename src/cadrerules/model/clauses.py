"""The register of a plan's clauses: what of each is encoded, left out by the source, ambiguous, or for people to judge."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from ..errors import Place, Problem
from ..language.source import nearest
from .dependencies import dependencies
from .documents import Choose, PolicyDoc
from .policy import Context, Interpretation, Parameter, Policy, Rule
from .set_documents import ClauseDoc, ClausesDoc
from .texts import Texts

Status = Literal["encoded", "open", "redacted", "ambiguous", "needs_judgement"]
STATUSES: Final[tuple[Status, ...]] = ("encoded", "open", "redacted", "ambiguous", "needs_judgement")
Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Entry:
    """One thing that a clause asks for, and what of the policies answers it.

    `rules` are the expected ones that cite the clause, `through` those of other clauses in which it
    takes effect, `missing` the ids of expected ones that there aren't. `parameters` and
    `interpretations` cite the clause and bear on these rules.
    """

    doc: ClauseDoc
    rules: tuple[Rule, ...] = ()
    through: tuple[Rule, ...] = ()
    missing: tuple[str, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    interpretations: tuple[Interpretation, ...] = ()

    @property
    def clause(self) -> str:
        """The clause's number in the source."""
        return self.doc.clause

    @property
    def title(self) -> Texts:
        """What it asks for, in both languages."""
        return self.doc.title

    @property
    def note(self) -> Texts | None:
        """What else there is to know, such as what of it stays with people."""
        return self.doc.note

    @property
    def statuses(self) -> tuple[Status, ...]:
        """All that is true of it, in the order of `STATUSES`; `open` where a rule is still to be written."""
        computable, answered = self.doc.status == "computable", bool(self.rules or self.through)
        holds: Mapping[Status, bool] = {
            "encoded": answered,
            "open": computable and (bool(self.missing) or not answered),
            "redacted": not all(parameter.is_set for parameter in self.parameters),
            "ambiguous": bool(self.interpretations),
            "needs_judgement": not computable,
        }
        return tuple(status for status in STATUSES if holds[status])


@dataclass(frozen=True)
class Register:
    """Every clause of the source, in its order, and the rules that stand outside.

    `unlisted` are the ids of rules that no entry of a clause they cite lists, `uncited` of those that cite none.
    """

    entries: tuple[Entry, ...] = ()
    unlisted: tuple[str, ...] = ()
    uncited: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[str, ...]:
        """The ids of expected rules that there aren't, each once."""
        return tuple(dict.fromkeys(name for entry in self.entries for name in entry.missing))

    @property
    def counts(self) -> Mapping[Status, int]:
        """How many entries have each status; one with several counts under each."""
        found = Counter(status for entry in self.entries for status in entry.statuses)
        return {status: found[status] for status in STATUSES}


def register(doc: ClausesDoc | None, policies: Mapping[str, Policy], context: Context) -> Register:
    """The register that a document makes with checked policies; an empty one without a document."""
    return _Registrar(doc, policies, context).register() if doc else Register()


@dataclass(frozen=True)
class _Registrar:
    doc: ClausesDoc
    policies: Mapping[str, Policy]
    context: Context

    def register(self) -> Register:
        entries = tuple(self._entry(doc) for doc in self.doc.clauses)
        listed = {rule.id for entry in entries for rule in entry.rules}
        uncited = tuple(name for name, rule in self._rules.items() if not rule.clauses)
        unlisted = tuple(name for name in self._rules if name not in (*listed, *uncited))
        return Register(entries, unlisted, uncited)

    def _entry(self, doc: ClauseDoc) -> Entry:
        rules, through = self._cited(doc), self._through(doc)
        there = {rule.id for rule in (*rules, *through)}
        missing = tuple(name for name in (*doc.rules, *doc.through) if name not in there)
        names = sorted(self._settings(doc, there))
        parameters = tuple(self.context.parameters[name] for name in names if name in self.context.parameters)
        readings = tuple(self.context.interpretations[name] for name in names if name in self.context.interpretations)
        return Entry(doc, rules, through, missing, parameters, readings)

    def _cited(self, doc: ClauseDoc) -> tuple[Rule, ...]:
        found = [self._rules[name] for name in doc.rules if name in self._rules]
        return tuple(rule for rule in found if doc.clause in rule.clauses)

    def _through(self, doc: ClauseDoc) -> tuple[Rule, ...]:
        return tuple(self._rules[name] for name in doc.through if name in self._rules)

    def _settings(self, doc: ClauseDoc, rules: Iterable[str]) -> set[str]:
        """The parameters and interpretations that cite the clause and bear on the rules.

        Those that bear on no rule of the clause belong to each of its entries that rules could answer, or else to all.
        """
        citing = self._citing.get(doc.clause, set())
        at_home = doc.status == "computable" or doc.clause not in self._computable
        mine = {name for rule in rules for name in self._rests_on[rule]}
        return citing & (mine | (citing - self._claimed.get(doc.clause, set()) if at_home else set()))

    @cached_property
    def _citing(self) -> dict[str, set[str]]:
        """The parameters and interpretations that cite each clause."""
        settings: dict[str, Parameter | Interpretation] = {**self.context.parameters, **self.context.interpretations}
        found: dict[str, set[str]] = {}
        for name, setting in settings.items():
            for clause in setting.doc.clause:
                found.setdefault(clause, set()).add(name)
        return found

    @cached_property
    def _claimed(self) -> dict[str, set[str]]:
        """What the rules of each clause's entries rest on."""
        found: dict[str, set[str]] = {}
        for doc in self.doc.clauses:
            for rule in (*self._cited(doc), *self._through(doc)):
                found.setdefault(doc.clause, set()).update(self._rests_on[rule.id])
        return found

    @cached_property
    def _computable(self) -> set[str]:
        return {doc.clause for doc in self.doc.clauses if doc.status == "computable"}

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.id: rule for policy in self.policies.values() for rule in policy.rules}

    @cached_property
    def _rests_on(self) -> dict[str, set[str]]:
        """The parameters and interpretations that each rule, or the decision on its question, rests on."""
        found: dict[str, set[str]] = {}
        for policy in self.policies.values():
            for rule in policy.rules:
                found.setdefault(rule.id, set()).update(self._basis(policy, rule))
        return found

    def _basis(self, policy: Policy, rule: Rule) -> set[str]:
        found, decide = dependencies(policy, rule), self.context.questions[rule.question].decide
        return {*found.parameters, *found.interpretations, *([decide.choose] if isinstance(decide, Choose) else [])}


# --- citations ------------------------------------------------------------------------------------


def unknown_clauses(
    doc: ClausesDoc | None, documents: Mapping[str, PolicyDoc], place: Callable[[str, Path], Place]
) -> Iterator[Problem]:
    """A problem per citation of a clause that the register lacks; none without a register."""
    known = {entry.clause for entry in doc.clauses} if doc else set()
    for name, policy in documents.items() if doc else ():
        for path, clauses in _citations(policy):
            for i, clause in enumerate(clauses):
                if clause not in known:
                    values = {"name": clause, "nearest": nearest(clause, known)}
                    yield Problem("CR-UNKNOWN-CLAUSE", place(name, (*path, "clause", i)), values)


def _citations(doc: PolicyDoc) -> Iterator[tuple[Path, tuple[str, ...]]]:
    """The clauses cited in a policy, by the path of what cites them."""
    yield (), doc.clause
    for name, parameter in doc.params.items():
        yield ("params", name), parameter.clause
    for name, interpretation in doc.interpretations.items():
        yield ("interpretations", name), interpretation.clause
    for i, rule in enumerate(doc.rules):
        yield ("rules", i), rule.clause
    for i, owed in enumerate(doc.obligations):
        yield ("obligations", i), owed.clause
