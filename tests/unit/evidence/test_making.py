"""What receipts hold, whatever the decision was made from and whichever engine made it."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.checker import check_receipt, check_receipts
from cadrerules.errors import Place
from cadrerules.evidence.chain import write_receipts
from cadrerules.evidence.differing import differing
from cadrerules.load.receipts import form_problems, read_lines
from cadrerules.model.receipt import FIRST, Receipt, json_schema
from small_bureau import AS_OF, HEAD, PLAN, evaluate, row, standing

PROGRESS = standing("2024Q3", *(f"U{n:02}" for n in range(1, 13)))


def written(receipt: Any) -> Any:
    return json.loads(json.dumps(receipt, sort_keys=True))


def sound(receipt: Any) -> bool:
    plain = written(receipt)
    return not form_problems(plain, Place()) and not list(check_receipt(plain))


def test_a_receipt_has_what_the_decision_rests_on_and_no_more() -> None:
    tables = {"progress": PROGRESS + standing("2024Q2", "U01"), "results": [row()], "staff": [HEAD]}
    receipt = evaluate(tables).decision("flag", "U08", "2024Q3").receipt()
    assert [part["key"] for part in receipt["inputs"]] == [["2024Q3", f"U{n:02}", "I1"] for n in range(1, 13)]
    assert {part["table"] for part in receipt["inputs"]} == {"progress"}
    assert receipt["inputs"][7]["cells"] == {"progress": 93, "regional_rank": {"known": False, "from": 1}}
    assert receipt["parameters"] == {"board.red_to": 7, "board.yellow_to": 10}
    assert (receipt["previous"], receipt["engine"], receipt["policies"]) == (FIRST, "scalar", {"name": PLAN.name, "hash": PLAN.hash})
    red, yellow, _ = receipt["rules"]
    assert (red["truth"], yellow["truth"]) == (False, True)
    assert yellow["applications"][0]["nodes"] == [
        {"text": "flag", "value": "yellow"},
        {"text": '"yellow"', "value": "yellow"},
        {"text": 'flag == "yellow"', "value": True},
    ]
    assert sound(receipt)


def test_what_is_not_known_and_what_is_in_dispute_stands_as_such() -> None:
    dispute = {"table": "progress", "key": "2024Q3/U03/I1", "column": "progress", "raised_on": "2024-12-01"}
    receipt = evaluate({"progress": PROGRESS, "disputes": [dispute]}).decision("flag", "U03").receipt()
    assert receipt["inputs"][2]["cells"]["progress"] == {"known": False, "from": 0}
    assert receipt["inputs"][2]["disputed"] == ["progress"]
    assert receipt["decision"]["missing"] == ["progress[2024Q3/U03/I1].progress"]
    assert sound(receipt)


def test_the_same_decision_always_has_the_same_receipt() -> None:
    one, two = (evaluate({"progress": some}).decision("flag", "U05").receipt() for some in (PROGRESS, PROGRESS[::-1]))
    assert one == two


def test_columns_give_the_receipts_of_the_scalar_engine() -> None:
    pytest.importorskip("polars")
    facts = cr.read_tables({"progress": PROGRESS}, PLAN)
    results = [PLAN.evaluate(facts, as_of=AS_OF, policies=["board"], engine=engine) for engine in ("scalar", "polars")]
    one, two = (result.decision("flag", "U05").receipt() for result in results)
    assert one == two


@pytest.mark.parametrize("engine", ["scalar", "polars"])
def test_an_organisation_has_receipts_of_its_own(engine: str) -> None:
    pytest.importorskip("polars")
    rows = [{"bureau": bureau, **one} for bureau in ("A", "B") for one in PROGRESS]
    result = PLAN.evaluate({"progress": rows}, as_of=AS_OF, policies=["board"], group_by="bureau", engine=engine)
    receipt = result.decision("flag", "U02", group="B").receipt()
    assert (receipt["decision"]["id"], receipt["decision"]["group"]) == ("B/flag/U02/2024Q3", "B")
    assert len(receipt["inputs"]) == 12
    assert sound(receipt)


def test_pseudonyms_hide_who_is_meant_and_receipts_still_check() -> None:
    tables = {"results": [row(deducted=3, cause="subjective")], "staff": [{**HEAD, "person": "P0123", "name": "Ada"}]}
    facts = cr.pseudonymise(cr.read_tables(tables, PLAN), b"0123456789abcdef")
    receipt = PLAN.evaluate(facts, as_of=AS_OF).decision("promotion", cr.pseudonym("P0123", b"0123456789abcdef")).receipt()
    assert "P0123" not in json.dumps(receipt)
    assert "Ada" not in json.dumps(receipt)
    assert sound(receipt)


def test_a_file_of_receipts_is_a_chain(tmp_path: Path) -> None:
    result = evaluate({"progress": PROGRESS})
    assert write_receipts(result, tmp_path / "receipts.jsonl") == len(result.decisions) == 12
    lines = list(read_lines(tmp_path / "receipts.jsonl"))
    assert list(check_receipts(lines)) == []
    assert lines[3][1] == written(list(cr.receipts(result))[3])
    last = lines[-1][1]["hash"]
    assert next(cr.receipts(result, result.decisions[:1], previous=last))["previous"] == last


def test_a_journal_keeps_receipts(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy")
    receipt = evaluate({"progress": PROGRESS}).decision("flag", "U01").receipt()
    with cr.open_journal(tmp_path / "facts.db") as journal:
        entry = journal.receipt(receipt, key="U01")
    assert entry.receipt == written(receipt)
    assert sound(entry.receipt)


def test_the_schema_is_that_of_a_receipt() -> None:
    schema = json.loads(json_schema())
    receipt = written(evaluate({"progress": PROGRESS}).decision("flag", "U01").receipt())
    assert schema["required"] == [name for name in Receipt.model_fields if name not in ("format", "version", "engine")]
    assert sorted(schema["properties"]) == list(receipt)
    page = Path(__file__).parents[3] / "docs" / "reference" / "receipt.schema.json"
    assert page.read_text("utf-8") == json_schema() + "\n"


def test_documents_differ_part_by_part() -> None:
    first = {"a": {"b": 1, "c": [{"name": "x", "v": 1}, {"name": "y", "v": 2}]}, "d": [1, 2]}
    second = {"a": {"b": 2, "c": [{"name": "y", "v": 3}]}, "d": [1]}
    assert list(differing(first, second)) == [
        ("a.b", 1, 2),
        ("a.c.x", {"name": "x", "v": 1}, None),
        ("a.c.y.v", 2, 3),
        ("d", [1, 2], [1]),
    ]
    assert list(differing(first, first)) == []


def test_a_decision_without_a_period_has_the_parameters_of_the_day() -> None:
    problem = {"problem": "Q1", "aspect": "style", "listed_on": "2024-01-01", "due_on": "2024-02-01", "goal": "g", "measures": "m"}
    problem |= {"effect_on": None, "closed_on": None}
    tables = {"problems": [{**problem, "lead_unit": "U", "responsible_unit": "U"}], "units": [{"unit": "U"}]}
    result = PLAN.evaluate(tables, as_of=date(2025, 1, 15))
    receipt = result.decision("rectification", "Q1").receipt()
    assert receipt["parameters"]["rectification.effect_months"] == 6
    assert sound(receipt)
