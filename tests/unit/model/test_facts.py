from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any

import pytest
from pydantic import ValidationError

from cadrerules.language.periods import Quarter
from cadrerules.model.facts import NEVER, Column, Facts, Refusal, contradictions


class Posts(
    Facts,
    table="posts",
    refuse=(
        Refusal("left < joined", en="left before joining", zh="离任早于到任"),
        Refusal("place > places", en="beyond the last place", zh="名次超出"),
    ),
):
    quarter: Annotated[Quarter, Column(key=True)]
    person: Annotated[str, Column(key=True)]
    points: Annotated[Decimal | None, Column(low=0, step="0.01")]
    joined: date | None = None
    left: Annotated[date | None, Column(empty=NEVER)] = None
    place: Annotated[int | None, Column(low=1)] = None
    places: Annotated[int | None, Column(low=1)] = None


def row(**cells: Any) -> Posts:
    return Posts(**{"quarter": "2024Q1", "person": "P1", "points": 1, **cells})


def faults(**cells: Any) -> list[tuple[tuple[Any, ...], str]]:
    with pytest.raises(ValidationError) as caught:
        row(**cells)
    return [(error["loc"], error["type"]) for error in caught.value.errors()]


def test_a_model_reads_its_cells_as_a_file_does() -> None:
    post = row(
        quarter="2024年第三季度", person=" 01 ", points="85%", joined="2024年9月1日", place="３", left=""
    )
    assert post.quarter == Quarter.parse("2024Q3")
    assert (post.person, post.points, post.joined) == ("01", Decimal("0.85"), date(2024, 9, 1))
    assert (post.place, post.left) == (3, None)


def test_a_model_refuses_what_a_file_may_not_hold() -> None:
    assert faults(points=-1) == [(("points",), "CR-TOO-LOW")]
    assert faults(points="0.001", person="", quarter="2024") == [
        (("quarter",), "CR-NOT-A-PERIOD"),
        (("person",), "CR-EMPTY-CELL"),
        (("points",), "CR-OFF-STEP"),
    ]


def test_a_model_refuses_a_contradiction() -> None:
    assert faults(joined="2024-02-02", left="2024-02-01") == [((), "CR-CONTRADICTION")]
    assert faults(place=4, places=3) == [((), "CR-CONTRADICTION")]


def test_what_is_unknown_contradicts_nothing() -> None:
    assert row(place=4).place == 4
    assert row(left="2024-02-01").joined is None
    assert row(joined="2024-02-02").left is None
    assert row(joined="2024-02-02", left="2024-02-02", place=3, places=3).place == 3


def test_contradictions_of_a_row() -> None:
    cells = {"left": date(2024, 1, 1), "joined": date(2024, 1, 2), "place": 2, "places": 1}
    assert [refusal.en for refusal in contradictions(Posts.spec, cells)] == [
        "left before joining",
        "beyond the last place",
    ]
    assert contradictions(Posts.spec, {**cells, "left": None, "places": None}) == []
    assert Posts.spec.refuse[0].meaning == {"en": "left before joining", "zh": "离任早于到任"}


def test_an_unknown_field_is_refused() -> None:
    assert faults(extra=1) == [(("extra",), "extra_forbidden")]
