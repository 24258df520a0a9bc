"""Makes the receipt of a decision."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from .. import __version__
from ..engines.scalar.findings import Candidate
from ..engines.scalar.frames import Values
from ..evaluate import Prepared
from ..journal.canonical import digest
from ..language.as_json import to_json
from ..language.bind import fold
from ..language.nodes import Column, walk
from ..language.operators import OPERATORS
from ..language.told import parts_told
from ..language.types import TRUTH
from ..model.parameters import day_of, value_on
from ..model.parts import WAIVERS, by_name, parts_of
from ..model.policy import Rule
from ..model.program import BoundRule
from ..model.receipt import FIRST, NAME, VERSION
from ..model.result import Decision, Finding
from .gathering import Gatherer, Row
from .inputs import At, Inputs

Places = dict[int, dict[Row, int]]
"""The place in the trace of each row that a gatherer has, by the gatherer's identity."""

_or = OPERATORS["or"].meaning


def receipt_of(decision: Decision, previous: str = "") -> dict[str, Any]:
    """The receipt of a decision, after the one whose hash is given."""
    prepared = decision._result.evidence(decision)  # noqa: SLF001 - the model's own slot for it
    return sealed({**_Maker(prepared, decision).content(), "previous": previous or FIRST})


def sealed(content: dict[str, Any]) -> dict[str, Any]:
    """A receipt's content with its hash."""
    unsealed = {name: value for name, value in content.items() if name != "hash"}
    return {**unsealed, "hash": digest(unsealed)}


@dataclass
class _Application:
    """A rule on one row, and perhaps one addressee, as they are known until all rows have their places."""

    gatherer: Gatherer
    at: Row
    addressee: At | None
    nodes: list[dict[str, Any]]
    truth: bool | None


@dataclass
class _Applied:
    """A rule with the rows that it was applied to; of what a plugin computed the finding."""

    rule: Rule | None
    truth: bool | None = False
    rows: list[_Application] = field(default_factory=list)
    lacks: list[str] = field(default_factory=list)
    finding: Finding | None = None


