"""A policy set: documents, questions and tables that belong together, with a content hash; never changed in place."""

from __future__ import annotations

import hashlib
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any, get_args

from pydantic import ValidationError

from ..errors import Place, PolicyError, Problem, UsageError
from ..language.bind import Bindings
from ..language.nodes import Span
from ..language.source import Source, nearest
from .checking import Checker
from .clauses import Register, register, unknown_clauses
from .documents import Choose, PolicyDoc, RuleDoc
from .facts import Facts, Table
from .parameters import amended, dated, parameter
from .policy import Context, Interpretation, Policy, Question
from .set_documents import ClausesDoc, Decide, QuestionDoc, SetDoc
from .written import Locate


def _nowhere(path: tuple[str | int, ...], text: str) -> Source:
    """The locator of a document that was made in memory."""
    return Source(text, path=".".join(str(p + 1) if isinstance(p, int) else p for p in path))


@dataclass(frozen=True)
class PolicySet:
    """Policies, their questions, tables and register of clauses. `chosen` are the readings set by `amend`.

    Everything is checked when it is made: under every reading of each interpretation that changes
    the structure of a policy. Raises `PolicyError` with all problems.
    """

    doc: SetDoc
    models: Mapping[str, type[Facts]]
    questions_doc: Mapping[str, QuestionDoc]
    documents: Mapping[str, PolicyDoc]
    chosen: Mapping[str, str] = field(default_factory=dict)
    locators: Mapping[str, Locate] = field(default_factory=dict, compare=False, repr=False)
    clauses_doc: ClausesDoc | None = None
    made_from: PolicySet | None = field(default=None, compare=False, repr=False)
    """A checked set that this one mostly equals: what is as it was there needn't be checked again. Then forgotten."""
    folder: Path | None = field(default=None, compare=False, repr=False)
    """Where its documents lie, and what stands beside them; None for a set made in memory."""

    def __post_init__(self) -> None:
        if self.made_from is not None:
            self._checked.update(self._kept(self.made_from))
            object.__setattr__(self, "made_from", None)
        problems = [problem for name in sorted(self.documents) for problem in self._problems(name)]
        problems += [*self._undecided(), *self._calendar_problems()]
        problems += unknown_clauses(self.clauses_doc, self.documents, self._place)
        if problems:
            raise PolicyError({problem.text(): problem for problem in problems}.values())

    @property
    def name(self) -> str:
        """Its name, as given to `load_policies`."""
        return self.doc.policy_set

    @cached_property
    def tables(self) -> Mapping[str, Table]:
        """The tables it knows."""
        return {name: model.spec for name, model in self.models.items()}

    @cached_property
    def context(self) -> Context:
        """The parameters, interpretations, questions and tables its policies share."""
        parameters, interpretations = {}, {}
        for name, doc in self.documents.items():
            for key, p in doc.params.items():
                parameters[f"{name}.{key}"] = parameter(f"{name}.{key}", p, self._place(name, ("params", key)))
            for key, i in doc.interpretations.items():
                full = f"{name}.{key}"
                interpretations[full] = Interpretation(full, i, self.chosen.get(full))
        organisation = self.doc.organisation
        return Context(self.tables, parameters, interpretations, self.questions_doc, self.documents, organisation)

    @cached_property
    def policies(self) -> Mapping[str, Policy]:
        """The checked policies, by name, in order of name."""
        return {name: self._as_it_stands(name) for name in sorted(self.documents)}

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """The questions, each with how its findings combine under the readings in force."""
        return {name: Question(name, doc, self._decide(doc)) for name, doc in self.questions_doc.items()}

    @cached_property
    def register(self) -> Register:
        """The clauses of the source and what answers each; empty where the set has no register."""
        return register(self.clauses_doc, self.policies, self.context)

    @cached_property
    def hash(self) -> str:
        """SHA-256 over the canonical JSON of all that the documents say."""
        content = {
            "set": self.doc.model_dump(mode="json", exclude_defaults=True),
            "tables": {
                n: [(c.name, repr(c.type), repr(c.about)) for c in t.columns.values()] for n, t in self.tables.items()
            },
            "questions": {n: q.model_dump(mode="json", exclude_defaults=True) for n, q in self.questions_doc.items()},
            "policies": {
                n: d.model_dump(mode="json", by_alias=True, exclude_defaults=True) for n, d in self.documents.items()
            },
            "clauses": self.clauses_doc and self.clauses_doc.model_dump(mode="json", exclude_defaults=True),
            "chosen": dict(self.chosen),
        }
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
        return hashlib.sha256(canonical.encode()).hexdigest()

    def bindings(self, as_of: date) -> Bindings:
        """What parameters and interpretations stand for, as of a day."""
        context = self.context
        return Bindings(
            {name: dated(p) for name, p in context.parameters.items()},
            {name: i.option for name, i in context.interpretations.items()},
            as_of,
        )

    def amend(
        self,
        params: Mapping[str, Any] | None = None,
        interpretations: Mapping[str, str] | None = None,
        rules: Mapping[str, Mapping[str, Any] | None] | None = None,
    ) -> PolicySet:
        """A new set with parameters, readings or rules changed; this one stays as it was.

        `params` maps full names to values (None unsets), `interpretations` full names to readings,
        `rules` rule ids to the fields to change, a whole new rule, or None to leave the rule out.
        Raises `UsageError` for an unknown name and `PolicyError` for a value or rule that can't be.
        """
        documents = dict(self.documents)
        for name, value in (params or {}).items():
            known = self.context.parameters
            policy, key = self._known(name, known, "parameter")
            changed = {**documents[policy].params, key: amended(known[name], value)}
            documents[policy] = documents[policy].model_copy(update={"params": changed})
        for name, change in (rules or {}).items():
            policy, _, key = name.rpartition(".")
            self._known(policy, documents, "policy")
            if change is None:
                self._known(name, {f"{policy}.{rule.id}": rule for rule in documents[policy].rules}, "rule")
            documents[policy] = _with_rule(documents[policy], key, change)
        chosen = dict(self.chosen)
        for name, option in (interpretations or {}).items():
            self._known(name, self.context.interpretations, "interpretation")
            words = self.context.interpretations[name].doc.words
            if option not in words:
                raise UsageError(
                    Problem("CR-UNKNOWN-READING", values={"name": name, "option": option, "options": ", ".join(words)})
                )
            chosen[name] = option
        return replace(self, documents=documents, chosen=chosen, made_from=self)

    def _known(self, name: str, known: Mapping[str, Any], kind: str) -> tuple[str, str]:
        if name not in known:
            raise UsageError(
                Problem("CR-UNKNOWN-SETTING", values={"kind": kind, "name": name, "nearest": nearest(name, known)})
            )
        policy, _, key = name.rpartition(".")
        return policy, key

    # --- checking -------------------------------------------------------------------------------

    def _place(self, policy: str, path: tuple[str | int, ...]) -> Place:
        """The line of what stands at a path of a policy's document."""
        place = self.locators.get(policy, _nowhere)(path, "").place(Span())
        return replace(place, source="", column=None)

    def _check(self, name: str, choice: Mapping[str, str]) -> Policy:
        locators = {policy: self.locators.get(policy, _nowhere) for policy in self.documents}
        return Checker(self.documents[name], self.context, locators, choice).policy()

    @cached_property
    def _checked(self) -> dict[str, Policy]:
        """The policies that were checked already, as they stand."""
        return {}

    def _as_it_stands(self, name: str) -> Policy:
        if name not in self._checked:
            self._checked[name] = self._check(name, {})
        return self._checked[name]

    def _kept(self, before: PolicySet) -> Iterator[tuple[str, Policy]]:
        """The policies of an earlier set that are checked alike here: all that checking looks at is the same.

        The values of parameters, and readings that don't choose a part of the document, aren't among that.
        """
        mine, theirs = self.context, before.context
        if (self.models, self.doc, self.questions_doc) != (before.models, before.doc, before.questions_doc):
            return
        if (mine.parameter_types, mine.interpretation_types) != (theirs.parameter_types, theirs.interpretation_types):
            return
        if {n: d.groups for n, d in self.documents.items()} != {n: d.groups for n, d in before.documents.items()}:
            return
        for name, doc in self.documents.items():
            chosen = self._choosing(name)
            if [mine.interpretations[n].option for n in chosen] == [theirs.interpretations[n].option for n in chosen]:
                earlier = before.documents[name]
                if doc is earlier or doc == earlier.model_copy(update={"params": doc.params}):
                    yield name, replace(before.policies[name], doc=doc)

    def _problems(self, name: str) -> Iterator[Problem]:
        """What is wrong with a policy, as it stands or under a reading that changes its structure."""
        if name in self._checked:
            return
        try:
            self._as_it_stands(name)
            for choice in self._structures(name):
                self._check(name, choice)
        except PolicyError as error:
            yield from error.problems

    def _choosing(self, policy: str) -> list[str]:
        """The interpretations that choose a part of the policy's document."""
        doc, names = self.documents[policy], set()
        for part in (*(view.by for view in doc.views.values()), *(owed.partial for owed in doc.obligations)):
            if isinstance(part, Choose):
                known_as = part.choose in self.context.interpretations
                names.add(part.choose if known_as else f"{policy}.{part.choose}")
        return sorted(n for n in names if n in self.context.interpretations)

    def _structures(self, policy: str) -> Iterator[dict[str, str]]:
        """Every combination of readings that changes the policy's structure."""
        known = self._choosing(policy)
        for words in itertools.product(*(self.context.interpretations[n].doc.words for n in known)):
            if known:
                yield dict(zip(known, words, strict=True))

    def _calendar_problems(self) -> Iterator[Problem]:
        """What the calendar names and the set hasn't."""
        calendar = self.doc.calendar
        for name, known in ((calendar.since, self.context.parameters), *((t, self.tables) for t in calendar.seen_in)):
            if name is not None and name not in known:
                place = Place(file="policy_set.yaml", path="calendar")
                yield Problem("CR-UNKNOWN-NAME", place, {"kind": "name", "name": name, "nearest": nearest(name, known)})

    def _undecided(self) -> Iterator[Problem]:
        """The questions that under some reading don't say how findings combine."""
        for name, doc in self.questions_doc.items():
            if isinstance(doc.decide, Choose):
                chosen = self.context.interpretations.get(doc.decide.choose)
                readings = chosen.doc.words if chosen else ("",)
                if any(
                    doc.decide.under(word) not in get_args(Decide) for word in readings
                ):
                    yield Problem("CR-CHOICE-INCOMPLETE", values={"name": f"{name}: {doc.decide.choose}"})

    def _decide(self, doc: QuestionDoc) -> str:
        if not isinstance(doc.decide, Choose):
            return doc.decide
        return str(doc.decide.under(self.context.interpretations[doc.decide.choose].option))


def _with_rule(doc: PolicyDoc, key: str, change: Mapping[str, Any] | None) -> PolicyDoc:
    """The document with one rule changed, added, or (None) left out."""
    rules = {rule.id: rule for rule in doc.rules}
    if change is None:
        rules.pop(key, None)
    else:
        before = rules[key].model_dump(exclude_defaults=True) if key in rules else {}
        rules[key] = _rule({**before, "id": key, **change}, f"{doc.policy}.{key}")
    return doc.model_copy(update={"rules": list(rules.values())})


def _rule(fields: Mapping[str, Any], name: str) -> RuleDoc:
    try:
        return RuleDoc.model_validate(fields)
    except ValidationError as error:
        faults = [(".".join(map(str, entry["loc"])), entry["msg"]) for entry in error.errors()]
        problems = [Problem("CR-BAD-DOCUMENT", Place(path=f"{name}.{at}"), {"reason": msg}) for at, msg in faults]
        raise PolicyError(problems) from None
