"""Checks receipts: their form, hashes and chain, and that everything in them follows from their facts and policy text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from ..errors import Place, PolicyError, Problem
from ..journal.canonical import digest
from ..language.as_json import to_json
from ..language.bind import fold
from ..language.evaluate import lay_out
from ..language.operators import OPERATORS
from ..language.text import show
from ..language.told import parts_told
from ..language.types import TRUTH
from ..language.values import is_known
from ..load.parts import read_parts
from ..load.receipts import PRESENT, Line, form_problems, shown, within
from ..model.deciding import Lift, decide
from ..model.parameters import day_of, value_on
from ..model.parts import WAIVERS
from ..model.policy_set import PolicySet
from ..model.program import BoundRule
from ..model.receipt import FIRST
from ..model.result import Finding
from .rows import Rows

_and, _or, _equal = (OPERATORS[name].meaning for name in ("and", "or", "=="))
_policies = lru_cache(maxsize=64)(lambda text: read_parts(json.loads(text)))
Said = tuple[str, Any, Any]
"""A place in a receipt, what stands there, and what must."""


def check_receipts(lines: Iterable[Line]) -> Iterator[Problem]:
    """What is wrong in receipts that follow one another."""
    previous = FIRST
    for place, receipt in lines:
        if problems := form_problems(receipt, place):
            yield from problems
            continue
        if receipt["previous"] != previous:
            yield Problem("CR-RECEIPT-CHAIN", within(place, "previous"))
        yield from check_receipt(receipt, place)
        previous = receipt["hash"]


def check_receipt(receipt: Mapping[str, Any], place: Place = Place()) -> Iterator[Problem]:
    """What is wrong in one receipt whose form is right, wherever it stands in a chain."""
    if digest({name: value for name, value in receipt.items() if name != "hash"}) != receipt["hash"]:
        yield Problem("CR-RECEIPT-HASH", within(place, "hash"))
    path = "policy_text"
    try:
        for path, found, expected in _Receipt(receipt, _policies(json.dumps(receipt["policy_text"]))).said():
            if found != expected:
                yield Problem("CR-RECEIPT-VALUE", within(place, path), {"found": shown(found), "expected": shown(expected)})
    except PolicyError as error:
        yield from (Problem("CR-RECEIPT-TEXT", within(place, "policy_text"), {"reason": p.text()}) for p in error.problems)
    except Exception as error:  # whatever its parts are put together to, it is the receipt that is wrong
        yield Problem("CR-RECEIPT-BROKEN", within(place, path), {"reason": f"{type(error).__name__}: {error}"})


class _Receipt:
    """A receipt whose rules and decision are computed again from its rows."""

    def __init__(self, receipt: Mapping[str, Any], policies: PolicySet) -> None:
        self.receipt, self.policies, self.rows = receipt, policies, Rows(receipt, policies)
        self.parts, self.decision = receipt["rules"], receipt["decision"]
        self.question = policies.questions[self.decision["question"]]
        self.bound = {(b.rule.id, b.rule.outcome): b for p in self.rows.programs.values() for b in p.rules}

    def said(self) -> Iterator[Said]:
        """Each place with what stands there and what must."""
        receipt, rows, bindings = self.receipt, self.rows, self.rows.bindings
        day = day_of(self.decision["period"], rows.as_of)
        yield "parameters", receipt["parameters"], {name: value_on(bindings, name, day) for name in bindings.parameters}
        yield "interpretations", receipt["interpretations"], dict(bindings.interpretations)
        yield "policies.name", receipt["policies"]["name"], self.policies.name
        for n, part in enumerate(rows.parts):
            yield f"trace[{n}].present", part.get("present", True), to_json(rows.present(n), TRUTH)
            for source in rows.stage(n).sources:
                yield f"trace[{n}].made_from.{source}", part["made_from"].get(source, []), rows.made_from(n, source)
            for name, value in part["columns"].items():
                yield f"trace[{n}].columns.{name}", value, to_json(rows.value(n, name), rows.stage(n).types[name])
        told, outcomes = [(part["rule"], part["outcome"]) for part in self.parts], {part["outcome"] for part in self.parts}
        asked = {n for n, b in self.bound.items() if self.question.decide != "each" or b.rule.outcome in outcomes}
        yield "rules", sorted(asked - {*told}), []
        for n, part in enumerate(self.parts):
            yield from () if part.get("given") else self._rule(self.bound[told[n]], part, f"rules[{n}]")
        yield from ((f"decision.{name}", self.decision[name], value) for name, value in self._decided().items())

    def _rule(self, bound: BoundRule, part: Mapping[str, Any], at: str) -> Iterator[Said]:
        rule, truths = bound.rule, list[bool | None]()
        needed = {*self.policies.policies[rule.id.rpartition(".")[0]].needs[rule.facts], *((rule.to.table,) if rule.to else ())}
        for n, name in enumerate(part.get("lacks", ())):
            yield f"{at}.lacks[{n}]", name in needed and name not in self.rows.tables, True
        for n, one in enumerate(part.get("applications", ())):
            truth, nodes, about = self._applied(bound, one)
            for m, (said, node) in enumerate(zip(one["nodes"], nodes, strict=True)):
                yield f"{at}.applications[{n}].nodes[{m}]", said, node
            yield f"{at}.applications[{n}].truth", one["truth"], to_json(truth, TRUTH)
            yield f"{at}.applications[{n}].row", (self.decision["subject"], self.decision["period"]), about
            truths.append(truth)
        yield f"{at}.truth", part["truth"], to_json(_or(False, *truths), TRUTH)

    def _applied(self, bound: BoundRule, one: Mapping[str, Any]) -> tuple[bool | None, list[dict[str, Any]], Any]:
        """Whether a rule holds on a row, the parts of its condition, and whom and which period that is about."""
        rule, row, stage = bound.rule, self.rows.trace[one["row"]], self.rows.stage(one["row"])
        tables, when = self.policies.context.grains, next(step.node for step in stage.steps if step.name == rule.key)
        period = row[rule.period] if rule.period and is_known(row[rule.period]) else None
        nodes, truths = parts_told(when, row, stage.types, tables, rule.key), [row[PRESENT], row[rule.key]]
        if rule.to:
            other, types = self.rows.inputs[one["addressee"]], {**stage.types, **tables[rule.to.table].columns}
            types |= {"period": stage.types[stage.along]} if stage.along else {}
            truths += [other[PRESENT], *(_equal(row[name], other[name]) for name in rule.to.shared)]
            row = {**row, **other, "period": period}
            for condition in map(fold, bound.conditions):
                nodes += parts_told(condition, row, types, tables)
                truths.append(lay_out(condition).value(row))
        subject = {"kind": rule.kind, "id": row[rule.subject] if rule.subject else rule.kind}
        return _and(*truths), nodes, (subject, None if period is None else str(period))

    def _decided(self) -> dict[str, Any]:
        """The fields of the decision that follow from how the rules stand; what an open one waits for is told, not computed."""
        findings = [self._finding(part) for part in self.parts if part["truth"] is not False]
        (made,) = decide({self.question.name: self.question}, findings, self)
        fields = made.model_dump(mode="json", exclude={"missing", "parameters"} if made.possible else set())
        group = self.decision.get("group")
        return fields | ({"id": f"{group}/{fields['id']}"} if group else {})

    def _finding(self, part: Mapping[str, Any]) -> Finding:
        bound = self.bound.get((part["rule"], part["outcome"]))
        waivable, clauses = (bound.rule.waivable, bound.rule.clauses) if bound else (part["waivable"], part["clauses"])
        about = {"subject": self.decision["subject"], "period": self.decision["period"], "waivable": waivable, "clause": clauses}
        status = "holds" if part["truth"] is True else "undetermined"
        finding = Finding.model_validate({"rule": part["rule"], "outcome": part["outcome"], "status": status, **about})
        if bound and bound.rule.amounts:
            finding._amounts = lambda: self._amounts(bound, part)  # noqa: SLF001 - the model's own slot for it
        return finding

    def _amounts(self, bound: BoundRule, part: Mapping[str, Any]) -> dict[str, str | None]:
        at, amounts = next(one["row"] for one in part["applications"] if one["truth"] is not False), bound.rule.amounts
        columns = amounts.columns if amounts else {}
        told = {name: show(self.rows.trace[at][c], self.rows.stage(at).types[c]) for name, c in columns.items()}
        owed_by = (amounts.owed_by if amounts else "") or self.decision["subject"]["id"]
        return {"owed_by": owed_by, **{name: None if text == "unknown" else text for name, text in told.items()}}

    def lift(self, finding: Finding) -> Lift:
        """Whether waivers among the inputs lift a finding."""
        key = (finding.rule, finding.subject.id, finding.period or "")
        rows = self.rows.of_table(WAIVERS) if finding.waivable else []
        mine = [row for row in rows if (row["rule"], row["subject"], str(row["period"])) == key]
        telling = (*filter(None, self.policies.tables[WAIVERS].counts or ()), "authority", "reason") if mine else ()
        lifts = [_and(row[PRESENT], True if all(is_known(row[name]) for name in telling) else None) for row in mine]
        authorities = dict.fromkeys(row["authority"] for row, lifted in zip(mine, lifts, strict=True) if lifted)
        return Lift(_or(False, *lifts), tuple(authorities))
