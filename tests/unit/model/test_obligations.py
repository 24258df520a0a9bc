"""Obligations: what each kind of window expands to, and what follows on single days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.model.documents import ObligationDoc
from cadrerules.model.obligations import TITLES, WRITTEN, expand
from small_duties import ANYBODY, OWN, activity, decided, duties, duty, of_persons, post, told

DAY = date(2024, 7, 1)
YEAR_2024 = [post("t", "p", date(2020, 1, 1))]
HALF_YEAR = [post("t", "p", date(2024, 7, 2))]  # 183 days of 366


def expanded(partial: str = "full", **parts: Any) -> Any:
    return expand(ObligationDoc.model_validate(of_persons(**parts)), partial)


# --- what it stands for -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("window", "behind"),
    [
        ({"every": "month"}, "as_of <= last_day(month) and done < due_so_far"),
        ({"by": "param.day"}, None),
        ({"between": {"from": "param.day", "to": "param.day"}}, "as_of >= first and as_of <= deadline and done < due_so_far"),
    ],
)
def test_only_a_window_that_is_open_can_be_fallen_behind_in(window: dict[str, Any], behind: str | None) -> None:
    assert expanded(**window).behind == behind


@pytest.mark.parametrize("partial", ["pro_rata", "full", "exempt"])
def test_every_column_it_makes_has_a_title(partial: str) -> None:
    for window in ({"every": "week"}, {"by": "as_of"}, {"between": {"from": "as_of", "to": "as_of"}}):
        made = expanded(partial, times="2", **window)
        assert {*made.before, *made.columns, *made.derive} <= TITLES.keys()
        assert WRITTEN.keys() >= {"full_due", "times", "done"}


def test_who_is_bound_without_posts_is_bound_in_full() -> None:
    made = expand(ObligationDoc.model_validate(duty(every="year", done="0")), "pro_rata")
    assert (made.where, made.before, made.columns, made.derive["due"]) == ((), {}, {}, "full_due")


# --- periods ----------------------------------------------------------------------------------------------


def answers(as_of: date, posts: Any = (), activities: Any = (), due: int = 2, **parts: Any) -> Any:
    return told(decided(duties(of_persons(due=str(due), every="year", **parts)), as_of, posts, activities))


def test_a_period_is_open_on_its_last_day_and_unmet_the_day_after() -> None:
    acts = [activity("a", "p", date(2024, 3, 1))]
    assert answers(date(2024, 12, 31), YEAR_2024, acts)["p", "2024"] == ("behind", "2", "1", "1")
    assert answers(date(2025, 1, 1), YEAR_2024, acts)["p", "2024"] == ("unmet", "2", "1", "1")


def test_behind_is_less_than_the_share_of_the_days_gone() -> None:
    acts = [activity("a", "q", date(2024, 1, 1))]
    assert answers(date(2024, 3, 31), YEAR_2024, acts, due=2) == {}  # 91 days: a half is 91.5
    assert answers(date(2024, 4, 1), YEAR_2024, acts, due=2) == {("p", "2024"): ("behind", "2", "0", "2")}


def test_what_is_done_counts_up_to_the_day_and_in_its_own_period() -> None:
    days = (date(2023, 12, 31), date(2024, 1, 1), DAY, date(2024, 7, 2), date(2024, 12, 31), date(2025, 1, 1))
    acts = [activity(f"a{n}", "p", day) for n, day in enumerate(days)]
    assert answers(DAY, YEAR_2024, acts, due=9)["p", "2024"] == ("behind", "9", "2", "7")
    assert answers(date(2025, 6, 1), YEAR_2024, acts, due=9)["p", "2024"] == ("unmet", "9", "4", "5")


def test_what_is_met_or_more_is_no_decision() -> None:
    acts = [activity(f"a{n}", "p", DAY) for n in range(3)]
    assert ("p", "2024") not in answers(date(2025, 1, 1), YEAR_2024, acts, due=3)
    assert ("p", "2024") not in answers(date(2025, 1, 1), YEAR_2024, acts, due=2)


def test_nothing_dated_is_no_calendar() -> None:
    assert answers(DAY, [post("t", "p")]) == {}


def test_without_activities_the_calendar_begins_with_any_date() -> None:
    assert set(answers(DAY, [post("t", "p", date(2022, 5, 1))])) == {("p", "2022"), ("p", "2023"), ("p", "2024")}


def test_a_parameter_sets_where_the_calendar_begins() -> None:
    plan = duties(of_persons(every="year")).amend({"duties.since": 2023})
    acts = [activity("a", "p", date(2021, 1, 1))]
    assert set(told(decided(plan, DAY, [post("t", "p")], acts))) == {("p", "2023"), ("p", "2024")}


# --- parts of a period ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("partial", "due", "owed"),
    [("pro_rata", 1, "1"), ("pro_rata", 60, "30"), ("pro_rata", 3, "2"), ("full", 3, "3"), ("exempt", 3, None)],
)
def test_half_a_year_in_post(partial: str, due: int, owed: str | None) -> None:
    found = answers(date(2025, 1, 1), HALF_YEAR, [activity("a", "q", DAY)], due, partial=partial)
    assert found.get(("p", "2024")) == (("unmet", owed, "0", owed) if owed else None)


def test_under_half_a_year_once_a_year_is_nothing() -> None:
    acts, later = [activity("a", "q", DAY)], [post("t", "p", date(2024, 7, 3))]
    assert ("p", "2024") not in answers(date(2025, 1, 1), later, acts, 1, partial="pro_rata")


def test_posts_that_overlap_count_once_and_gaps_do_not() -> None:
    posts = [
        post("t1", "p", date(2024, 1, 1), date(2024, 3, 31)),
        post("t2", "p", date(2024, 2, 1), date(2024, 4, 30)),
        post("t3", "p", date(2024, 12, 1), date(2025, 1, 31)),
    ]
    found = answers(date(2025, 1, 1), posts, [activity("a", "q", DAY)], 366, partial="pro_rata")
    assert found["p", "2024"] == ("unmet", "152", "0", "152")


def test_any_day_in_post_binds() -> None:
    acts = [activity("a", "q", DAY)]
    assert ("p", "2024") in answers(date(2025, 1, 1), [post("t", "p", None, date(2024, 1, 1))], acts)
    assert ("p", "2024") not in answers(date(2025, 1, 1), [post("t", "p", None, date(2023, 12, 31))], acts)
    assert answers(date(2024, 12, 31), [post("t", "p", date(2025, 1, 1))], acts) == {}


def test_each_of_several_times_is_rounded_by_itself() -> None:
    found = answers(date(2025, 1, 1), HALF_YEAR, [activity("a", "q", DAY)], 1, partial="pro_rata", times="3")
    assert found["p", "2024"] == ("unmet", "3", "0", "3")


# --- what is not known ------------------------------------------------------------------------------------


def test_who_acted_may_be_open() -> None:
    plan = duties(of_persons(every="year", due="1"))
    (found,) = decided(plan, date(2024, 12, 31), YEAR_2024, [activity("a", None, DAY)])
    assert (found.status, found.possible, found.missing) == ("undetermined", ("behind", None), ("activities[a].actor",))
    assert (found.due, found.done, found.short) == ("1", "0..1", "0..1")


def test_an_unset_amount_is_named_unless_it_can_not_matter() -> None:
    plan = duties(of_persons(every="year", due="param.due"))
    (found,) = decided(plan, date(2024, 12, 31), YEAR_2024, [activity("a", "q", DAY)])
    assert (found.status, found.possible, found.parameters) == ("undetermined", ("behind", None), ("duties.due",))
    acts = [activity(f"a{n}", "p", DAY) for n in range(9)]
    assert decided(plan, date(2024, 12, 31), YEAR_2024, acts) == ()


def test_an_unset_day_leaves_all_open() -> None:
    day = {"day": {"unset": "left open", "type": "date"}}
    done = "count(activities.actor == person and activities.done_on <= last)"
    plan = duties(of_persons(by="param.day", done=done), params=day)
    (found,) = decided(plan, DAY, [post("t", "p")])
    assert (found.status, found.possible, found.parameters) == ("undetermined", ("unmet", None), ("duties.day",))
    assert decided(plan.amend({"duties.day": "2024-07-01"}), DAY, [post("t", "p")]) == ()
    assert told(decided(plan.amend({"duties.day": "2024-06-30"}), DAY, [post("t", "p")])) == {("p", None): ("unmet", "1", "0", "1")}


# --- who owes ---------------------------------------------------------------------------------------------


def test_the_subject_owes_unless_another_does() -> None:
    acts = [activity("a", "q", DAY)]
    (own,) = decided(duties(of_persons(every="year")), date(2024, 12, 31), YEAR_2024, acts)
    (others,) = decided(duties(of_persons(every="year", owed_by="office")), date(2024, 12, 31), YEAR_2024, acts)
    assert (own.subject.kind, own.subject.id, own.owed_by) == ("person", "p", "p")
    assert (others.subject.id, others.owed_by) == ("p", "office")


def test_the_organisation_itself_may_owe() -> None:
    plan = duties(duty(subject="office", every="month", done=ANYBODY))
    (found,) = decided(plan, date(2024, 2, 1), (), [activity("a", "q", date(2024, 2, 1)), activity("b", "q", date(2024, 3, 1))])
    assert (found.subject.kind, found.subject.id, found.period, found.verdict) == ("office", "office", "2024-01", "unmet")


def test_obligations_are_decided_each_by_itself() -> None:
    plan = duties(of_persons(every="year"), of_persons(id="other", every="year", due="2"))
    found = decided(plan, date(2024, 12, 31), YEAR_2024, [activity("a", "q", DAY)])
    assert [(d.because, d.due) for d in found] == [(("duties.duty",), "1"), (("duties.other",), "2")]


# --- what is refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({"every": "year", "done": "count(activities.acter == person)"}, "CR-UNKNOWN-NAME"),
        ({"every": "year", "done": "activities"}, "CR-UNKNOWN-NAME"),
        ({"every": "year", "due": '"two"'}, "CR-WRONG-TYPE"),
        ({"every": "year", "each": {"each": "people"}}, "CR-UNKNOWN-TABLE"),
        ({"every": "year", "in_post": ["begun", "left"]}, "CR-UNKNOWN-NAME"),
        ({"every": "year", "subject": "unit"}, "CR-UNKNOWN-NAME"),
        ({"by": "param.none"}, "CR-UNKNOWN-NAME"),
        ({"every": "year", "then": "duty"}, "CR-UNKNOWN-OUTCOME"),
    ],
)
def test_what_can_not_be_owed_is_refused(parts: dict[str, Any], code: str) -> None:
    with pytest.raises(cr.PolicyError) as caught:
        duties(of_persons(**parts))
    assert caught.value.code == code
    assert caught.value.report("zh")


@pytest.mark.parametrize(
    "parts",
    [{}, {"every": "year", "by": "as_of"}, {"every": "day"}, {"every": "year", "partial": "half"}, {"every": "year", "each": None}],
)
def test_a_document_needs_one_window(parts: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"exactly one|should be|names columns"):
        ObligationDoc.model_validate(of_persons(done=OWN, **parts))
