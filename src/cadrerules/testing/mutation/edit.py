"""One change of one document of a policy set, as plain data that travels between processes."""

from __future__ import annotations

import copy
import hashlib
import json
from dataclasses import dataclass, replace
from typing import Any

from ...model.documents import PolicyDoc
from ...model.policy_set import PolicySet
from ...model.set_documents import QuestionDoc

Path = tuple[str | int, ...]
QUESTIONS = "questions"
"""The document that an edit of a question is one of; every other is a policy's."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands at a path of a document is replaced by a value.

    `operator` is the kind of change, `old` and `new` the part that changes (`new` empty: it is dropped),
    `was` and `becomes` the whole text that it is part of.
    """

    document: str
    path: Path
    value: Any
    operator: str
    old: str
    new: str
    was: str = ""
    becomes: str = ""

    @property
    def id(self) -> str:
        """Short and stable: it depends on the place and the change alone."""
        content = [self.document, list(self.path), self.operator, self.old, self.new, self.becomes or repr(self.value)]
        return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()[:8]

    @property
    def place(self) -> str:
        """The element of the document, counted from 1: `board.derive.place`, `assessment.rules.prefer.when`."""
        return ".".join([self.document, *(str(part + 1) if isinstance(part, int) else part for part in self.path)])

    def apply(self, policies: PolicySet) -> PolicySet:
        """The policy set with the change; `PolicyError` or `ValidationError` where it can't be."""
        if self.document == QUESTIONS:
            return self._questions(policies)
        changed = PolicyDoc.model_validate(_set(dumped(policies.documents[self.document]), self.path, self.value))
        return replace(policies, documents={**policies.documents, self.document: changed}, made_from=policies)

    def _questions(self, policies: PolicySet) -> PolicySet:
        name = str(self.path[0])
        doc = policies.questions_doc[name]
        changed = QuestionDoc.model_validate(_set(doc.model_dump(exclude_unset=True), self.path[1:], self.value))
        return replace(policies, questions_doc={**policies.questions_doc, name: changed}, made_from=policies)


def dumped(doc: PolicyDoc) -> dict[str, Any]:
    """The document as plain data, as its YAML has it."""
    return doc.model_dump(by_alias=True, exclude_unset=True)


def _set(data: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    whole = copy.deepcopy(data)
    at: Any = whole
    for part in path[:-1]:
        at = at[part]
    at[path[-1]] = value
    return whole
