"""What the checker finds in a receipt that was changed, and where it says so."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import cadrerules as cr
from cadrerules import checker
from cadrerules.checker import check_receipt, check_receipts
from cadrerules.errors import Place
from cadrerules.evidence.comparing import policy_problems
from cadrerules.evidence.making import sealed
from cadrerules.hookspecs import hookimpl
from cadrerules.load.receipts import form_problems
from cadrerules.model.result import Subject
from small_bureau import AS_OF, HEAD, PLAN, WAIVER, evaluate, row, standing

HIGH = [row(deducted=3, cause="subjective", completed=False)]
BARRED = {"results": HIGH, "staff": [HEAD]}


def receipt(tables: dict[str, Any], question: str, subject: str, period: str | None = None, **readings: str) -> Any:
    made = evaluate(tables, **readings).decision(question, subject, period).receipt()
    return json.loads(json.dumps(made))


FLAG = receipt({"progress": standing("2024Q3", *(f"U{n:02}" for n in range(1, 13)))}, "flag", "U07")
WAIVED = receipt({**BARRED, "waivers": [WAIVER]}, "promotion", "H")


def told(changed: Any) -> list[tuple[str, str]]:
    """The codes and places of what is wrong."""
    problems = form_problems(changed, Place()) or check_receipt(changed)
    return [(problem.code, problem.place.path) for problem in problems]


def test_nothing_is_wrong_with_what_was_made() -> None:
    assert told(FLAG) == told(WAIVED) == []
    assert WAIVED["decision"]["waived_by"] == ["局党组"]
    assert WAIVED["decision"]["overridden"] == ["assessment.bar_deduction"]


CHANGES: dict[str, tuple[Callable[[Any], Any], tuple[str, str]]] = {
    "verdict": (lambda r: r["decision"].update(verdict="black"), ("CR-RECEIPT-VALUE", "decision.verdict")),
    "clause": (lambda r: r["decision"].update(clauses=["9"]), ("CR-RECEIPT-VALUE", "decision.clauses")),
    "parameter": (lambda r: r["parameters"].update({"board.red_to": 6}), ("CR-RECEIPT-VALUE", "parameters")),
    "reading": (lambda r: r["interpretations"].update({"board.ties": "dense"}), ("CR-RECEIPT-VALUE", "interpretations")),
    "input": (lambda r: r["inputs"][6]["cells"].update(progress=1), ("CR-RECEIPT-VALUE", "trace[6].columns.progress")),
    "value": (lambda r: r["trace"][18]["columns"].update(place=6), ("CR-RECEIPT-VALUE", "trace[18].columns.place")),
    "source": (lambda r: r["trace"][18]["made_from"].update(standing=[5]), ("CR-RECEIPT-VALUE", "trace[18].made_from.standing")),
    "node": (
        lambda r: r["rules"][0]["applications"][0]["nodes"][0].update(value="black"),
        ("CR-RECEIPT-VALUE", "rules[0].applications[0].nodes[0]"),
    ),
    "truth": (lambda r: r["rules"][1].update(truth=True), ("CR-RECEIPT-VALUE", "rules[1].truth")),
    "rule left out": (lambda r: r["rules"].pop(), ("CR-RECEIPT-VALUE", "rules")),
    "text": (
        lambda r: r["policy_text"]["policies"]["board"]["rules"][0].update(when="place < 3"),
        ("CR-RECEIPT-VALUE", "rules[0].applications[0].nodes[0]"),
    ),
    "text that is none": (
        lambda r: r["policy_text"]["policies"]["board"]["rules"][0].update(when="place <"),
        ("CR-RECEIPT-TEXT", "policy_text"),
    ),
    "value of another type": (lambda r: r["trace"][18]["columns"].update(place="first"), ("CR-RECEIPT-BROKEN", "policy_text")),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_is_found_with_its_place(name: str) -> None:
    change, expected = CHANGES[name]
    changed = copy.deepcopy(FLAG)
    change(changed)
    assert ("CR-RECEIPT-HASH", "hash") in told(changed)
    assert expected in told(sealed(changed))


@pytest.mark.parametrize("odd", [None, [], {}, "x", 10**400, {"known": False}, -1])
@pytest.mark.parametrize("part", [k for k in FLAG if k not in ("previous", "library", "hash")])
def test_odd_parts_are_problems_and_no_crash(part: str, odd: Any) -> None:
    assert told(sealed({**FLAG, part: odd})) != [] or FLAG[part] == odd


def test_a_waiver_that_is_not_in_force_lifts_nothing() -> None:
    changed = copy.deepcopy(WAIVED)
    (waiver,) = [part for part in changed["inputs"] if part["table"] == "waivers"]
    waiver["cells"]["decided_on"] = "2025-01-16"
    assert ("CR-RECEIPT-VALUE", "decision.waived_by") in told(sealed(changed))


T = "{en: x, zh: 某}"
TINY = {
    "policy_set.yaml": f"""
format: 1
policy_set: tiny
title: {T}
tables:
  marks: {{columns: {{unit: {{type: text, key: true}}, points: {{type: whole}}}}}}
  notes: {{columns: {{unit: {{type: text, key: true}}, fine: {{type: truth}}}}}}
""",
    "questions.yaml": f"""
format: 1
questions:
  answer:
    title: {T}
    subject: unit
    period: none
    decide: gravest
    verdicts:
      low: {{title: {T}, polarity: neutral}}
      high: {{title: {T}, polarity: neutral, severity: 1}}
