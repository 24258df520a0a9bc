"""Rules of a policy document, checked: conditions, decision tables and obligations, whom they are about and go to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ..language.check import check_condition, check_node
from ..language.nodes import Apply, Column, Literal, Node, conjunction
from ..language.parse import parse
from ..language.periods import PERIODS
from ..language.scope import Grain, Scope
from ..language.source import nearest
from ..language.types import TRUTH, Period, Type
from .decision_tables import cell_condition, overlapping
from .documents import Choose, GroupDoc, ObligationDoc, RuleDoc, TableRuleDoc
from .obligations import TITLES, WRITTEN, Expanded, expand
from .policy import AMOUNTS, Addressees, Amounts, Definition, Relation, Rule, facts_name
from .set_documents import QuestionDoc
from .texts import Texts
from .written import Path, Written

if TYPE_CHECKING:
    from .checking import Checker


@dataclass
class RuleChecker:
    """Checks the rules of one document, adding the relations they look at to those of the policy."""

    at: Checker

    def rules(self) -> tuple[Rule, ...]:
        """The checked rules, one for each outcome; problems are noted with the checker."""
        found: list[Rule] = []
        for i, rule in enumerate(self.at.doc.rules):
            found += self.at.attempt(lambda i=i, rule=rule: list(self.rule(i, rule))) or []
        for i, owed in enumerate(self.at.doc.obligations):
            found += self.at.attempt(lambda i=i, owed=owed: list(self.obligation(i, owed))) or []
        return tuple(found)

    # --- rules and decision tables --------------------------------------------------------------

    def rule(self, index: int, doc: RuleDoc) -> Iterator[Rule]:
        """The outcomes of one rule."""
        path: Path = ("rules", index)
        question, _, verdict = doc.then.partition(".")
        grain = self.facts(doc, path).grain
        guard = [self.at.condition(Written(doc.when, (*path, "when")), grain)] if doc.when else []
        if doc.table is None:
            yield self.outcome(doc, question, verdict, guard[0], doc.when or "", path)
            return
        hits = self.table_rows(doc, doc.table, path)
        for verdict, rows in hits.items():
            hit = rows[0] if len(rows) == 1 else Apply("or", tuple(rows))
            when = conjunction([*guard, hit])
            yield self.outcome(doc, question, verdict, when, f"{doc.table.hit}: {', '.join(doc.table.on)}", path)

    def relation_of(self, doc: RuleDoc) -> str:
        return facts_name(self.at.doc.policy, doc.facts or "")

    def facts(self, doc: RuleDoc, path: Path) -> Relation:
        """The relation a rule looks at: the policy's own, or rows of the table or view that it names."""
        name = self.relation_of(doc)
        if name not in self.at.found:
            self.at.grain_of(doc.facts or "", (*path, "facts"))
            self.at.relation(name, (doc.facts or "",), path)
        return self.at.found[name]

    def table_rows(self, doc: RuleDoc, table: TableRuleDoc, path: Path) -> dict[str, list[Node]]:
        """What must hold for each row of a decision table to count, by the verdict it gives."""
        relation = self.at.found[self.relation_of(doc)]
        scope = self.at.scope(relation.grain)
        rows = [self.cells(table, row, scope, (*path, "table", "rows", n)) for n, row in enumerate(table.rows)]
        if table.hit == "unique":
            for i, j in overlapping(rows):
                self.at.fail("CR-ROWS-OVERLAP", (*path, "table", "rows", j), first=i + 1, second=j + 1)
        hits: dict[str, list[Node]] = {}
        definitions: list[Definition] = []
        for n, (cells, row) in enumerate(zip(rows, table.rows, strict=True)):
            earlier = [Apply("not", (Column(d.name),)) for d in definitions] if table.hit == "first" else []
            name = f"{doc.id}_row_{n + 1}"
            tests = [cell for cell in cells if not isinstance(cell, Literal)]
            definitions.append(Definition(name, conjunction(tests), TRUTH, ""))
            self.at.titles[name] = Texts(en=f"row {n + 1} of the table", zh=f"决策表第 {n + 1} 行")
            hits.setdefault(str(row[-1]), []).append(conjunction([Column(name), *earlier]))
        types = {**relation.grain.columns, **dict.fromkeys((d.name for d in definitions), TRUTH)}
        grain = Grain(types, relation.grain.key)
        self.at.found[relation.name] = replace(relation, definitions=(*relation.definitions, *definitions), grain=grain)
        return hits

    def cells(self, table: TableRuleDoc, row: list[Any], scope: Scope, path: Path) -> list[Node]:
        """The checked tests of one row."""
        found = []
        for n, (on, cell) in enumerate(zip(table.on, row[:-1], strict=True)):
            source = self.at.source(Written("" if cell is None else str(cell), (*path, n)))
            condition = cell_condition(parse(on), cell, source)
            found.append(check_node(condition, source, scope))
        return found

    # --- obligations ----------------------------------------------------------------------------

    def obligation(self, index: int, doc: ObligationDoc) -> Iterator[Rule]:
        """The two outcomes of an obligation: unmet, and behind in a period still open."""
        path: Path = ("obligations", index)
        full = expand(doc, self.at.structural(doc.partial, (*path, "partial")))
        relation = self.owed(doc, full, path)
        for verdict, text in (("unmet", full.unmet), ("behind", full.behind)):
            if text is not None:
                when = check_condition(self.at.source(Written(text, path)), self.at.scope(relation.grain))
                yield self.outcome(doc, doc.then, verdict, when, text, path)

    def owed(self, doc: ObligationDoc, full: Expanded, path: Path) -> Relation:
        """The rows that tell, for everybody bound and each period, what is due and done."""
        name = facts_name(self.at.doc.policy, doc.id)
        table, where = self.at.group(doc.each, (*path, "each")) if doc.each else ("", [])
        rows = (*((f"every {doc.every}",) if doc.every else ()), *((table,) if table else ()))
        for column, text in TITLES.items():
            self.at.titles.setdefault(column, text)
        if table:
            by = (*((doc.every,) if doc.every else ()), doc.subject)
            self.at.relation(
                f"{name}.bound",
                rows,
                path,
                where=[*where, *(Written(text, path) for text in full.where)],
                derive={column: Written(text, path) for column, text in full.before.items()},
                by=by,
                columns={column: Written(text, path) for column, text in full.columns.items()},
            )
            rows = (f"{name}.bound",)
        derive = {column: Written(text, (*path, *WRITTEN.get(column, ()))) for column, text in full.derive.items()}
        return self.at.relation(name, rows, path, derive=derive)

    # --- outcomes -------------------------------------------------------------------------------

    def outcome(
        self, doc: RuleDoc | ObligationDoc, question: str, verdict: str, when: Node, text: str, path: Path
    ) -> Rule:
        """One outcome of a rule: a verdict under a condition."""
        asked = self.question(question, verdict, path)
        several = isinstance(doc, ObligationDoc) or doc.table is not None
        relation = self.at.found[facts_name(self.at.doc.policy, doc.id if isinstance(doc, ObligationDoc) else doc.facts or "")]
        grain = relation.grain
        to = self.addressees(doc.to, grain, asked.period, path) if isinstance(doc, RuleDoc) and doc.to else None
        kind, subject = self.subject(doc, asked, self.at.context.grains[to.table] if to else grain, question, path)
        waivable = isinstance(doc, RuleDoc) and asked.verdicts[verdict].waivable and doc.waivable is not False
        return Rule(
            id=f"{self.at.doc.policy}.{doc.id}",
            title=doc.title,
            text=text,
            when=when,
            question=question,
            verdict=verdict,
            waivable=waivable,
            kind=kind,
            subject=subject,
            period=self.period_column(asked.period, grain, path),
            clauses=doc.clause or self.at.doc.clause,
            facts=relation.name,
            to=to,
            each=doc.to if isinstance(doc, RuleDoc) else doc.each,
            several=several,
            shaped_by=self.shaped_by(doc, path),
            amounts=self.amounts(doc, grain),
        )

    def shaped_by(self, doc: RuleDoc | ObligationDoc, path: Path) -> tuple[str, ...]:
        if isinstance(doc, ObligationDoc) and isinstance(doc.partial, Choose):
            return (self.at.interpretation(doc.partial, (*path, "partial")),)
        return ()

    def question(self, question: str, verdict: str, path: Path) -> QuestionDoc:
        asked = self.at.context.questions.get(question)
        if asked is None or verdict not in asked.verdicts:
            known = [f"{q}.{v}" for q, d in self.at.context.questions.items() for v in d.verdicts]
            name = f"{question}.{verdict}"
            self.at.fail("CR-UNKNOWN-OUTCOME", (*path, "then"), name=name, nearest=nearest(name, known))
        return asked

    def subject(
        self, doc: RuleDoc | ObligationDoc, asked: QuestionDoc, grain: Grain, question: str, path: Path
    ) -> tuple[str, str]:
        """The kind of subject, and the column that holds its id; empty for the organisation itself."""
        named = doc.subject
        if isinstance(named, dict):
            ((kind, column),) = named.items()
            found = kind in asked.subjects and column in grain.columns
        else:
            kinds = [kind for kind in asked.subjects if named in (None, kind)]
            in_key = [kind for kind in kinds if kind in grain.key]
            own = [kind for kind in kinds if kind == self.at.context.organisation]
            kind = next(iter(in_key or own), "")
            column, found = (kind if in_key else ""), bool(kind)
        if not found:
            self.at.fail("CR-NO-SUBJECT", path, subject=", ".join(asked.subjects), question=question)
        return kind, column

    def amounts(self, doc: RuleDoc | ObligationDoc, grain: Grain) -> Amounts | None:
        """What its decisions tell of amounts: those of an obligation, and of rows with such columns."""
        if not all(name in grain.columns for name in AMOUNTS):
            return None
        owed_by = doc.owed_by if isinstance(doc, ObligationDoc) else None
        return Amounts(owed_by or "")

    def period_column(self, kind: str, grain: Grain, path: Path) -> str:
        """The column that tells a rule's answers about one subject apart; empty where there is but one."""
        along = grain.along
        if kind in ("none", "any"):
            return along if kind == "any" else ""
        if kind in PERIODS:
            if along and grain.columns[along] == Period(kind):
                return along
        elif kind in grain.key:
            return kind
        self.at.fail("CR-WRONG-PERIOD", path, kind=kind)

    def addressees(self, doc: GroupDoc, grain: Grain, kind: str, path: Path) -> Addressees:
        """Whom an outcome goes to, with every condition on the way to the group's table."""
        table, chain = self.at.group(doc, (*path, "to"))
        other = self.at.context.grains[table]
        columns: dict[str, Type] = {**grain.columns, **other.columns}
        if kind in PERIODS:
            columns["period"] = Period(kind)
        conditions = [self.at.lone_condition(written, Grain(columns, other.key)) for written in chain]
        return Addressees(table, tuple(conditions), tuple(k for k in other.key if k in grain.columns))
