"""A checked policy: its relations, derived columns and rules as trees, each with the text it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..language.nodes import Node
from ..language.scope import Grain
from ..language.types import Choice, Type
from .documents import InterpretationDoc, ParameterDoc, PolicyDoc, QuestionDoc, RuleDoc, VerdictDoc
from .facts import Table
from .texts import Texts


@dataclass(frozen=True, slots=True)
class Definition:
    """A column and the checked tree that computes it; `text` is what the author wrote."""

    name: str
    node: Node
    type: Type
    text: str


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows with columns: those of `source` (a table or an earlier relation), grouped by `by`, with definitions added."""

    name: str
    source: str
    by: tuple[str, ...] | None
    definitions: tuple[Definition, ...]
    grain: Grain


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition on an addressee, checked in the policy that wrote it."""

    policy: str
    node: Node
    text: str


@dataclass(frozen=True, slots=True)
class Addressees:
    """Whom an outcome goes to: rows of `table` that meet every condition."""

    table: str
    conditions: tuple[Condition, ...]
    shared: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """A checked rule; `id` is its full name, `board.red`."""

    id: str
    doc: RuleDoc
    when: Node
    question: str
    verdict: str
    waivable: bool
    subject: str
    period: str
    clauses: tuple[str, ...]
    to: Addressees | None = None

    @property
    def title(self) -> Texts:
        """Its title in both languages."""
        return self.doc.title

    @property
    def outcome(self) -> str:
        """`question.verdict`."""
        return self.doc.then


@dataclass(frozen=True)
class Policy:
    """A checked policy. The last relation is the one whose rows its rules look at."""

    doc: PolicyDoc
    relations: tuple[Relation, ...] = ()
    rules: tuple[Rule, ...] = ()
    reads: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """Its name, the first part of its rules' ids."""
        return self.doc.policy

    @property
    def title(self) -> Texts:
        """Its title in both languages."""
        return self.doc.title

    @property
    def facts(self) -> Relation | None:
        """The relation whose rows the rules look at; None for a policy without rules."""
        return self.relations[-1] if self.relations else None


@dataclass(frozen=True)
class Interpretation:
    """An ambiguity and the reading in force: chosen for this policy set, adopted, or the default."""

    name: str
    doc: InterpretationDoc
    chosen: str | None = None

    @property
    def option(self) -> str:
        """The reading in force."""
        return self.chosen or (self.doc.adopted.choice if self.doc.adopted else self.doc.default)

    @property
    def adopted(self) -> bool:
        """Whether somebody adopted the reading in force."""
        return self.doc.adopted is not None and self.doc.adopted.choice == self.option


@dataclass(frozen=True)
class Parameter:
    """A number, date or year of the plan; `doc` holds its value, values, or why it is unset."""

    name: str
    doc: ParameterDoc
    type: Type

    @property
    def is_set(self) -> bool:
        """Whether it has a value."""
        return self.doc.unset is None


@dataclass(frozen=True)
class Question:
    """A question and how the findings that answer it combine."""

    name: str
    doc: QuestionDoc
    decide: str

    @property
    def title(self) -> Texts:
        """Its title in both languages."""
        return self.doc.title

    @property
    def verdicts(self) -> Mapping[str, VerdictDoc]:
        """The possible answers."""
        return self.doc.verdicts


@dataclass(frozen=True)
class Context:
    """What the policies of a set share: tables, parameters, interpretations and questions."""

    tables: Mapping[str, Table]
    parameters: Mapping[str, Parameter]
    interpretations: Mapping[str, Interpretation]
    questions: Mapping[str, QuestionDoc]
    policies: Mapping[str, PolicyDoc] = field(default_factory=dict)

    @cached_property
    def grains(self) -> Mapping[str, Grain]:
        """The columns and key of each table."""
        return {name: Grain(table.types, table.key) for name, table in self.tables.items()}

    @cached_property
    def parameter_types(self) -> Mapping[str, Type]:
        """The type of each parameter, by full name."""
        return {name: parameter.type for name, parameter in self.parameters.items()}

    @cached_property
    def interpretation_types(self) -> Mapping[str, Choice]:
        """The readings of each interpretation, by full name."""
        return {name: Choice(i.doc.words) for name, i in self.interpretations.items()}
