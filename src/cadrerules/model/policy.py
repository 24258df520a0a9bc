"""A checked policy: its relations, derived columns and rules as trees, each with the text it came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from ..language.nodes import Across, Node, walk
from ..language.scope import CALENDAR, Grain
from ..language.types import Choice, Type
from .documents import GroupDoc, InterpretationDoc, ParameterDoc, PolicyDoc
from .facts import Table
from .set_documents import QuestionDoc, VerdictDoc
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
    """Rows with columns: every combination of its sources' rows, with definitions added.

    The sources are tables, the calendar or earlier relations. `where` keeps rows, `by` groups them.
    """

    name: str
    sources: tuple[str, ...]
    by: tuple[str, ...] | None
    definitions: tuple[Definition, ...]
    grain: Grain
    where: Definition | None = None

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The trees of its condition and definitions."""
        return (*((self.where.node,) if self.where else ()), *(d.node for d in self.definitions))


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


AMOUNTS = ("due", "done", "short")


@dataclass(frozen=True, slots=True)
class Amounts:
    """What an obligation's decision tells.

    Who owes (a subject's id, or empty: the subject), and in which columns of its row stands how much is
    due, how much was done and how much is lacking.
    """

    owed_by: str = ""
    columns: Mapping[str, str] = field(default_factory=lambda: {name: name for name in AMOUNTS})


@dataclass(frozen=True)
class Rule:
    """One outcome of a rule; `id` is the rule's full name, `board.red`.

    A decision table and an obligation have several outcomes under one id, told apart by `key`. `subject`
    is the column with the id of whom it is about (empty: the organisation itself), `period` that of the
    period (empty: none), `facts` the relation whose rows it looks at, `text` what the author wrote,
    `shaped_by` the interpretations that chose a part of the document it stands in.
    """

    id: str
    title: Texts
    text: str
    when: Node
    question: str
    verdict: str
    waivable: bool
    kind: str
    subject: str
    period: str
    clauses: tuple[str, ...]
    facts: str
    to: Addressees | None = None
    each: GroupDoc | None = None
    several: bool = False
    shaped_by: tuple[str, ...] = ()
    amounts: Amounts | None = None

    @property
    def key(self) -> str:
        """Its id, with the verdict where the rule has several outcomes."""
        return f"{self.id}/{self.verdict}" if self.several else self.id

    @property
    def outcome(self) -> str:
        """`question.verdict`."""
        return f"{self.question}.{self.verdict}"


@dataclass(frozen=True)
class Policy:
    """A checked policy; `titles` are those of its columns, `grains` what it knows of each table."""

    doc: PolicyDoc
    relations: tuple[Relation, ...] = ()
    rules: tuple[Rule, ...] = ()
    reads: frozenset[str] = frozenset()
    titles: Mapping[str, Texts] = field(default_factory=dict)
    grains: Mapping[str, Grain] = field(default_factory=dict, repr=False)

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
        """The relation with its derived columns; None for a policy that has no `facts`."""
        return next((r for r in self.relations if r.name == facts_name(self.name)), None)

    @cached_property
    def needs(self) -> Mapping[str, frozenset[str]]:
        """Per relation the tables that must be there for it: those of its rows, and those it aggregates."""
        found: dict[str, frozenset[str]] = {}
        for relation in self.relations:
            across = (part.table for node in relation.nodes for part in walk(node) if isinstance(part, Across))
            names = {*relation.sources, *across, *self._conditions_need(relation.name)} - CALENDAR.keys()
            found[relation.name] = frozenset(table for name in names for table in found.get(name, {name}))
        return found

    def _conditions_need(self, relation: str) -> set[str]:
        nodes = [rule.when for rule in self.rules if rule.facts == relation]
        return {part.table for node in nodes for part in walk(node) if isinstance(part, Across)}


def facts_name(policy: str, source: str = "") -> str:
    """The name of the relation that rules look at: the policy's own, or that of one of its views or tables."""
    return f"{policy}.facts" + (f".{source}" if source else "")


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
    organisation: str | None = None

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
