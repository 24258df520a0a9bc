"""What a comparison of documents gives: elements that are added, removed or changed, field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal[
    "set", "table", "table_column", "question", "verdict", "policy", "parameter", "interpretation",
    "group", "view", "column", "title", "rule", "obligation", "clause",
]  # fmt: skip
"""What an element of the documents is."""
Action = Literal["added", "removed", "changed"]
Key = tuple[Kind, str]
"""An element's identity in its policy set: what it is, and its full name."""

_WORDS = ("title", "why", "about", "clause", "source", "unit", "adopted.by", "adopted.on", "options", "colour")
"""Fields, or their first parts, that only people read: they decide nothing."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an element with its text before and after; None where it has none."""

    name: str
    old: str | None
    new: str | None

    @property
    def only_words(self) -> bool:
        """Whether it is read by people only, so that no decision rests on it."""
        return any(self.name == word or self.name.startswith(f"{word}.") for word in _WORDS) or self.name == "unset"


@dataclass(frozen=True, slots=True)
class Change:
    """One element that differs.

    `policy` is the policy it belongs to, empty for what the whole set shares; `name` its full name
    (`board.red_to`); `clauses` those it cites, after the change where it is still there. `parts` are
    the elements that come, go or change together with it: those of a policy, question or table.
    """

    kind: Kind
    policy: str
    name: str
    action: Action
    fields: tuple[Field, ...] = ()
    clauses: tuple[str, ...] = ()
    parts: tuple[Change, ...] = ()

    @property
    def key(self) -> Key:
        """The identity of its element."""
        return self.kind, self.name

    @property
    def keys(self) -> frozenset[Key]:
        """The identities of its element and of those that go with it."""
        return frozenset({self.key, *(part.key for part in self.parts)})

    @property
    def only_words(self) -> bool:
        """Whether nothing but texts for people differs."""
        if self.kind in ("clause", "title"):
            return True
        return self.action == "changed" and all(f.only_words for f in self.fields) and not self.parts

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data."""
        return {
            "kind": self.kind,
            "policy": self.policy or None,
            "name": self.name,
            "action": self.action,
            "clauses": list(self.clauses),
            "fields": [{"name": f.name, "old": f.old, "new": f.new} for f in self.fields],
            "parts": [part.to_dict() for part in self.parts],
        }


def counts(changes: tuple[Change, ...]) -> Mapping[str, int]:
    """How many elements were added, removed and changed, those that go with others not counted apart."""
    actions: tuple[Action, ...] = ("added", "removed", "changed")
    return {action: sum(change.action == action for change in changes) for action in actions}
