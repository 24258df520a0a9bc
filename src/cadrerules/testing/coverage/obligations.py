"""What cases have to show of a policy's rules: the obligations that coverage is counted by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from ...model.decision_tables import ANYTHING
from ...model.documents import RuleDoc
from ...model.program import Program
from .atoms import Possible, ordered
from .conditions import Condition, conditions
from .independence import can_be_independent

Kind = Literal["rule", "row", "atom", "boundary", "independence"]
KINDS: Final[tuple[Kind, ...]] = ("rule", "row", "atom", "boundary", "independence")


@dataclass(frozen=True, slots=True, order=True)
class Obligation:
    """One thing to be shown.

    `rows` names what it is about: a rule's key for `rule` and `row`, else the rows that the atom is looked at on.
    `text` is the rule's key, a row of a decision table, an atom, or `condition | atom` for independence. `want` is
    held, failed or undetermined; hit or not_hit; true, false or unknown; at or beside; decides.
    """

    policy: str
    kind: Kind
    rows: str
    text: str
    want: str


@dataclass(frozen=True, slots=True)
class Due:
    """An obligation with what it is shown by: the column or rule that the condition stands in, and the rules that rest on it."""

    obligation: Obligation
    owner: str
    atom: str
    condition: str
    rules: tuple[str, ...]


def obligations(program: Program, possible: Possible, options: Mapping[str, tuple[str, ...]]) -> Iterator[Due]:
    """All obligations of a policy; those that can't be met, going by its tables and by how its conditions are related, are left out."""
    found = conditions(program)
    policy = program.policy.name
    for bound in program.rules:
        key = bound.rule.key
        open_ = any(possible.unknown(atom, c) for c in found if _is_of(c, key) for atom in c.atoms.values())
        for want in ("held", "failed", *(("undetermined",) if open_ else ())):
            yield Due(Obligation(policy, "rule", key, key, want), key, key, bound.rule.text, (key,))
    for doc in program.policy.doc.rules:
        yield from _rows(program, doc)
    for condition in found:
        yield from _of_condition(condition, possible, options)


def _is_of(condition: Condition, key: str) -> bool:
    """Whether a condition is the rule's own, not one within a column: on that its outcome rests."""
    return key in condition.rules and condition.kind in ("rule", "addressee")


def _rows(program: Program, doc: RuleDoc) -> Iterator[Due]:
    """That each row of a decision table is hit, and, unless it takes everything, that it isn't."""
    rule = f"{program.policy.name}.{doc.id}"
    rules = tuple(bound.rule.key for bound in program.rules if bound.rule.id == rule)
    for n, cells in enumerate(doc.table.rows if doc.table else ()):
        name = row_name(doc, n)
        everything = all(cell is None or str(cell).strip() in ANYTHING for cell in cells[:-1])
        for want in ("hit",) if everything else ("hit", "not_hit"):
            yield Due(Obligation(program.policy.name, "row", rule, name, want), rule, name, name, rules)


def row_name(doc: RuleDoc, n: int) -> str:
    """The column that tells whether a row of a decision table is hit."""
    return f"{doc.id}_row_{n + 1}"


def _of_condition(condition: Condition, possible: Possible, options: Mapping[str, tuple[str, ...]]) -> Iterator[Due]:
    rules = tuple(condition.rules)

    def due(kind: Kind, text: str, atom: str, want: str) -> Due:
        what = Obligation(condition.policy, kind, condition.rows, text, want)
        return Due(what, condition.owner, atom, condition.text, rules)

    for text, atom in condition.atoms.items():
        for want in ("true", "false", *(("unknown",) if possible.unknown(atom, condition) else ())):
            yield due("atom", text, text, want)
        if ordered(atom):
            for want in ("at", *(("beside",) if possible.beside(atom, condition) else ())):
                yield due("boundary", text, text, want)
    able = can_be_independent(condition, options) if len(condition.atoms) > 1 else ()
    for text in condition.atoms:
        if text in able:
            yield due("independence", f"{condition.text} | {text}", text, "decides")
