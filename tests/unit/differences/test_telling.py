from __future__ import annotations

import json
import re
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.differences import difference as module
from cadrerules.differences.difference import PolicyDiff
from small_parcels import Make

DAY = date(2025, 1, 15)
ROWS = [
    {"year": 2024, "parcel": name, "weight": weight, "fragile": False}
    for name, weight in {"A|1": 9.5, "B": 10, "C": None, "<b>": 1.5}.items()
]


@dataclass(frozen=True)
class Case:
    tables: dict[str, list[dict[str, Any]]]
    as_of: date
    params: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        return {"tables": self.tables, "as_of": str(self.as_of), "params": self.params}


@dataclass(frozen=True)
class Known:
    question: str
    rules: tuple[str, ...]
    answer: str
    domain: str
    witness: Case | None = None
    before: dict[str, Any] | None = None
    after: dict[str, Any] | None = None


DECIDED = {"question": "fee", "subject": {"kind": "parcel", "id": "A"}, "period": "2024", "status": "decided", "verdict": "low"}
OPEN = {**DECIDED, "status": "undetermined", "verdict": None, "possible": ["high", None]}
ROW = {"year": 2024, "parcel": "A", "weight": 9.5, "fragile": True, "note": None}
CASE = Case({"parcels": [ROW], "boxes": []}, DAY, {"fees.extra": 2})
KNOWN = (
    Known("fee", ("fees.low", "fees.high"), "witness", "weight 0..100", CASE, DECIDED, OPEN),
    Known("care", ("fees.care",), "proved", "every row"),
)


@pytest.fixture
def found(plan: Make) -> PolicyDiff:
    new = plan(("value: 10,", "value: 9,"), ("when: counts <= 1", "when: counts <= 2"), ("en: High", "en: Dear | `x`"))
    return plan().diff(new, {"parcels": ROWS}, as_of=DAY, proofs=False)


def test_text_tells_documents_flips_and_causes(found: PolicyDiff) -> None:
    hashes = f"{found.old.hash[:12]} -> {found.new.hash[:12]}"
    assert found.to_text() == f"""\
parcels: {hashes}

Documents: 3 changed, 0 added, 0 removed
  fees: Fees
    ~ parameter fees.heavy (clause 1)
        value: 10 -> 9
    ~ derived column fees.size (clause 1)
        row 1: counts <= 1: small -> counts <= 2: small
    ~ rule fees.high (clause 1)
        title.en: High -> Dear | `x`

Whether the rules decide alike for all facts was not checked.

Decisions on the facts given, as of 2025-01-15: 3 decisions flip: parcel 3
  Fee
    A|1  2024  low -> high  parameter fees.heavy
    B    2024  low -> high  parameter fees.heavy
  Care
    <b>  2024  no decision -> due  derived column fees.size
  Causes
    2  parameter fees.heavy
    1  derived column fees.size
"""


def test_chinese_text_has_no_english_words(found: PolicyDiff) -> None:
    text = found.to_text("zh")
    assert "  费用\n    A|1  2024  低 -> 高  参数 fees.heavy\n" in text
    assert "未检查规则对所有事实是否等价。" in text
    known = {"fees", "parcel", "parcels", "fees.heavy", "fees.size", "fees.high", "value", "counts", "small", "title.en"}
    words = set(re.findall(r"[a-z_.]{4,}", text.replace(found.old.hash[:12], "").replace(found.new.hash[:12], "")))
    assert words <= known


def test_markdown_escapes_and_folds_away(found: PolicyDiff) -> None:
    text = found.to_markdown()
    assert "| `~` | parameter fees.heavy (clause 1) | value | `10` | `9` |\n" in text
    assert "| `High` | `` Dear \\| `x` `` |\n" in text
    assert "| \\<b\\> | 2024 | no decision | due | derived column fees.size |\n" in text
    assert "| A\\|1 | 2024 | low | high | parameter fees.heavy |\n" in text
    assert "<details>\n<summary>Fee: 2</summary>\n\n| Subject | Period |" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert {len(re.findall(r"(?<!\\)\|", line)) for line in tables} == {3, 6}


