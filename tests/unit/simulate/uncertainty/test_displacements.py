"""Who took whose place: displaced by others, fallen by one's own value, or moved by the rules."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from cadrerules.simulate.uncertainty import displaced
from cadrerules.simulate.uncertainty.displacements import Displacements
from small_bureau import PLAN, standing

DAY = date(2025, 1, 15)


def board(**values: int) -> dict[str, Any]:
    """Nine units at 100, 99, .. and so on, some at other values."""
    rows = standing("2024Q3", *(f"U{n}" for n in range(9)))
    return {"progress": [{**r, "progress": values.get(r["unit"], r["progress"])} for r in rows if values.get(r["unit"], 0) is not None]}


def moved(found: Displacements) -> dict[str, Any]:
    return {one.subject: one for one in found.moved}


def test_one_is_out_because_another_came_in() -> None:
    found = moved(displaced(PLAN, board(), after=board(U7=200), as_of=DAY))
    assert found.keys() == {"U6", "U7"}
    out, came = found["U6"], found["U7"]
    assert (out.old, out.new, out.place_before, out.place_after, out.own) == ("red", "yellow", 7, 8, False)
    assert (out.passed_by, out.replaced_by, out.passed) == (("U7",), ("U7",), ())
    assert (came.old, came.new, came.own, came.value_before, came.value_after) == ("yellow", "red", True, "93", "200")
    assert came.passed == ("U0", "U1", "U2", "U3", "U4", "U5", "U6")


def test_one_that_falls_by_its_own_value_is_passed_but_also_replaced() -> None:
    found = moved(displaced(PLAN, board(), after=board(U3=10), as_of=DAY))
    assert found.keys() == {"U3", "U7"}
    assert (found["U3"].own, found["U3"].new, found["U3"].replaced_by) == (True, "yellow", ("U7",))
    assert found["U3"].passed_by == ("U4", "U5", "U6", "U7", "U8")
    assert (found["U7"].own, found["U7"].passed, found["U7"].passed_by) == (False, ("U3",), ())


def test_where_the_rules_changed_nobody_is_blamed() -> None:
    found = displaced(PLAN, board(), plan_after=PLAN.amend({"board.red_to": 6}), as_of=DAY)
    (one,) = found.moved
    assert (one.subject, one.old, one.new, one.own, one.passed_by, one.passed, one.replaced_by) == ("U6", "red", "yellow", False, (), (), ())
    assert "the rules changed" in found.to_text()


def test_one_that_is_new_displaces_too_and_one_that_left_makes_room() -> None:
    nine, ten = board(), {"progress": [*board()["progress"], {"quarter": "2024Q3", "unit": "N", "indicator": "I1", "progress": 150}]}
    came = moved(displaced(PLAN, nine, after=ten, as_of=DAY))
    assert (came["U6"].replaced_by, came["U6"].own) == (("N",), False)
    assert "N" not in came
    left = moved(displaced(PLAN, ten, after=nine, as_of=DAY))
    assert (left["U6"].new, left["U6"].passed, left["U6"].own) == ("red", (), False)


def test_rankings_with_unknown_values_are_left_out() -> None:
    hole = board()
    hole["progress"][0]["progress"] = None
    found = displaced(PLAN, board(), after=hole, as_of=DAY)
    assert (found.moved, found.unknown) == ((), 1)
    assert "1 rankings have values that aren't known" in found.to_text()


def test_organisations_and_periods_are_compared_with_themselves() -> None:
    rows = [{**r, "bureau": name} for name in ("A", "B") for r in board()["progress"]]
    after = [{**r, "progress": 200} if (r["bureau"], r["unit"]) == ("B", "U7") else r for r in rows]
    found = displaced(PLAN, {"progress": rows}, after={"progress": after}, as_of=DAY, group_by="bureau")
    assert {(one.group, one.subject) for one in found.moved} == {("B", "U6"), ("B", "U7")}
    assert displaced(PLAN, board(), after={"progress": standing("2024Q4", "U1")}, as_of=DAY).moved == ()


@pytest.mark.parametrize(("lang", "words"), [("en", "U7 came in"), ("zh", "U7进入")])
def test_text_and_data_say_why(lang: Any, words: str) -> None:
    found = displaced(PLAN, board(), after=board(U7=200), as_of=DAY)
    assert words in found.to_text(lang)
    plain = found.to_dict()
    assert plain["data"]["hash"] != plain["data_after"]["hash"]
    assert plain["moved"][0]["replaced_by"] == ["U7"]
    assert found.to_frame()["replaced_by"].to_list() == ["U7", ""]
    same = displaced(PLAN, board(), after=board(), as_of=DAY)
    assert same.to_frame().is_empty()
    assert "No outcome in a ranking changed." in same.to_text()
