"""A plan as data, for a process of its own."""

from __future__ import annotations

from dataclasses import dataclass

from .load.declared_tables import declared_table
from .model.documents import PolicyDoc
from .model.facts import Facts
from .model.policy_set import PolicySet
from .model.set_documents import ClausesDoc, QuestionDoc, SetDoc
from .plan import Plan


@dataclass(frozen=True)
class Portable:
    """A plan as data that another process can make it from: its documents, and the tables that these don't declare."""

    doc: SetDoc
    models: tuple[type[Facts], ...]
    questions: dict[str, QuestionDoc]
    documents: dict[str, PolicyDoc]
    chosen: dict[str, str]
    clauses: ClausesDoc | None

    @classmethod
    def of(cls, plan: Plan) -> Portable:
        """The plan, packed; of its plugins only those that are installed come along."""
        p = plan.policy_set
        models = tuple(model for name, model in p.models.items() if name not in p.doc.tables)
        return cls(p.doc, models, dict(p.questions_doc), dict(p.documents), dict(p.chosen), p.clauses_doc)

    def plan(self) -> Plan:
        """The plan again."""
        declared = {name: declared_table(name, table) for name, table in self.doc.tables.items()}
        models = {model.spec.name: model for model in self.models} | declared
        made = PolicySet(self.doc, models, self.questions, self.documents, self.chosen, clauses_doc=self.clauses)
        return Plan(made)
