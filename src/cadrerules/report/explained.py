"""What an explanation holds, before it takes any format: decision, reasons, cases, lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..model.counterfactual import Outlook
from ..model.organisations import Organisation
from ..model.result import Result

Standing = Literal["behind", "overridden", "waived", "open", "fails", "no_row", "not_evaluated"]
"""How a rule stands to a decision, or why it is not part of one."""


@dataclass(frozen=True, slots=True)
class Line:
    """One part of a condition in words: `text` has `value`.

    `expression` and `raw` are the same as the trace has them; `cell` names a fact, `note` says what
    is special about it; `repeated` that the parts below it were shown before.
    """

    text: str
    value: str = ""
    expression: str = ""
    raw: str = ""
    cell: str = ""
    note: str = ""
    repeated: bool = False
    children: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """A rule on one row (and addressee): its key, what tells it from other rows in words, and its condition."""

    row: Mapping[str, str]
    label: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Waived:
    """A waiver that lifts a rule."""

    authority: str
    reason: str
    decided_on: str
    expires_on: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """A rule and how it came out. `leads_to` is the verdict in words; `more` counts cases left out."""

    rule: str
    title: str
    clauses: tuple[str, ...]
    outcome: str
    leads_to: str
    status: str
    standing: Standing
    cases: tuple[Case, ...] = ()
    more: int = 0
    waivers: tuple[Waived, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter with its value in the decision's period; `why` says why it is unset."""

    name: str
    title: str
    value: Any
    clauses: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """An interpretation, the option in force and whether anybody adopted it."""

    name: str
    title: str
    option: str
    text: str
    default: bool
    adopted: bool
    adopted_by: str | None
    adopted_on: str | None
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """A fact or parameter that an undetermined decision waits for."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What was evaluated: day, policy set and its hash, and of several organisations which one."""

    as_of: str
    name: str
    hash: str
    organisation: Organisation | None = None

    @classmethod
    def of(cls, result: Result) -> Basis:
        """What a result of one organisation, or without grouping, rests on."""
        organisation = Organisation(result.group, result.of) if result.of else None
        return cls(result.as_of.isoformat(), result.policies["name"], result.policies["hash"], organisation)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A decision in words with all that it rests on; `decision` holds its fields as the JSON has them.

    `outlook` is what would change it, where that was asked for.
    """

    decision: Mapping[str, Any]
    basis: Basis
    question: str
    kind: str
    verdict: str | None
    possible: tuple[str, ...]
    reasons: tuple[Reason, ...]
    settings: tuple[Setting, ...]
    readings: tuple[Reading, ...]
    waits: tuple[Wait, ...]
    outlook: Outlook | None = None


@dataclass(frozen=True, slots=True)
class Unmet:
    """The rules of one question that do not apply to a subject in one period (None: in any)."""

    question: str
    title: str
    period: str | None
    reasons: tuple[Reason, ...]
    outlook: Outlook | None = None


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything about one subject: its decisions explained, and the rules that do not apply."""

    subject: str
    kind: str
    basis: Basis
    decisions: tuple[Explanation, ...] = ()
    unmet: tuple[Unmet, ...] = field(default=())
