"""What is wrong with the description of a population is told at once, with its place."""

from __future__ import annotations

from typing import Any

import pytest

import cadrerules as cr
from cadrerules.simulate.synthetic.reading import read_population
from small_school import CLASSES, MARKS, TABLES, document, refused


def of_marks(**changed: Any) -> dict[str, Any]:
    return document(marks={**MARKS, **changed})


def columns(**changed: Any) -> dict[str, Any]:
    return of_marks(columns={**MARKS["columns"], **changed})


@pytest.mark.parametrize(
    ("source", "code"),
    [
        (document(pupils={"rows": 1, "columns": {}}), "CR-UNKNOWN-TABLE"),
        (document({**CLASSES, "aside": True}), "CR-POPULATION-ASIDE"),
        (document({"rows": 3, "columns": {"room": {"id": "R#"}}}), "CR-POPULATION-COLUMN"),
        (of_marks(pick=[{"table": "pupils", "take": {"lost": "size"}}], columns={"points": None, "grade": None}), "CR-POPULATION-ORDER"),
        (of_marks(rows="pupils"), "CR-UNKNOWN-NAME"),
        (of_marks(rows={"normal": {"mean": 1, "sd": 1}}), "CR-DISTRIBUTION-TYPE"),
        (of_marks(across={"quarter": "2024Q2..2024Q1"}), "CR-POPULATION-SPAN"),
        (of_marks(across={"quarter": "2024..2024Q1"}), "CR-POPULATION-SPAN"),
        (of_marks(across={"quarter": "soon..later"}), "CR-POPULATION-SPAN"),
        (of_marks(across={"quarter": ["2024Q1", "2024"]}), "CR-NOT-A-PERIOD"),
        (of_marks(where="sice > 1"), "CR-UNKNOWN-NAME"),
        (of_marks(where="size"), "CR-NOT-A-TRUTH"),
        (of_marks(where="rank(size) > 1"), "CR-NEEDS-COHORT"),
        (columns(grade={"cases": [{"when": "first_day(quarter) > as_of", "draw": {"constant": "good"}}]}), "CR-POPULATION-CONDITION"),
        (of_marks(pick=[{"table": "classes", "take": {"lost": "sice"}}]), "CR-UNKNOWN-NAME"),
        (of_marks(pick=[{"table": "classes", "take": {"points": "size"}}], columns={"lost": None, "grade": None}), "CR-POPULATION-TYPE"),
        (of_marks(parts=[{"rows": 1}]), "CR-BAD-DOCUMENT"),
        (columns(points={"constant": 101}), "CR-TOO-HIGH"),
        (columns(points={"normal": {"mean": "sice", "sd": 1}}), "CR-UNKNOWN-NAME"),
        (columns(points={"normal": {"mean": "room", "sd": 1}}), "CR-DISTRIBUTION-NAME"),
        (columns(points={"of": "room"}), "CR-POPULATION-TYPE"),
        (columns(points={"of": "sice"}), "CR-UNKNOWN-NAME"),
        (columns(grade={"text": "{sice}"}), "CR-UNKNOWN-NAME"),
        (columns(points={"observed": True}), "CR-NOTHING-OBSERVED"),
        (columns(room=None), "CR-DISTRIBUTION-HOLES"),
        (columns(room={"id": "R#", "holes": 0.1}), "CR-DISTRIBUTION-HOLES"),
        (columns(room={"id": "R"}), "CR-BAD-DOCUMENT"),
        (columns(told_on={"after": {"day": "size", "days": {"constant": 1}}}), "CR-DISTRIBUTION-NAME"),
        (columns(told_on={"after": {"day": "size"}}), "CR-BAD-DOCUMENT"),
        (columns(since={"days": ["2024-01-01", "2024-01-02"]}, told_on={"after": {"day": "since", "days": {"constant": 10**9}}}), "CR-TOO-HIGH"),
        (of_marks(rows={"poison": 3}), "CR-BAD-DOCUMENT"),
        (of_marks(rows=-1), "CR-BAD-DOCUMENT"),
        (of_marks(across={"quarter": []}), "CR-BAD-DOCUMENT"),
        (columns(grade={"cases": [{"when": "size > ", "draw": {"constant": "good"}}]}), "CR-SYNTAX"),
        (columns(grade={"cases": [{"draw": {"constant": "god"}}]}), "CR-NOT-A-CHOICE"),
    ],
)
def test_a_description_that_does_not_fit_is_refused(source: dict[str, Any], code: str) -> None:
    (found,) = refused(source)
    assert found[0] == code
    assert found[1] is not None


def test_what_parts_share_is_told_once() -> None:
    shared = {"columns": {"room": {"id": "R#"}, "size": {"constant": -1}}, "parts": [{"rows": 1}, {"rows": 2}]}
    assert [code for code, _ in refused(document(shared))] == ["CR-TOO-LOW"]


def test_an_expression_is_shown_where_it_stands(tmp_path: Any) -> None:
    file = tmp_path / "population.yaml"
    file.write_text('format: 1\ntables:\n  classes:\n    rows: 1\n    columns:\n      room: {id: "R#"}\n      size: {cases: [{when: rom == "R1", draw: {constant: 1}}]}\n')
    with pytest.raises(cr.PolicyError) as caught:
        read_population(file, TABLES)
    (problem,) = caught.value.problems
    assert (problem.code, problem.place.line, problem.place.column) == ("CR-UNKNOWN-NAME", 7, 29)
