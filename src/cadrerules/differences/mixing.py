"""Policy sets between an old version and a new one: the old one with only some of the changes made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from ..errors import CadreError
from ..model.documents import PolicyDoc
from ..model.facts import Facts
from ..model.policy_set import PolicySet
from ..model.set_documents import QuestionDoc
from .changes import Change

_SECTIONS: Mapping[str, str] = {
    "parameter": "params",
    "interpretation": "interpretations",
    "group": "groups",
    "view": "views",
    "column": "derive",
    "title": "titles",
}
"""Where in a policy's document the elements of a kind stand, by name."""
_LISTS: Mapping[str, str] = {"rule": "rules", "obligation": "obligations"}
_HEADER = ("title", "about", "clause", "in_force", "facts")
"""What a policy's document says of the policy itself."""


def mixed(old: PolicySet, new: PolicySet, changes: Iterable[Change]) -> PolicySet | None:
    """The old set with these changes made, each whole; None where that isn't a policy set that checks.

    Neither set is changed. A set that doesn't check is, for instance, one whose rule names a parameter
    that another change adds.
    """
    mix = _Mix(old, new)
    try:
        for change in changes:
            mix.make(change)
        return mix.made()
    except (CadreError, _ApartError):
        return None


class _ApartError(Exception):
    """A change is to a part of something that isn't there."""


@dataclass
class _Mix:
    old: PolicySet
    new: PolicySet
    documents: dict[str, PolicyDoc] = field(init=False)
    questions: dict[str, QuestionDoc] = field(init=False)
    models: dict[str, type[Facts]] = field(init=False)
    chosen: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.documents, self.questions = dict(self.old.documents), dict(self.old.questions_doc)
        self.models, self.chosen = dict(self.old.models), dict(self.old.chosen)
        self.doc, self.clauses = self.old.doc, self.old.clauses_doc

    def made(self) -> PolicySet:
        """The set; raises where it doesn't check."""
        return replace(
            self.old,
            doc=self.doc, models=self.models, questions_doc=self.questions, documents=self.documents,
            chosen=self.chosen, clauses_doc=self.clauses, locators={}, made_from=self.old,
        )  # fmt: skip

    def make(self, change: Change) -> None:
        match change.kind:
            case "set":
                self.doc = self.new.doc
            case "table" | "table_column":
                _take(self.models, self.new.models, change.name.partition(".")[0])
            case "question":
                self.question(change)
            case "verdict":
                self.verdict(change.name)
            case "policy":
                self.policy(change)
            case "clause":
                self.clauses = self.new.clauses_doc
            case _:
                self.element(change)

    def question(self, change: Change) -> None:
        """A question: come or gone whole, or changed in all but its verdicts."""
        if change.action != "changed":
            _take(self.questions, self.new.questions_doc, change.name)
        else:
            verdicts = self.questions[change.name].verdicts
            self.questions[change.name] = self.new.questions_doc[change.name].model_copy(update={"verdicts": verdicts})

    def verdict(self, name: str) -> None:
        question, _, key = name.partition(".")
        if question not in self.questions:
            raise _ApartError
        mine = dict(self.questions[question].verdicts)
        _take(mine, self.new.questions_doc[question].verdicts, key)
        self.questions[question] = self.questions[question].model_copy(update={"verdicts": mine})

    def policy(self, change: Change) -> None:
        """A policy: come or gone whole, or changed in what it says of itself."""
        if change.action != "changed":
            _take(self.documents, self.new.documents, change.name)
            for part in change.parts:
                self.reading(part)
        else:
            self.update(change.name, {name: getattr(self.new.documents[change.name], name) for name in _HEADER})

    def element(self, change: Change) -> None:
        """An element of one policy."""
        policy, key = change.policy, change.name.partition(".")[2]
        if policy not in self.documents:
            raise _ApartError
        section = _SECTIONS.get(change.kind)
        if section is None:
            section = _LISTS[change.kind]
            self.update(policy, {section: list(self.part(section, change, key, lambda part: {p.id: p for p in part}).values())})
        else:
            self.update(policy, {section: self.part(section, change, key, dict)})
        self.reading(change)

    def part(self, section: str, change: Change, key: str, named: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """A section of a policy's document, by name, with one element as the new one has it."""
        mine = named(getattr(self.documents[change.policy], section))
        theirs = self.new.documents.get(change.policy)
        _take(mine, named(getattr(theirs, section)) if theirs else {}, key)
        return mine

    def reading(self, change: Change) -> None:
        """The choice of a reading goes with its interpretation."""
        if change.kind == "interpretation":
            _take(self.chosen, self.new.chosen, change.name)

    def update(self, policy: str, update: Mapping[str, Any]) -> None:
        self.documents[policy] = self.documents[policy].model_copy(update=dict(update))


def _take(mine: dict[str, Any], theirs: Mapping[str, Any], name: str) -> None:
    """Have what another has under a name, or nothing."""
    if name in theirs:
        mine[name] = theirs[name]
    else:
        mine.pop(name, None)
