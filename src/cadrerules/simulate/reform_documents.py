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

    title: Texts | None = Field(None, description="what the rule says, for people")
    clause: Clauses = Field((), description="the clauses that it cites")
    facts: str | None = Field(None, description="the table or view it looks at")
    when: Expression | None = Field(None, description="the condition under which it holds for a row")
    table: TableRuleDoc | None = Field(None, description="the decision table")
    then: Annotated[str | None, Field(description="`question.verdict`; of a table, the question")] = None
    to: GroupDoc | None = Field(None, description="the rows that the outcome goes to")
    subject: Name | dict[Name, Name] | None = Field(None, description="the kind of subject, or the column of its ids, by kind")
    waivable: bool | None = Field(None, description="`false` for a waivable verdict that this rule makes strict")


class ReformDoc(Document):
    """A reform: its title, perhaps why, and the parameters, readings and rules that it changes, by full name."""

    reform: Title | Texts = Field(description="its title, as one text or in both languages")
    reason: Reason | Texts = Field("", description="why it is proposed")
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