""",
    "tiny.yaml": f"""
format: 1
policy: tiny
title: {T}
rules:
  - {{id: points, title: {T}, facts: marks, when: points > 1, then: answer.low}}
  - {{id: noted, title: {T}, facts: marks, when: exists(notes), then: answer.high}}
  - {{id: fine, title: {T}, facts: notes, when: fine, then: answer.high}}
""",
}


@pytest.fixture
def tiny(tmp_path: Path) -> cr.Plan:
    for name, text in TINY.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return cr.load_policies(tmp_path)


def test_a_table_that_is_not_there_is_named_and_not_taken_for_empty(tiny: cr.Plan) -> None:
    made = json.loads(json.dumps(tiny.evaluate({"marks": [{"unit": "U", "points": 2}]}).decision("answer", "U").receipt()))
    assert (made["absent"], made["decision"]["possible"]) == (["notes"], ["low", "high"])
    assert made["rules"][2] == {"rule": "tiny.fine", "outcome": "answer.high", "truth": False, "lacks": ["notes"]}
    assert told(made) == []
    assert ("CR-RECEIPT-VALUE", "trace[0].columns.tiny.noted") in told(sealed({**made, "absent": []}))


def test_a_rule_lacks_only_tables_that_are_not_there(tiny: cr.Plan) -> None:
    facts = {"marks": [{"unit": "U", "points": 2}], "notes": [{"unit": "U", "fine": True}]}
    made = json.loads(json.dumps(tiny.evaluate(facts).decision("answer", "U").receipt()))
    assert told(made) == []
    made["rules"][2] = {**made["rules"][2], "lacks": ["notes"], "applications": [], "truth": False}
    assert ("CR-RECEIPT-VALUE", "rules[2].lacks[0]") in told(sealed(made))


def test_receipts_follow_one_another() -> None:
    result = evaluate({"progress": standing("2024Q3", "A", "B", "C")})
    made = [(Place(line=n), json.loads(json.dumps(r))) for n, r in enumerate(cr.receipts(result), start=1)]
    assert list(check_receipts(made)) == []
    (problem,) = check_receipts([made[0], made[2]])
    assert (problem.code, problem.place.line, problem.place.path) == ("CR-RECEIPT-CHAIN", 3, "previous")
    assert [p.code for p in check_receipts([(Place(line=1), None)])] == ["CR-RECEIPT-FORM"]


def test_what_a_plugin_found_is_taken_as_given() -> None:
    about = {"subject": Subject(kind="unit", id="U01"), "period": "2024Q3"}
    finding = cr.Finding(rule="extra.pick", clause=("9",), outcome="flag.red", waivable=False, status="holds", **about)
    module = ModuleType("extra")
    module.cadrerules_findings = hookimpl(lambda: [finding])  # type: ignore[attr-defined]
    plan = cr.Plan(PLAN.policy_set, cr.plugin_manager(module))
    result = plan.evaluate({"progress": standing("2024Q3", "U01")}, as_of=AS_OF)
    made = json.loads(json.dumps(result.decision("flag", "U01").receipt()))
    assert [part["rule"] for part in made["rules"] if part.get("given")] == ["extra.pick"]
    assert made["decision"]["because"] == ["board.red", "extra.pick"]
    assert told(made) == []


def test_policies_are_compared_by_hash_and_by_the_text_of_the_parts_used() -> None:
    assert list(policy_problems(FLAG, PLAN, Place())) == []
    other = PLAN.amend(params={"board.red_to": 6})
    found = [(p.code, p.place.path) for p in policy_problems(FLAG, other, Place())]
    assert found == [
        ("CR-RECEIPT-POLICIES", "policies.hash"),
        ("CR-RECEIPT-POLICIES", "policy_text.policies.board.params.red_to.value"),
    ]
    elsewhere = PLAN.amend(params={"board.red_quarters": 3})  # no flag turns on it
    assert [p.place.path for p in policy_problems(FLAG, elsewhere, Place())] == ["policies.hash"]


def test_the_checker_is_small_and_takes_nothing_from_the_engines() -> None:
    folder = Path(checker.__file__).parent
    assert sum(len(path.read_text("utf-8").splitlines()) for path in folder.glob("*.py")) < 300
    code = "import sys, cadrerules.checker; print([m for m in sys.modules if m.startswith(('cadrerules.engines', 'cadrerules.plan', 'cadrerules.report', 'cadrerules.evidence'))])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_dated_parameters_hold_by_period() -> None:
    documents = PLAN.policy_set.documents
    board = documents["board"]
    red = board.params["red_to"].model_copy(update={"value": None, "values": {date(2024, 1, 1): 7, date(2024, 7, 1): 1}})
    policies = replace(PLAN.policy_set, documents={**documents, "board": board.model_copy(update={"params": {**board.params, "red_to": red}})})
    result = cr.Plan(policies).evaluate({"progress": standing("2024Q2", "A", "B") + standing("2024Q3", "A", "B")}, as_of=AS_OF)
    made = [json.loads(json.dumps(result.decision("flag", "B", quarter).receipt())) for quarter in ("2024Q2", "2024Q3")]
    assert [(m["parameters"]["board.red_to"], m["decision"]["verdict"]) for m in made] == [(7, "red"), (1, "yellow")]
    assert [told(one) for one in made] == [[], []]
