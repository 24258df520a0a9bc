"""The reform document: what may stand in its YAML, as pydantic models (the source of its JSON Schema)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from ..model.documents import Clauses, Document, Expression, GroupDoc, Name, Scalar, TableRuleDoc
from ..model.set_documents import RuleId
from ..model.texts import Texts

MOST_CHANGES = 1_000
"""The most parameters, readings or rules that a reform may name."""

Title = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Reason = Annotated[str, StringConstraints(max_length=4_000)]
FullName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=121)]


class RuleChangeDoc(Document):
    """The fields of a rule that change, or all those of a new one; null takes a field away."""

    title: Texts | None = None
    clause: Clauses = ()
    facts: str | None = None
    when: Expression | None = None
    table: TableRuleDoc | None = None
    then: Annotated[str | None, Field(description="`question.verdict`; of a table, the question")] = None
    to: GroupDoc | None = None
    subject: Name | dict[Name, Name] | None = None
    waivable: bool | None = None


class ReformDoc(Document):
    """A reform: its title, perhaps why, and the parameters, readings and rules that it changes, by full name."""

    reform: Title | Texts = Field(description="its title, as one text or in both languages")
    reason: Reason | Texts = ""
    params: dict[FullName, Scalar | None] = Field({}, max_length=MOST_CHANGES, description="values; null unsets one")
    interpretations: dict[FullName, Name] = Field({}, max_length=MOST_CHANGES, description="readings")
    rules: dict[RuleId, RuleChangeDoc | None] = Field(
        {}, max_length=MOST_CHANGES, description="changed fields of a rule, a whole new rule, or null to leave it out"
    )

    @model_validator(mode="after")
    def _changes_something(self) -> ReformDoc:
        if not (self.params or self.interpretations or self.rules):
            raise ValueError("a reform names at least one of `params`, `interpretations` and `rules`")
        return self

    def changes(self) -> dict[str, dict[str, Any]]:
        """The changes as `Plan.amend` takes them."""
        rules = {name: None if rule is None else rule.model_dump(exclude_unset=True) for name, rule in self.rules.items()}
        return {"params": dict(self.params), "interpretations": dict(self.interpretations), "rules": rules}
