from __future__ import annotations

import hashlib
import hmac
import subprocess
import sys
from datetime import date
from typing import Annotated, Any

import pytest

import cadrerules as cr
from cadrerules.load.declared_tables import declared_table
from cadrerules.model import pseudonyms
from cadrerules.model.facts import Column, Facts
from cadrerules.model.pseudonyms import Pseudonyms
from cadrerules.model.set_documents import TableDoc

KEY = bytes(range(32))
PLAN = cr.load_policies("market-supervision")


def code(text: str, kind: str = "P", key: bytes = KEY) -> str:
    """What the documentation says a code is."""
    return f"{kind}-{hmac.new(key, f'{kind}:{text}'.encode(), hashlib.sha256).hexdigest()[:14]}"


def staff(person: str, role: str = "head", **cells: Any) -> dict[str, Any]:
    return {"person": person, "unit": "U01", "role": role, "name": None, **cells}


def activity(name: str, actor: str, target: str | None = None) -> dict[str, Any]:
    return {"activity": name, "kind": "contact_visit", "actor": actor, "done_on": "2024-05-01", "target": target}


def waiver(subject: str, reason: str = "-", **cells: Any) -> dict[str, Any]:
    shared = {"rule": "assessment.bar_deduction", "period": "2024", "decided_on": "2024-12-01"}
    return {**shared, "subject": subject, "authority": "局党组", "reason": reason, **cells}


def replaced(tables: dict[str, Any], key: bytes = KEY, **options: Any) -> cr.FactTables:
    return cr.pseudonymise(cr.read_tables(tables, PLAN), key, **options)


def problems(tables: dict[str, Any]) -> list[tuple[str, str]]:
    with pytest.raises(cr.CadreError) as caught:
        replaced(tables)
    assert all(problem.text(lang) for problem in caught.value.problems for lang in ("en", "zh"))
    return [(problem.code, problem.place.path) for problem in caught.value.problems]


UNITS = [{"unit": "U01"}, {"unit": "U02"}]


def test_a_code_is_the_same_for_the_same_key_and_id_and_another_for_others() -> None:
    assert cr.pseudonym("P001", KEY) == code("P001") == "P-" + code("P001")[2:]
    assert len(cr.pseudonym("P001", KEY)) == 16
    assert len({cr.pseudonym(*args) for args in (("P001", KEY), ("P002", KEY), ("P001", KEY[::-1]))}) == 3
    small, large = replaced({"staff": [staff("P001")]}), replaced({"staff": [staff("P001"), staff("P002")]})
    assert small["staff"][0]["person"] == large["staff"][0]["person"] == code("P001")


def test_a_code_does_not_depend_on_the_process() -> None:
    ask = f"import cadrerules as cr; print(cr.pseudonym('职工001', {KEY!r}))"
    found = {
        subprocess.run([sys.executable, "-c", ask], capture_output=True, check=True, text=True).stdout for _ in "12"
    }
    assert found == {f"{code('职工001')}\n"}


def test_every_declared_column_is_replaced_and_nothing_else() -> None:
    tables = {
        "units": UNITS,
        "staff": [staff("P001", name="职工甲一"), staff("P002", "leader", unit=None)],
        "contacts": [{"leader": "P002", "contact": "C1（P001联系）", "kind": "party_organisation"}],
        "trainings": [
            {"person": "P001", "course": "X", "stage": "early", "attitude": "比P002好", "knowledge": "", "style": "", "problem_solving": ""}
        ],
        "assessments": [{"person": "P001", "kind": "annual", "period": "2024", "grade": "优秀"}],
        "activities": [
            activity("A1", "P001", "C1（P001联系）"),
            activity("A2", "U02", "P002、P001"),
            activity("A-P001-3", "bureau"),
            activity("A4", "职工甲一", "P003"),
        ],
    }  # fmt: skip
    one, two, name = code("P001"), code("P002"), code("职工甲一", "N")
    facts = replaced(tables)
    before = cr.read_tables(tables, PLAN)
    assert [(r["person"], r["name"]) for r in facts["staff"]] == [(one, name), (two, None)]
    assert facts["contacts"][0] == {**before["contacts"][0], "leader": two, "contact": f"C1（{one}联系）"}
    assert facts["trainings"][0] == {**before["trainings"][0], "person": one, "attitude": f"比{two}好"}
    assert facts["assessments"][0] == {**before["assessments"][0], "person": one}
    assert [(r["activity"], r["actor"], r["target"]) for r in facts["activities"]] == [
        ("A1", one, f"C1（{one}联系）"),
        ("A2", "U02", f"{two}、{one}"),
        (f"A-{one}-3", "bureau", None),
        ("A4", name, "P003"),
    ]
    assert facts["units"] == before["units"]
    assert list(facts["staff"][0]) == list(before["staff"][0])


