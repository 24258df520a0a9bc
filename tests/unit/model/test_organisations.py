from __future__ import annotations

from typing import Any

import pytest

import cadrerules as cr
from cadrerules.model.facts import FactTables
from cadrerules.model.organisations import by_organisation, only, organisations, several, together


def facts(group: str = "bureau", **rows: list[dict[str, Any]]) -> FactTables:
    return FactTables({}, {table: tuple(found) for table, found in rows.items()}, group=group)


TWO = facts(
    units=[{"bureau": "B2", "unit": "U1"}, {"bureau": "B1", "unit": "U1"}, {"bureau": "B2", "unit": "U2"}],
    style=[{"bureau": "B3", "style": "good"}],
    disputes=[],
)


def refusal(call: Any, *arguments: Any) -> tuple[str, str]:
    with pytest.raises(cr.UsageError) as caught:
        call(*arguments)
    assert caught.value.report("zh")
    return caught.value.code, caught.value.problems[0].message()


def test_each_organisation_has_every_table_and_its_own_rows_without_the_column() -> None:
    parts = by_organisation(TWO)
    assert list(parts) == ["B1", "B2", "B3"]
    assert parts["B2"].rows == {"units": ({"unit": "U1"}, {"unit": "U2"}), "style": (), "disputes": ()}
    assert parts["B3"].rows == {"units": (), "style": ({"style": "good"},), "disputes": ()}
    assert {part.group for part in parts.values()} == {""}
    assert TWO["units"][0] == {"bureau": "B2", "unit": "U1"}


def test_organisations_are_in_the_order_of_code_points() -> None:
    named = facts(units=[{"bureau": name} for name in ("b", "乙", "B", "10", "9")])
    assert list(by_organisation(named)) == organisations(named) == ["10", "9", "B", "b", "乙"]


def test_the_parts_put_together_are_the_whole() -> None:
    whole = together(TWO, by_organisation(TWO))
    assert whole.group == "bureau"
    assert whole["units"] == (TWO["units"][1], TWO["units"][0], TWO["units"][2])
    assert list(whole["units"][0]) == ["bureau", "unit"]


def test_one_organisation_is_chosen_with_its_column() -> None:
    one = only(TWO, "B2")
    assert one.rows == {"units": (TWO["units"][0], TWO["units"][2]), "style": (), "disputes": ()}
    assert (one.group, organisations(one)) == ("bureau", ["B2"])
    assert refusal(only, TWO, "B4") == ("CR-UNKNOWN-GROUP", "no table has the organisation `B4`")
    assert refusal(only, facts("", units=[]), "B1")[0] == "CR-NOT-GROUPED"
    assert organisations(facts("", units=[{"unit": "U1"}])) == []


def test_an_error_lists_ten_organisations_and_counts_the_others() -> None:
    def told(count: int) -> str:
        return several(f"B{i}" for i in range(count)).problems[0].message()

    assert told(2) == "one organisation must be chosen of 2: B0, B1"
    assert told(10).endswith("B8, B9")
    assert told(13) == "one organisation must be chosen of 13: B0, B1, B2, B3, B4, B5, B6, B7, B8, B9 and 3 more"
    assert several([]).problems[0].message("zh") == "须从 0 个单位中选定一个：-"
