"""Two plans compared in three ways: their documents, what can be proved of their rules, and the decisions that flip."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, Literal, Protocol

from ..errors import Lang
from .attribution import Flip, Progress, attribute
from .changes import Change
from .decisions import subjects
from .documents import changes
from .facts import Source

if TYPE_CHECKING:
    from ..plan import Plan

Checked = Literal["proofs", "same", "tables", "no_extra", "not_asked"]
"""How the rules were compared for all facts: by proofs; not at all, for nothing that decides differs, for the tables
do, for the extra `verify` isn't installed, or because nobody asked."""


class Witness(Protocol):
    """Tables on which two plans decide otherwise: rows by table, the day, and values of unset parameters."""

    @property
    def tables(self) -> Mapping[str, Sequence[Mapping[str, Any]]]:
        """The rows."""

    @property
    def as_of(self) -> date:
        """The day of the evaluation."""

    @property
    def params(self) -> Mapping[str, Any]:
        """What unset parameters are."""

    def to_json(self) -> dict[str, Any]:
        """All of it as plain data."""


class Difference(Protocol):
    """What is known of a question for all facts of a domain: proved alike, a witness that it isn't, or undecided.

    `before` and `after` are the two plans' decisions on the witness, as plain data; None where there is none.
    """

    @property
    def question(self) -> str:
        """The question."""

    @property
    def rules(self) -> Sequence[str]:
        """The rules that answer it, by id."""

    @property
    def answer(self) -> str:
        """`proved`, `witness` or `undecided`."""

    @property
    def domain(self) -> str:
        """Of which tables that is known."""

    @property
    def witness(self) -> Witness | None:
        """The smallest tables on which the plans differ."""

    @property
    def before(self) -> Mapping[str, Any] | None:
        """What the old plan decides on them."""

    @property
    def after(self) -> Mapping[str, Any] | None:
        """What the new plan decides on them."""


@dataclass(frozen=True)
class PolicyDiff:
    """How a new plan differs from an old one.

    `changes` are those of the documents. `differences` say of each question whether the rules decide alike
    for all facts; None where `checked` says why that is not known. `flips` are the decisions that differ on
    the facts given, each with its causes; None where none were given.
    """

    old: Plan = field(repr=False)
    new: Plan = field(repr=False)
    changes: tuple[Change, ...]
    differences: tuple[Difference, ...] | None = None
    checked: Checked = "not_asked"
    flips: tuple[Flip, ...] | None = None
    as_of: date | None = None

    @property
    def differs(self) -> bool:
        """Whether some decision differs: one on the facts given, or one of a witness."""
        return bool(self.flips) or any(difference.witness is not None for difference in self.differences or ())

    @property
    def subjects(self) -> Mapping[str, int]:
        """How many subjects of each kind have a decision that flips."""
        return subjects(flip.asked for flip in self.flips or ())

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""
        from .text import to_text

        return to_text(self, lang)

    def to_markdown(self, lang: Lang = "en") -> str:
        """Markdown to paste into a review; whatever stands in facts and documents is escaped."""
        from .markdown import to_markdown

        return to_markdown(self, lang)

    def to_dict(self) -> dict[str, Any]:
        """The comparison as plain data, ready for JSON."""
        return {
            "schema_version": 1,
            "old": {"name": self.old.name, "hash": self.old.hash},
            "new": {"name": self.new.name, "hash": self.new.hash},
            "as_of": self.as_of and self.as_of.isoformat(),
            "changes": [change.to_dict() for change in self.changes],
            "checked": self.checked,
            "differences": None if self.differences is None else [_plain(each) for each in self.differences],
            "flips": None if self.flips is None else [flip.to_dict() for flip in self.flips],
            "subjects": dict(self.subjects),
            "differs": self.differs,
        }


def _plain(difference: Difference) -> dict[str, Any]:
    named = {"question": difference.question, "rules": list(difference.rules), "answer": difference.answer}
    witness = difference.witness and difference.witness.to_json()
    return {**named, "domain": difference.domain, "witness": witness, "before": difference.before, "after": difference.after}


def diff(
    old: Plan,
    new: Plan,
    facts: Source | None = None,
    as_of: date | None = None,
    *,
    group_by: str = "",
    engine: str = "auto",
    proofs: bool = True,
    progress: Progress | None = None,
) -> PolicyDiff:
    """How the new plan differs from the old one; with facts also the decisions that flip, and why.

    `facts`, `as_of` (default: today), `group_by` and `engine` are as `Plan.evaluate` takes them, and so is what
    is raised. With `proofs`, and the extra `verify`, the rules are compared for all facts.
    """
    found = changes(old.policy_set, new.policy_set)
    day = as_of or date.today()
    checked, differences = _proved(old, new, found) if proofs else ("not_asked", None)
    flips = None
    if facts is not None:
        flips = attribute(old, new, found, facts, day, group_by=group_by, engine=engine, progress=progress)
    return PolicyDiff(old, new, found, differences, checked, flips, None if facts is None else day)


def _proved(old: Plan, new: Plan, found: tuple[Change, ...]) -> tuple[Checked, tuple[Difference, ...] | None]:
    """What can be proved, where anything that decides differs."""
    if all(change.only_words for change in found):
        return "same", None
    if old.tables != new.tables:
        return "tables", None
    if find_spec("z3") is None:
        return "no_extra", None
    prove: Callable[[Plan, Plan], Sequence[Difference]] = import_module("cadrerules.verify").difference
    return "proofs", tuple(prove(old, new))
