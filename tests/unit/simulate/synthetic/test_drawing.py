"""Drawing a population: which rows there are, what they hold, and that a seed makes them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

import cadrerules as cr
from cadrerules.simulate.synthetic import drawing
from small_school import CLASSES, MARKS, document, drawn


def marks(**columns: Any) -> list[dict[str, Any]]:
    """The marks where these columns are drawn so."""
    return drawn(document(marks={**MARKS, "columns": {**MARKS["columns"], **columns}}), 40)["marks"].rows(named=True)


def test_rows_are_numbered_within_their_organisation() -> None:
    assert drawn(document())["classes"].select("school", "room").rows() == [
        (school, room) for school in ("O0000001", "O0000002") for room in ("R1", "R2", "R3")
    ]


def test_a_table_has_the_rows_of_another_across_periods() -> None:
    assert drawn(document(marks=MARKS), 1)["marks"].select("room", "quarter").rows() == [
        (room, quarter) for room in ("R1", "R2", "R3") for quarter in ("2024Q1", "2024Q2")
    ]


def test_a_population_begins_like_every_larger_one(monkeypatch: pytest.MonkeyPatch) -> None:
    source = document(marks={**MARKS, "columns": {**MARKS["columns"], "points": {"uniform": [0, 100]}}})
    few, many = (drawn(source, organisations) for organisations in (3, drawing.BLOCK + 3))
    for name, frame in few.items():
        assert frame.equals(many[name].head(frame.height))
    assert many["classes"]["school"].n_unique() == drawing.BLOCK + 3
    later = many["marks"].filter(pl.col("school") > f"O{drawing.BLOCK:07}")["points"]
    assert later.to_list() != few["marks"]["points"].to_list()


def test_the_seed_makes_the_rows() -> None:
    source = document({**CLASSES, "rows": {"poisson": 4}})
    first, again, other = (drawn(source, 5, seed)["classes"] for seed in (7, 7, 8))
    assert first.equals(again)
    assert not first.equals(other)


def test_how_many_rows_there_are_may_be_drawn_or_named() -> None:
    counts = drawn(document({**CLASSES, "rows": {"integers": [0, 2]}}), 50)["classes"]["school"].value_counts()["count"]
    assert set(counts) == {1, 2}
    assert 30 < len(counts) < 40  # the others have none
    sized = document({**CLASSES, "rows": "rooms"}, {"rooms": 5})
    assert (drawn(sized)["classes"].height, drawn(sized, rooms=7)["classes"].height) == (10, 14)
    classes = {**CLASSES, "columns": {**CLASSES["columns"], "size": {"integers": [0, 1]}}}
    per_room = {"each": "classes", "rows": {"binomial": {"n": "size", "p": 1}}, "columns": {**MARKS["columns"], "quarter": {"constant": "2024Q1"}}}
    found = drawn(document(classes, marks=per_room), 30)
    assert 0 < found["marks"].height == found["classes"]["size"].sum() < 90


def test_a_share_of_the_rows_is_kept() -> None:
    assert 170 < drawn(document(marks={**MARKS, "share": 0.75}), 40)["marks"].height < 190


def test_parts_share_columns_and_are_numbered_on() -> None:
    parts = [{"rows": 2, "columns": {"size": {"constant": 1}}}, {"rows": 1, "columns": {"size": {"constant": 2}}}]
    found = drawn(document({"columns": {"room": {"id": "R##"}}, "parts": parts}), 2)["classes"]
    assert found.rows() == [
        (school, room, size) for school in ("O0000001", "O0000002") for room, size in (("R01", 1), ("R02", 1), ("R03", 2))
    ]


def test_rows_are_picked_within_the_organisation_and_by_condition() -> None:
    classes = {**CLASSES, "columns": {"room": {"id": "R#"}, "size": {"choice": {"1": 0.5, "2": 0.5}}}}
    picking = {"rows": 4, "pick": [{"table": "classes", "where": "size == 2", "take": {"room": "room", "lost": "size"}}]}
    columns = {"quarter": {"periods": ["2020Q1", "2024Q4"]}, "points": None, "grade": None}
    found = drawn(document(classes, marks={**picking, "columns": columns}), 30)
    twos = set(found["classes"].filter(pl.col("size") == 2).select("school", "room").rows())
    assert set(found["marks"].select("school", "room").rows()) <= twos
    assert set(found["marks"]["lost"]) == {2}
    # Every school with such a class has rows, the others none.
    assert set(found["marks"]["school"]) == {school for school, _ in twos} != set(found["classes"]["school"])


def test_no_key_stands_twice() -> None:
    columns = {"quarter": {"periods": ["2024Q1", "2024Q2"]}, "points": None, "lost": None, "grade": None}
    found = drawn(document(marks={"each": "classes", "rows": 9, "columns": columns}), 10)["marks"]
    assert 50 < found.height <= 60


def test_a_column_may_rest_on_the_row_it_is_in() -> None:
    hidden = {"level": {"normal": {"mean": 50, "sd": 10}}}
    classes = {**CLASSES, "columns": {**CLASSES["columns"], **hidden}}
    found = drawn(document(classes, marks={**MARKS, "columns": {**MARKS["columns"], "points": {"normal": {"mean": "level", "sd": 0.2}}}}), 50)
    assert found["classes"].columns == ["school", "room", "size"]
    spread = found["marks"].group_by("school", "room").agg(apart=pl.col("points").max() - pl.col("points").min())
    assert spread["apart"].max() < Decimal(2)
    assert found["marks"]["points"].max() - found["marks"]["points"].min() > 20  # type: ignore[operator]


def test_cases_say_what_is_drawn_where() -> None:
    cases = {"cases": [{"when": "points >= 60", "draw": {"constant": "good"}}, {"when": "points >= 30", "draw": {"choice": {"good": 0.5, "poor": 0.5}}}]}
    found = marks(points={"uniform": [0, 100], "holes": 0.2}, grade=cases)
    assert {row["grade"] for row in found if row["points"] is not None and row["points"] >= 60} == {"good"}
    assert {row["grade"] for row in found if row["points"] is not None and 30 <= row["points"] < 60} == {"good", "poor"}
    assert {row["grade"] for row in found if row["points"] is None or row["points"] < 30} == {None}


def test_texts_copies_and_days_after() -> None:
    found = marks(
        told_on={"days": ["2024-01-31", "2024-01-31"]},
        later={"after": {"day": "told_on", "months": {"choice": {"1": 0.5, "3": 0.5}}}},
        soon={"after": {"day": "told_on", "days": {"integers": [1, 1]}}},
        one={"integers": [1, 1]},
        lost={"of": "one"},
        points={"constant": "2.5"},
        note={"text": "{room}/{points}{}: {later}, {soon}{"},
    )
    assert {row["note"][3:] for row in found} == {"2.5{}: 2024-02-29, 2024-02-01{", "2.5{}: 2024-04-30, 2024-02-01{"}
    assert {(row["lost"], row["told_on"]) for row in found} == {(1, date(2024, 1, 31))}


def test_rows_that_contradict_themselves_are_drawn_again() -> None:
    found = marks(points={"uniform": [0, 9]}, lost={"integers": [0, 9]})
    assert len(found) == 240
    assert all(row["lost"] <= row["points"] for row in found)
    assert len({row["lost"] for row in found}) > 7


def test_rows_that_can_only_contradict_themselves_are_left_out() -> None:
    assert marks(points={"constant": 1}, lost={"constant": 2}) == []


def test_what_would_be_refused_as_facts_is_refused_at_once() -> None:
    with pytest.raises(cr.DataError) as caught:
        marks(lost={"constant": 7}, points={"constant": 50}, room={"constant": "R9"})
    assert caught.value.code == "CR-NO-SUCH-REFERENCE"


def test_more_rows_than_memory_holds_are_refused() -> None:
    with pytest.raises(cr.UsageError) as caught:
        drawn(document(marks={**MARKS, "rows": 100_000}))
    assert caught.value.code == "CR-POPULATION-ROWS"
    assert "about 600000 rows" in str(caught.value)
