"""Obligations against answers in plain Python: the periods, what is due in each, who is bound, and what follows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from math import floor
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cadrerules.language.periods import PeriodKind
from cadrerules.plan import Plan
from small_duties import ANYBODY, activity, decided, duties, duty, of_persons, post, told

Rows = Sequence[dict[str, Any]]
Answers = dict[tuple[str, str | None], tuple[Any, ...]]

DAY = timedelta(days=1)
EDGES = [date(2023, 12, 31), date(2024, 1, 1), date(2024, 2, 29), date(2024, 3, 31), date(2024, 12, 30), date(2025, 1, 1)]
days = st.one_of(st.sampled_from(EDGES), st.dates(date(2023, 10, 1), date(2025, 3, 31)))
short_days = st.one_of(st.sampled_from(EDGES[:4]), st.dates(date(2023, 12, 1), date(2024, 4, 30)))
persons = st.sampled_from(["p1", "p2"])


@st.composite
def posts(draw: st.DrawFn) -> Rows:
    """Posts with an order of their ends, some of them open."""
    found = []
    for n in range(draw(st.integers(0, 4))):
        first, last = sorted((draw(days), draw(days)))
        ends = draw(st.sampled_from([(first, last), (None, last), (first, None), (None, None)]))
        found.append(post(f"t{n}", draw(persons), *ends))
    return found


def activities(of: st.SearchStrategy[date]) -> st.SearchStrategy[Rows]:
    actors = st.sampled_from(["p1", "p2", "office"])
    drawn = st.lists(st.tuples(actors, of), max_size=6)
    return drawn.map(lambda rows: [activity(f"a{n}", *row) for n, row in enumerate(rows)])


@cache
def plan(partial: str, kind: PeriodKind) -> Plan:
    return duties(of_persons(every=kind, partial=partial, due="param.due"))


@cache
def of_the_office(kind: PeriodKind) -> Plan:
    return duties(duty(subject="office", every=kind, due="param.due", done=ANYBODY))


# --- the calendar and the rules in plain Python -------------------------------------------------------


def name_of(day: date, kind: PeriodKind) -> str:
    year, week, _ = day.isocalendar()
    return {
        "year": f"{day.year}",
        "quarter": f"{day.year}Q{(day.month + 2) // 3}",
        "month": f"{day.year}-{day.month:02}",
        "week": f"{year}-W{week:02}",
    }[kind]


def periods(first_year: int, as_of: date, kind: PeriodKind) -> Iterator[tuple[str, list[date]]]:
    """Each period's name and all its days, from the year's first to the one that is open."""
    start = date.fromisocalendar(first_year, 1, 1) if kind == "week" else date(first_year, 1, 1)
    together: dict[str, list[date]] = {}
    for n in range((as_of - start).days + 400):
        together.setdefault(name_of(start + n * DAY, kind), []).append(start + n * DAY)
    return ((name, found) for name, found in together.items() if found[0] <= as_of)


def half_up(number: Fraction) -> int:
    return floor(number + Fraction(1, 2))


def first_year(rows: Rows, held: Rows) -> int | None:
    seen = [row["done_on"].year for row in rows]
    others = [day.year for row in held for day in (row["joined"], row["left"]) if day is not None]
    return min(seen or others, default=None)


def in_post(held: Rows, person: str, day: date) -> bool:
    mine = (row for row in held if row["person"] == person)
    return any((row["joined"] or date.min) <= day <= (row["left"] or date.max) for row in mine)


def answer(due: int, so_far: int, done: int, over: bool) -> tuple[Any, ...] | None:
    amounts = (str(due), str(done), str(max(due - done, 0)))
    if over:
        return ("unmet", *amounts) if done < due else None
    return ("behind", *amounts) if done < so_far else None


def by_hand(held: Rows, rows: Rows, as_of: date, due: int, partial: str, kind: PeriodKind) -> Answers:
    """What each person owes in each period; every day is looked at by itself."""
    found: Answers = {}
    year = first_year(rows, held)
    for person in ("p1", "p2"):
        for name, whole in periods(year, as_of, kind) if year is not None else ():
            mine = [day for day in whole if in_post(held, person, day)]
            if not mine:
                continue
            done = sum(row["actor"] == person and row["done_on"] in whole and row["done_on"] <= as_of for row in rows)
            shares = shares_of(due, whole, mine, as_of, partial)
            if (said := answer(*shares, done, as_of > whole[-1])) is not None:
                found[person, name] = said
    return found


def shares_of(due: int, whole: list[date], mine: list[date], as_of: date, partial: str) -> tuple[int, int]:
    """What is due in the period, and what is so far."""
    size = len(whole)
    passed = half_up(Fraction(due * len([day for day in whole if day <= as_of]), size))
    if partial == "pro_rata":
        so_far = len([day for day in mine if day <= as_of])
        return half_up(Fraction(due * len(mine), size)), half_up(Fraction(due * so_far, size))
    bound = partial == "full" or len(mine) == size
    return (due, passed) if bound else (0, 0)


# --- the properties -----------------------------------------------------------------------------------


@pytest.mark.parametrize("partial", ["pro_rata", "full", "exempt"])
@pytest.mark.parametrize("kind", ["year", "quarter", "month", "week"])
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_what_is_owed_in_periods(kind: PeriodKind, partial: str, data: st.DataObject) -> None:
    held, rows, due = data.draw(posts()), data.draw(activities(days)), data.draw(st.integers(0, 9))
    as_of = data.draw(days)
    found = told(decided(plan(partial, kind).amend({"duties.due": due}), as_of, held, rows))
    assert found == by_hand(held, rows, as_of, due, partial, kind)


@pytest.mark.parametrize("kind", ["year", "quarter", "month", "week"])
@settings(max_examples=25, deadline=None)
@given(activities(short_days), short_days, st.integers(0, 4), st.sampled_from([None, 2022, 2024, 2025]))
def test_what_an_office_owes_needs_nobody_in_post(
    kind: PeriodKind, rows: Rows, as_of: date, due: int, since: int | None
) -> None:
    params = {"duties.due": due} | ({"duties.since": since} if since else {})
    year = since or first_year(rows, ())
    expected: Answers = {}
    for name, whole in periods(year, as_of, kind) if year is not None else ():
        done = sum(row["done_on"] in whole and row["done_on"] <= as_of for row in rows)
        if (said := answer(*shares_of(due, whole, whole, as_of, "full"), done, as_of > whole[-1])) is not None:
            expected["office", name] = said
    assert told(decided(of_the_office(kind).amend(params), as_of, (), rows)) == expected


BY_DAY = duties(of_persons(by="param.day", due="param.due", done="count(activities.actor == person and activities.done_on <= last)"),
                params={"due": {"value": 2}, "day": {"value": "2024-03-31", "type": "date"}})  # fmt: skip
BETWEEN = duties(of_persons(between={"from": "param.begin", "to": "param.day"}, due="param.due"),
                 params={"due": {"value": 3}, "begin": {"value": "2024-02-01", "type": "date"}, "day": {"value": "2024-03-31", "type": "date"}})  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(posts(), activities(days), days)
def test_what_is_owed_by_a_day(held: Rows, rows: Rows, as_of: date) -> None:
    day = date(2024, 3, 31)
    expected: Answers = {}
    for person in ("p1", "p2"):
        done = sum(row["actor"] == person and row["done_on"] <= min(day, as_of) for row in rows)
        if in_post(held, person, day) and as_of > day and done < 2:
            expected[person, None] = ("unmet", "2", str(done), str(2 - done))
    assert told(decided(BY_DAY, as_of, held, rows)) == expected


@settings(max_examples=60, deadline=None)
@given(posts(), activities(days), days)
def test_what_is_owed_between_two_days(held: Rows, rows: Rows, as_of: date) -> None:
    window = [date(2024, 2, 1) + n * DAY for n in range(60)]
    expected: Answers = {}
    for person in ("p1", "p2"):
        if not any(in_post(held, person, day) for day in window):
            continue
        done = sum(row["actor"] == person and row["done_on"] in window and row["done_on"] <= as_of for row in rows)
        said = answer(*shares_of(3, window, window, as_of, "full"), done, as_of > window[-1])
        if said is not None and as_of >= window[0]:
            expected[person, None] = said
    assert told(decided(BETWEEN, as_of, held, rows)) == expected


@settings(max_examples=60, deadline=None)
@given(posts(), activities(days), days, st.data())
def test_what_is_decided_of_acts_by_nobody_known_stays_so(held: Rows, rows: Rows, as_of: date, data: st.DataObject) -> None:
    """Who did something, and how much is due, may be open: each answer is among those that were possible."""
    hidden = [{**row, "actor": None} if data.draw(st.booleans()) else row for row in rows]
    whole = [row if row["actor"] else {**row, "actor": data.draw(persons)} for row in hidden]
    owed = plan("pro_rata", "quarter")
    settled = owed.amend({"duties.due": data.draw(st.integers(0, 9))})
    before = {(d.subject.id, d.period): d for d in decided(owed, as_of, held, hidden)}
    after = told(decided(settled, as_of, held, whole))
    for at, decision in before.items():
        possible = decision.possible if decision.status == "undetermined" else (decision.verdict,)
        assert (after[at][0] if at in after else None) in possible
    assert after.keys() <= before.keys()
