from __future__ import annotations

from datetime import date

import pytest

import cadrerules as cr
from cadrerules.cli import options


def code_of(call: object, *arguments: object) -> str:
    with pytest.raises(cr.CadreError) as caught:
        call(*arguments)  # type: ignore[operator]
    return caught.value.code


def test_a_day_is_read_and_left_out_means_today() -> None:
    assert options.day("2025-01-15") == date(2025, 1, 15)
    assert options.day("") == date.today()


@pytest.mark.parametrize("text", ["2025-02-30", "15.1.2025", "today", "2025"])
def test_what_is_no_day_is_refused(text: str) -> None:
    assert code_of(options.day, text) == "CR-NOT-A-DAY"


def test_settings_are_read_as_text_and_empty_unsets() -> None:
    plan = options.plan_for("", None, ["board.black_quarters = 3", "board.red_to="], ["board.ties=dense"])
    assert str(plan.parameters["board.black_quarters"].doc.value) == "3"
    assert not plan.parameters["board.red_to"].is_set
    assert plan.interpretations["board.ties"].option == "dense"


@pytest.mark.parametrize(
    ("settings", "readings", "code"),
    [
        (["board.red_to"], [], "CR-NOT-A-SETTING"),
        (["=3"], [], "CR-NOT-A-SETTING"),
        (["board.red_to=1", "board.red_to=2"], [], "CR-GIVEN-TWICE"),
        (["board.red_to=x"], [], "CR-BAD-PARAMETER"),
        (["board.red_tu=1"], [], "CR-UNKNOWN-SETTING"),
        ([], ["board.ties"], "CR-NOT-A-SETTING"),
        ([], ["board.ties="], "CR-UNKNOWN-READING"),
        ([], ["board.tie=dense"], "CR-UNKNOWN-SETTING"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: list[str], readings: list[str], code: str) -> None:
    assert code_of(options.plan_for, "", None, settings, readings) == code


def test_the_policy_set_may_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CADRERULES_POLICIES", "nobody")
    assert code_of(options.plan_for, "", None, [], []) == "CR-UNKNOWN-SET"
    assert options.plan_for("market-supervision", None, [], []).name == "market-supervision"


def test_the_language_is_one_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    assert options.language("") == "zh"
    assert options.language("en") == "en"
    monkeypatch.setenv("LANG", "C")
    assert options.language("") == "en"
    assert code_of(options.language, "fr") == "CR-NOT-AN-OPTION"