def test_waivers_texts_and_kept_columns_name_nobody() -> None:
    tables = {
        "staff": [{**staff("P001", name="Wang Ming"), "phone": "P001: 555"}],
        "waivers": [{**waiver("P001", "Wang Ming asked, P001 agreed; P0012 did not", authority="局长P001"), "phone": ""}],
    }
    facts = cr.pseudonymise(cr.read_tables(tables, PLAN, extra_columns="keep"), KEY)
    one, name = code("P001"), code("Wang Ming", "N")
    assert facts["staff"][0]["phone"] == f"{one}: 555"
    row = facts["waivers"][0]
    assert (row["subject"], row["authority"]) == (one, f"局长{one}")
    assert row["reason"] == f"{name} asked, {one} agreed; P0012 did not"


def test_what_is_kept_is_left_as_it_is() -> None:
    tables = {"staff": [staff("P1", name="高峰")], "waivers": [waiver("P1", authority="高峰区党委")]}
    assert replaced(tables, keep=["高峰区党委"])["waivers"][0]["authority"] == "高峰区党委"
    assert replaced(tables)["waivers"][0]["authority"] == code("高峰", "N") + "区党委"


def test_disputes_go_on_naming_their_rows() -> None:
    shared = {"raised_on": "2024-12-01"}
    tables = {
        "staff": [staff("P001"), staff("P002", unit=None, role="leader")],
        "waivers": [waiver("P001")],
        "results": [{"year": "2024", "unit": "U01", "indicator": "P001", "regional_rank": 1, "cities": 14, "deducted": 0, "cause": "", "completed": True}],
        "disputes": [
            {"table": "staff", "key": "P001/U01/head", "column": "left", **shared},
            {"table": "staff", "key": "P002//leader", "column": "left", **shared},
            {"table": "waivers", "key": "assessment.bar_deduction/P001/2024", "column": "reason", **shared},
            {"table": "results", "key": "2024/U01/P001", "column": "deducted", **shared},
            {"table": "trainings", "key": "P009/X/early", "column": "style", **shared},
            {"table": "problems", "key": "R1-P001", "column": "goal", **shared},
            {"table": "contacts", "key": "P002/C/D", "column": "kind", **shared},
        ],
    }  # fmt: skip
    one, two = code("P001"), code("P002")
    assert [row["key"] for row in replaced(tables)["disputes"]] == [
        f"{one}/U01/head",
        f"{two}//leader",
        f"assessment.bar_deduction/{one}/2024",
        "2024/U01/P001",
        f"{code('P009')}/X/early",
        f"R1-{one}",
        f"{two}/C/D",
    ]


def test_ids_of_a_person_and_of_a_unit_are_refused_only_where_a_cell_may_mean_either() -> None:
    tables: dict[str, Any] = {"units": [{"unit": "1"}], "staff": [staff("1", unit="1"), staff("2", unit="1")]}
    assert [row["unit"] for row in replaced(tables)["staff"]] == ["1", "1"]
    assert problems({**tables, "activities": [activity("A", "2"), activity("B", "1"), activity("C", "1", "1")]}) == [
        ("CR-ID-OF-TWO", "activities.actor"),
        ("CR-ID-OF-TWO", "activities.target"),
    ]


def test_a_collision_is_refused_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pseudonyms, "DIGITS", 1)
    tables = {"staff": [staff(f"P{number:03}") for number in range(17)]}
    assert problems(tables) == [("CR-PSEUDONYMS-COLLIDE", "")]


def test_an_id_that_is_the_code_of_another_is_refused() -> None:
    tables = {"staff": [staff("P001"), staff(cr.pseudonym("P001", KEY))]}
    assert problems(tables) == [("CR-PSEUDONYMS-COLLIDE", "")]


@pytest.mark.parametrize(("key", "count"), [(b"", 0), (bytes(15), 15), (bytes(65_537), 65_537)])
def test_what_is_no_key_is_refused(key: bytes, count: int) -> None:
    for call in (lambda: replaced({"staff": []}, key), lambda: cr.pseudonym("P1", key)):
        with pytest.raises(cr.UsageError) as caught:
            call()
        assert caught.value.code == "CR-KEY-LENGTH"
        assert f" {count} " in caught.value.report("en")
    assert cr.pseudonym("P1", bytes(16)).startswith("P-")


def test_tables_that_declare_nothing_personal_are_refused() -> None:
    class Notes(Facts, table="notes"):
        note: Annotated[str, Column(key=True)]

    from cadrerules.load import read_tables

    with pytest.raises(cr.UsageError) as caught:
        cr.pseudonymise(read_tables({"notes": [{"note": "n"}]}, [Notes]), KEY)
    assert caught.value.code == "CR-NOTHING-PERSONAL"