class _Maker:
    def __init__(self, prepared: Prepared, decision: Decision) -> None:
        self.prepared, self.decision = prepared, decision
        self.policies, self.evaluation = prepared.plan.policy_set, prepared.evaluation
        self.rules = [rule for name in self._asked() for rule in self.policies.policies[name].rules if self._bears(rule)]
        self.parts = parts_of(self.policies, self.rules)
        columns = {name: frozenset(by_name(table["columns"])) for name, table in self.parts["set"]["tables"].items()}
        self.inputs = Inputs(self.policies.tables, columns)
        self.gatherers: dict[str, Gatherer] = {}

    def _asked(self) -> list[str]:
        """The policies that were evaluated, or would have been if their tables were there."""
        left_out = (left.policy for left in self.evaluation.not_evaluated if left.rule is None)
        return [*self.evaluation.runs, *left_out]

    def _bears(self, rule: Rule) -> bool:
        """Whether a rule bears on the decision: another verdict of a question that has one decision for each doesn't."""
        if rule.question != self.decision.question or rule.kind != self.decision.subject.kind:
            return False
        if self.decision.rules:
            return rule.id in self.decision.rules
        each = self.prepared.plan.questions[rule.question].decide == "each"
        return not each or rule.verdict == self.decision.id.rpartition("/")[2]

    def content(self) -> dict[str, Any]:
        rules = [self._of_rule(rule) for rule in self.rules]
        self._waivers()
        inputs = self.inputs.listed()
        rows = [(gatherer, at) for gatherer in self.gatherers.values() for at in gatherer.rows()]
        places: Places = {}
        for place, (gatherer, at) in enumerate(rows):
            places.setdefault(id(gatherer), {})[at] = place
        return {
            "format": NAME,
            "version": VERSION,
            "library": __version__,
            "engine": "scalar",
            "policies": {"name": self.policies.name, "hash": self.policies.hash},
            "as_of": self.evaluation.as_of.isoformat(),
            "decision": self.decision.model_dump(mode="json"),
            **self._settings(),
            "absent": [name for name in self.parts["set"]["tables"] if not self._is_there(name)],
            "inputs": inputs,
            "trace": [gatherer.listed(at, places[id(gatherer)]) for gatherer, at in rows],
            "rules": [self._listed(rule, places) for rule in (*rules, *self._given())],
            "policy_text": self.parts,
        }

    def _is_there(self, table: str) -> bool:
        return table in self.evaluation.facts or self.policies.tables[table].absent == "none"

    def _settings(self) -> dict[str, Any]:
        """The values of parameters on the day that counts, and the readings in force, by full name."""
        bindings = self.policies.bindings(self.evaluation.as_of)
        day = day_of(self.decision.period, self.evaluation.as_of)
        named = {kind: [f"{p}.{key}" for p, doc in self.parts["policies"].items() for key in doc.get(kind, ())] for kind in ("params", "interpretations")}
        return {
            "parameters": {name: value_on(bindings, name, day) for name in named["params"]},
            "interpretations": {name: bindings.interpretations[name] for name in named["interpretations"]},
        }

    # --- rules ----------------------------------------------------------------------------------

    def _of_rule(self, rule: Rule) -> _Applied:
        """A rule on every row that bears on the subject and period; all that it rests on is gathered."""
        run = self.evaluation.runs.get(rule.id.rpartition(".")[0])
        if run is None or rule.key in run.skipped:
            return _Applied(rule, lacks=self._lacks(rule))
        (bound,) = (bound for bound in run.program.rules if bound.rule.key == rule.key)
        gatherer = self.gatherers.setdefault(run.program.policy.name, Gatherer(run, self.inputs))
        found = [c for c in run.candidates(bound, self.decision.subject.id) if _written(c.period) == self.decision.period]
        applied = _Applied(rule, truth=_or(False, *(candidate.truth for candidate in found)))
        for candidate in found:
            applied.rows += [self._application(bound, gatherer, candidate, *one) for one in candidate.rows]
        return applied

    def _lacks(self, rule: Rule) -> list[str]:
        needed = {*self.policies.policies[rule.id.rpartition(".")[0]].needs[rule.facts], *((rule.to.table,) if rule.to else ())}
        return sorted(name for name in needed if name not in self.evaluation.facts)

    def _application(
        self, bound: BoundRule, gatherer: Gatherer, candidate: Candidate, row: Values, addressee: Values | None, truth: bool | None
    ) -> _Application:
        rule, run = bound.rule, gatherer.run
        stage = gatherer.stages[rule.facts]
        tables = self.policies.context.grains
        nodes = parts_told(gatherer.steps[stage.name][rule.key], row, stage.types, tables, rule.key)
        columns = [rule.key, rule.period, *(rule.amounts.columns.values() if rule.amounts else ())]
        if addressee is None or rule.to is None:
            at = gatherer.need(stage, row, _there((*columns, rule.subject), row))
            return _Application(gatherer, at, None, nodes, truth)
        pair = run.explainer.pair_stage(stage, rule.to.table)
        both = {**row, **addressee, "period": candidate.period}
        for condition in bound.conditions:
            nodes += parts_told(fold(condition), both, pair.types, tables)
        theirs = addressee.keys()
        read = [p.name for c in bound.conditions for p in walk(c) if isinstance(p, Column) and p.name not in theirs]
        at = gatherer.need(stage, row, _there((*columns, *rule.to.shared, *read), row))
        return _Application(gatherer, at, self.inputs.add(run.frames[rule.to.table], addressee), nodes, truth)

    def _given(self) -> Iterator[_Applied]:
        """What plugins found on the question, subject and period."""
        mine = {finding.rule for finding in self.prepared.from_plugins}
        yield from (_Applied(None, finding=finding) for finding in self.decision.findings if finding.rule in mine)

    def _waivers(self) -> None:
        """List the waivers of what the decision rests on."""
        waivers = self.prepared.waivers
        for finding in self.decision.findings if WAIVERS in self.evaluation.facts else ():
            for row in waivers.by_key.get((finding.rule, finding.subject.id, finding.period or ""), ()):
                self.inputs.add(waivers.frame, dict(row))

    def _listed(self, applied: _Applied, places: Places) -> dict[str, Any]:
        if applied.rule is None:
            return _of_plugin(applied.finding)
        rows = [
            {
                "row": places[id(one.gatherer)][one.at],
                **({} if one.addressee is None else {"addressee": self.inputs.place[one.addressee]}),
                "nodes": one.nodes,
                "truth": to_json(one.truth, TRUTH),
            }
            for one in applied.rows
        ]
        head = {"rule": applied.rule.id, "outcome": applied.rule.outcome, "truth": to_json(applied.truth, TRUTH)}
        return {**head, **({"applications": rows} if rows else {}), **({"lacks": applied.lacks} if applied.lacks else {})}


def _of_plugin(finding: Finding | None) -> dict[str, Any]:
    assert finding is not None
    truth = to_json(True if finding.status == "holds" else None, TRUTH)
    head = {"rule": finding.rule, "outcome": finding.outcome, "truth": truth, "given": True}
    return {**head, "waivable": finding.waivable, "clauses": list(finding.clause)}


def _written(period: Any) -> str | None:
    return None if period is None else str(period)


def _there(columns: Iterable[str], row: Values) -> list[str]:
    return [name for name in columns if name in row]