def test_json_is_whole_and_plain(found: PolicyDiff) -> None:
    data = json.loads(json.dumps(found.to_dict()))
    assert data["schema_version"] == 1
    assert (data["old"]["hash"], data["new"]["hash"]) == (found.old.hash, found.new.hash)
    assert (data["as_of"], data["checked"], data["differences"], data["differs"]) == ("2025-01-15", "not_asked", None, True)
    assert data["subjects"] == {"parcel": 3}
    assert data["changes"][0] == {
        "kind": "parameter", "policy": "fees", "name": "fees.heavy", "action": "changed", "clauses": ["1"],
        "fields": [{"name": "value", "old": "10", "new": "9"}], "parts": [],
    }  # fmt: skip
    flip = data["flips"][0]
    assert {key: flip[key] for key in ("question", "subject", "period", "rule")} == {
        "question": "fee", "subject": {"kind": "parcel", "id": "A|1"}, "period": "2024", "rule": None,
    }  # fmt: skip
    assert (flip["old"][0]["verdict"], flip["new"][0]["verdict"]) == ("low", "high")
    assert flip["attribution"] == {
        "causes": [{"change": "parameter fees.heavy", "share": "1"}],
        "sufficient": [["parameter fees.heavy"]],
        "together": False, "exact": True, "orders": 0, "seed": None,
    }  # fmt: skip


def test_what_is_proved_is_told_with_its_domain_and_case(found: PolicyDiff) -> None:
    proved = replace(found, differences=KNOWN, checked="proofs", flips=None)
    assert proved.differs
    text = proved.to_text()
    assert text.endswith("""\
For all facts
  Fee (fees.low, fees.high): differs, as this case shows
    weight 0..100
    the smallest case, as of 2025-01-15, fees.extra = 2
      parcels
        year=2024, parcel=A, weight=9.5, fragile=true
      boxes: no rows
      Before: A 2024: low
      After: A 2024: undetermined: high or no verdict
  Care (fees.care): equivalent, proved
    every row
""")
    marked = proved.to_markdown()
    assert "| Care (fees.care) | equivalent, proved | every row |" in marked
    assert "| year | parcel | weight | fragile | note |\n| --- | --- | --- | --- | --- |\n| `2024` | `A` | `9.5` | `true` |  |" in marked
    assert proved.to_dict()["differences"][1] == {
        "question": "care", "rules": ["fees.care"], "answer": "proved", "domain": "every row", "witness": None,
        "before": None, "after": None,
    }  # fmt: skip
    assert proved.to_dict()["differences"][0]["witness"] == CASE.to_json()
    assert proved.to_dict()["differences"][0]["after"] == OPEN
    assert not replace(proved, differences=KNOWN[1:]).differs


def test_proofs_are_left_out_where_only_words_differ_or_the_extra_is_not_there(
    plan: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert plan().diff(plan(("en: High", "en: Dear"))).checked == "same"
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "z3" else 1 / 0)
    found = plan().diff(plan(("value: 10,", "value: 9,")))
    assert (found.checked, found.differences, found.differs) == ("no_extra", None, False)
    assert "needs the extra `verify`" in found.to_text()


def test_nothing_differs(plan: Make) -> None:
    found = plan().diff(plan(), {"parcels": ROWS}, as_of=DAY)
    assert (found.changes, found.flips, found.differs) == ((), (), False)
    assert "No difference in what the documents say." in found.to_text()
    assert "No decision flips." in found.to_markdown()


@pytest.mark.parametrize(
    ("pieces", "wanted"),
    [
        ([("value: 10,", "value: 9,"), ("default: plain", "default: packed")], "each alone: parameter fees.heavy, interpretation fees.counted"),
        ([("when: counts > param.heavy", "when: counts > param.heavy - param.extra"), ("value: 5,", "value: 1,")], "only together: parameter fees.extra + rule fees.high"),
    ],
)  # fmt: skip
def test_several_causes_in_words(plan: Make, pieces: list[tuple[str, str]], wanted: str) -> None:
    old = plan(("value: 5,", "value: 0,"))
    found = (plan() if "each" in wanted else old).diff(plan(*pieces), {"parcels": ROWS[:1]}, as_of=DAY, proofs=False)
    assert found.to_text().splitlines()[-1] == f"    1  {wanted}"


def test_a_plan_is_compared_in_python() -> None:
    plan = cr.load_policies("market-supervision")
    found = plan.diff(plan.amend(params={"board.red_to": 6}), proofs=False)
    assert [change.name for change in found.changes] == ["board.red_to"]
    assert found.flips is None