def test_a_subject_is_found_by_id_name_or_code() -> None:
    facts = cr.read_tables({"units": UNITS, "staff": [staff("P", name="Wang Ming"), staff("P001")]}, PLAN)
    codes = Pseudonyms.of(facts, KEY)
    assert codes.known_as("P001") == codes.known_as(code("P001")) == code("P001")
    assert codes.known_as("Wang Ming") == code("Wang Ming", "N")
    assert (codes.known_as("U01"), codes.known_as("nobody")) == ("U01", "nobody")
    assert "P001" not in repr(codes)


def test_only_text_can_be_personal() -> None:
    with pytest.raises(TypeError, match="only text can be personal"):

        class Bad(Facts, table="bad"):
            number: Annotated[int, Column(personal="id")]

    with pytest.raises(ValueError, match="only text can be `personal`"):
        TableDoc.model_validate({"columns": {"n": {"type": "whole", "key": True, "personal": "id"}}})


def test_a_table_in_a_document_declares_personal_columns_too() -> None:
    columns = {"clerk": {"type": "text", "key": True, "personal": "id"}, "note": {"type": "text", "personal": "text"}}
    spec = declared_table("clerks", TableDoc.model_validate({"columns": columns})).spec
    assert (spec.personal(), spec.personal("id")) == (("clerk", "note"), ("clerk",))


# --- organisations -----------------------------------------------------------------------------------


def own(group: str, text: str, kind: str = "P") -> str:
    """What a code within an organisation is."""
    said = f"{kind}@{len(group)}:{group}:{text}"
    return f"{kind}-{hmac.new(KEY, said.encode(), hashlib.sha256).hexdigest()[:14]}"


def of(bureau: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"bureau": bureau, **row} for row in rows]


TWO = {
    "staff": of("B1", staff("P001", name="职工甲一"), staff("X1")) + of("B2", staff("P001", name="职工乙二")),
    "units": of("B1", {"unit": "U01"}) + of("B2", {"unit": "U01"}, {"unit": "X1"}),
    "waivers": of("B2", waiver("P001", "参照职工甲一、X1 与 P001 办理"), waiver("X1", "X1")),
    "disputes": of("B2", {"table": "staff", "key": "P001/U01/head", "column": "name", "raised_on": "2024-01-01"}),
}


def test_each_organisation_has_codes_of_its_own() -> None:
    found = cr.pseudonymise(cr.read_tables(TWO, PLAN, group_by="bureau"), KEY)
    assert found.group == "bureau"
    assert [(r["bureau"], r["person"], r["name"]) for r in found["staff"]] == [
        ("B1", own("B1", "P001"), own("B1", "职工甲一", "N")),
        ("B1", own("B1", "X1"), None),
        ("B2", own("B2", "P001"), own("B2", "职工乙二", "N")),
    ]
    assert cr.pseudonym("P001", KEY, "B1") == own("B1", "P001") != own("B2", "P001") != code("P001")
    assert found["disputes"][0]["key"] == f"{own('B2', 'P001')}/U01/head"


def test_a_text_loses_persons_of_every_organisation_but_an_id_keeps_its_meaning_in_its_own() -> None:
    found = cr.pseudonymise(cr.read_tables(TWO, PLAN, group_by="bureau"), KEY)
    assert [(r["bureau"], r["subject"], r["reason"]) for r in found["waivers"]] == [
        ("B2", own("B2", "P001"), f"参照{own('B2', '职工甲一', 'N')}、X1 与 {own('B2', 'P001')} 办理"),
        ("B2", "X1", "X1"),
    ]


def test_an_id_that_is_of_two_kinds_is_refused_only_within_an_organisation() -> None:
    clash = {**TWO, "units": [*TWO["units"], *of("B2", {"unit": "P001"})]}
    with pytest.raises(cr.DataError) as caught:
        cr.pseudonymise(cr.read_tables(clash, PLAN, group_by="bureau"), KEY)
    assert [p.code for p in caught.value.problems] == ["CR-ID-OF-TWO"]


def test_grouped_results_are_asked_by_id_or_code() -> None:
    facts = cr.read_tables(TWO, PLAN, group_by="bureau")
    codes = pseudonyms.codes_of(facts, KEY)
    result = codes.result(PLAN.evaluate(codes.facts(facts), as_of=date(2025, 1, 15)))
    assert result.organisation(subject="U01", group="B2").known_as("职工乙二") == own("B2", "职工乙二", "N")
    assert result.organisation(subject=own("B1", "P001")).of == "B1"
    assert result.organisations["B1"].known_as("P001") == own("B1", "P001")
    with pytest.raises(cr.UsageError) as caught:
        result.organisation(subject="P001")
    assert caught.value.code == "CR-WHICH-GROUP"


def test_a_short_key_is_refused_also_where_there_is_no_organisation() -> None:
    empty = cr.read_tables({"staff": []}, PLAN, group_by="bureau")
    with pytest.raises(cr.UsageError):
        cr.pseudonymise(empty, b"short")
    assert cr.pseudonymise(empty, KEY)["staff"] == ()
