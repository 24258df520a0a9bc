"""The hooks a plugin may implement. Each says how the answers of several plugins combine."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pluggy

if TYPE_CHECKING:
    from .model.facts import Facts, FactTables
    from .model.policy_set import PolicySet
    from .model.result import Finding
    from .model.texts import Texts
    from .report import ReportFormat

PROJECT = "cadrerules"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@dataclass(frozen=True, slots=True)
class PolicySource:
    """Where a plugin keeps a policy set: its name, the folder of its documents and the models of its tables."""

    name: str
    folder: Path
    tables: tuple[type[Facts], ...]


@hookspec
def cadrerules_policy_sets() -> Iterable[PolicySource]:  # type: ignore[empty-body]
    """The policy sets a plugin brings.

    All answers are taken together and sorted by name; a name given twice is an error.
    """


@hookspec
def cadrerules_findings(policies: PolicySet, facts: FactTables, as_of: date) -> Iterable[Finding]:  # type: ignore[empty-body]
    """Findings computed in Python, for what the rule language can't say.

    Asked for whatever policy set is evaluated: answer only for your own `policies.name`. `facts` are
    the rows as they were read: which are in force, and which cells are disputed, is for the plugin to see.
    Where a grouping column keeps organisations apart, this is asked for each of them, with its rows alone
    and without that column; `Finding.group` is not for the plugin to fill.

    All answers are taken together and sorted by rule, subject and period. Each needs a rule id of
    its own and must fit its question: a known outcome, the question's kind of subject and form of
    period, `waivable` only where the verdict is, and what is `missing` where it is undetermined.
    They are opaque: they have no trace, and proofs report them as not verified. A waiver may name
    such a rule only where it was found.
    """


@hookspec
def cadrerules_reports() -> Iterable[ReportFormat]:  # type: ignore[empty-body]
    """Report formats for `cadrerules report`.

    All answers are taken together and sorted by name; a name given twice is an error.
    """


@hookspec
def cadrerules_check_waiver(policies: PolicySet, waiver: dict[str, Any]) -> Iterable[Texts]:  # type: ignore[empty-body]
    """Objections to a waiver (a row of `waivers`) in both languages; nothing where there is none.

    Asked for whatever policy set is evaluated: answer only for your own `policies.name`. The row has
    no grouping column. Any
    objection of any plugin refuses the waiver; all are reported, sorted.
    """
