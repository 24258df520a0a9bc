"""The plan's board and assessment against answers worked out in plain Python from the clauses, on whole tables."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import cadrerules as cr
from cadrerules.language.periods import Quarter, Year
from cadrerules.model.facts import FactTables
from cadrerules.testing.strategies import cells, facts_rows
from cadrerules_market_supervision.facts import Exemptions, Progress, Results, Staff, Waivers

PLAN = cr.load_policies("market-supervision")
AS_OF = date(2025, 1, 15)
UNITS = ("U1", "U2", "U3", "U4")
QUARTERS = [Quarter.parse(text) for text in ("2023Q3", "2023Q4", "2024Q1", "2024Q2")]
YEARS = [Year.parse(text) for text in ("2022", "2023", "2024")]
STYLES = ("good", "good", "ordinary", "prominent_problems", "prominent_problems")

Row = Mapping[str, Any]
Answer = tuple[str | None, frozenset[str], frozenset[str], frozenset[str]]
"""Verdict, the rules behind it, those overridden, and the authorities that waived."""


@lru_cache(maxsize=512)
def plan_with(readings: tuple[tuple[str, str], ...], black: int) -> cr.Plan:
    params = {"board.red_to": 1, "board.yellow_to": 2, "board.black_quarters": black}
    return PLAN.amend(params=params, interpretations=dict(readings))


def readings_of(*policies: str) -> st.SearchStrategy[dict[str, str]]:
    """Every interpretation of these policies, drawn at random."""
    chosen = {n: i.doc.words for n, i in PLAN.interpretations.items() if n.split(".")[0] in policies}
    return st.fixed_dictionaries({name: st.sampled_from(words) for name, words in chosen.items()})


units = st.sampled_from(UNITS)
DAYS = [date(2023, 12, 30), date(2023, 12, 31), date(2024, 1, 1), date(2024, 3, 31), date(2024, 12, 31)]
POSTS = {
    "unit": units,
    "role": st.sampled_from(["head", "head", "head", "deputy_head", "key_staff", "staff"]),
    "joined": st.sampled_from([None, None, None, *DAYS]),
    "left": st.sampled_from([None, None, None, *DAYS]),
}
STAFF = facts_rows(Staff, min_rows=3, max_rows=8, holes=False, given=POSTS)


def evaluated(plan: cr.Plan, rows: Mapping[str, Sequence[Row]], policy: str) -> dict[str, Answer]:
    facts = FactTables(plan.tables, {"assessments": (), **{name: tuple(found) for name, found in rows.items()}})
    result = plan.evaluate(facts, as_of=AS_OF, policies=[policy])
    assert not result.not_evaluated
    return {
        d.id: (d.verdict, frozenset(d.because), frozenset(d.overridden), frozenset(d.waived_by))
        for d in result.decisions
        if d.status == "decided" or not d.id.endswith("/2022")
    }


def in_post(post: Row, first: date, last: date, reading: str) -> bool:
    joined, left = post["joined"] or date.min, post["left"] or date.max
    return bool(joined <= last <= left if reading == "period_end" else joined <= last and left >= first)


# --- the board (2.2.3) ---------------------------------------------------------------------------------


def places(scores: Mapping[tuple[str, ...], Any], ties: str) -> dict[tuple[str, ...], int]:
    """The place of each key by its score."""
    if ties == "ordinal":
        order = sorted(scores, key=lambda key: (-scores[key], key))
        return {key: i + 1 for i, key in enumerate(order)}
    others = set(scores.values()) if ties == "dense" else list(scores.values())
    return {key: 1 + len([other for other in others if other > score]) for key, score in scores.items()}


def flags(progress: Sequence[Row], readings: Mapping[str, str]) -> dict[tuple[Quarter, tuple[str, ...]], str]:
    """The colour of each unit, or of each unit's indicator, per quarter."""
    found = {}
    for quarter in {row["quarter"] for row in progress}:
        rows = [row for row in progress if row["quarter"] == quarter]
        figures: dict[tuple[str, ...], list[Fraction]] = defaultdict(list)
        for row in rows:
            key = (row["unit"],) if readings["board.ranked"] == "unit" else (row["unit"], row["indicator"])
            figures[key].append(Fraction(row["progress"]))
        place = places({key: sum(f) / len(f) for key, f in figures.items()}, readings["board.ties"])
        if readings["board.ranked"] == "region":
            place = {(row["unit"], row["indicator"]): row["regional_rank"] for row in rows}
        found |= {(quarter, key): "red" if p <= 1 else "yellow" if p <= 2 else "black" for key, p in place.items()}
    return found


def in_a_row(
    quarter: Quarter, key: tuple[str, ...], colours: Mapping[Any, str], counts: Callable[[Quarter], bool], gap: str
) -> int:
    """How many quarters in a row, ending with this one, count for the key."""
    length, at = 0, quarter
    while at >= QUARTERS[0]:
        if (at, key) in colours and not counts(at):
            break
        if (at, key) not in colours and gap == "breaks":
            break
        length += (at, key) in colours
        at = Quarter(at.ordinal - 1)
    return length


def board_by_hand(rows: Mapping[str, Sequence[Row]], readings: Mapping[str, str], black: int) -> dict[str, Answer]:
    style = {(row["quarter"], row["unit"]): row["style"] for row in rows["style"]}
    colours = flags(rows["progress"], readings)
    found: dict[str, Answer] = {}
    for (quarter, key), colour in colours.items():
        unit = key[0]

        def counts(at: Quarter, colour: str = colour, key: tuple[str, ...] = key, word: str = "") -> bool:
            suits = readings["board.style_quarters"] == "last" or style[at, key[0]] == word
            return colours[at, key] == colour and suits

        def length(word: str, counts: Any = counts, quarter: Quarter = quarter, key: tuple[str, ...] = key) -> int:
            return in_a_row(quarter, key, colours, lambda at: counts(at, word=word), readings["board.missing_quarter"])

        suffix = "" if readings["board.ranked"] == "unit" else f"/{colour}"
        found[f"flag/{unit}/{quarter}{suffix}"] = plain(colour, f"board.{colour}")
        if colour == "red" and style[quarter, unit] == "good" and length("good") >= 2:
            found[f"commendation/{unit}/{quarter}"] = plain("commended", "board.commend")
        if colour == "black" and style[quarter, unit] == "prominent_problems" and length("prominent_problems") >= black:
            for post in rows["staff"]:
                here = in_post(post, quarter.first_day(), quarter.last_day(), readings["people.in_post"])
                if post["role"] == "head" and post["unit"] == unit and here:
                    found[f"interview/{post['person']}/{quarter}"] = plain("due", "board.interview")
    return found


def plain(verdict: str, rule: str) -> Answer:
    return verdict, frozenset({rule}), frozenset(), frozenset()


@st.composite
def boards(draw: st.DrawFn) -> dict[str, Sequence[Row]]:
    """Progress with gaps and ties, and the style of every unit in every quarter."""
    given_cells = {
        "quarter": st.sampled_from(QUARTERS),
        "unit": units,
        "indicator": st.sampled_from(["I1", "I2"]),
        "progress": st.integers(0, 3).map(Decimal),
        "regional_rank": st.integers(1, 5),
        "cities": st.just(14),
    }
    progress = draw(facts_rows(Progress, min_rows=6, max_rows=20, given=given_cells))
    style = [{"quarter": q, "unit": u, "style": draw(st.sampled_from(STYLES))} for q in QUARTERS for u in UNITS]
    return {"progress": progress, "style": style, "staff": draw(STAFF)}


@settings(max_examples=120)
@given(boards(), readings_of("board", "people"), st.integers(1, 3))
def test_the_board(rows: dict[str, Sequence[Row]], readings: dict[str, str], black: int) -> None:
    plan = plan_with(tuple(sorted(readings.items())), black)
    assert evaluated(plan, rows, "board") == board_by_hand(rows, readings, black)


# --- year-end results (2.3.5), error tolerance (2.2.1), waivers ------------------------------------------


def assessment_by_hand(rows: Mapping[str, Sequence[Row]], readings: Mapping[str, str]) -> dict[str, Answer]:
    results = {(row["year"], row["unit"], row["indicator"]): row for row in rows["results"]}
    reading = {name.split(".")[1]: word for name, word in readings.items()}
    held: dict[str, set[str]] = defaultdict(set)
    for year in YEARS[1:]:
        for unit in UNITS:
            own = [row for row in rows["results"] if (row["year"], row["unit"]) == (year, unit)]
            if own:
                for rule, roles in rules_that_hold(own, results, rows["exemptions"], reading):
                    for post in rows["staff"]:
                        here = in_post(post, year.first_day(), year.last_day(), reading["in_post"])
                        if post["unit"] == unit and here and (roles is None or post["role"] in roles):
                            question = "excellent" if "excellent" in rule else "promotion"
                            held[f"{question}/{post['person']}/{year}"].add(rule)
    return {name: answer(name, rules, rows["waivers"], reading["promotion"]) for name, rules in held.items()}


def rules_that_hold(
    own: Sequence[Row], results: Mapping[Any, Row], exemptions: Sequence[Row], reading: Mapping[str, str]
) -> Iterable[tuple[str, tuple[str, ...] | None]]:
    """The rules that hold for a unit in a year, each with the roles it is about."""
    quantified = any if reading["quantifier"] == "any" else all

    def exempt(row: Row) -> bool:
        return any(
            e["unit"] == row["unit"]
            and e["year"] == row["year"]
            and e["indicator"] in (None, row["indicator"])
            and e["decided_on"] <= AS_OF
            for e in exemptions
        )

    def among(row: Row, end: str) -> bool:
        first, last = row["regional_rank"] <= 3, row["regional_rank"] > row["cities"] - 3
        if reading["small_field"] == "separate" and first and last:
            return False
        return first if end == "first" else last

    def both_years(row: Row, end: str) -> bool:
        return among(row, end) and among(results[Year(row["year"].ordinal - 1), row["unit"], row["indicator"]], end)

    def amounts(points: Sequence[Decimal]) -> Sequence[Decimal]:
        return points if reading["deduction_scope"] == "indicator" else [sum(points, Decimal(0))]

    subjective = [row["cause"] == "subjective" and not exempt(row) for row in own]
    at_fault = amounts([row["deducted"] if s else Decimal(0) for row, s in zip(own, subjective, strict=True)])
    spared = reading["effect"] == "all_rules"
    lost = amounts([Decimal(0) if spared and exempt(row) else row["deducted"] for row in own])
    if quantified(both_years(row, "first") for row in own):
        yield "assessment.prefer", ("head", "key_staff")
    if quantified(both_years(row, "last") for row in own):
        yield "assessment.bar_ranking", ("head",)
    if any(points >= 2 and (points <= 3 or reading["upper_bound"] == "open") for points in at_fault):
        yield "assessment.bar_deduction", ("head",)
    if any(points >= 3 for points in lost):
        yield "assessment.excellent_unit", None
    if any(s and not row["completed"] and row["deducted"] > 0 for row, s in zip(own, subjective, strict=True)):
        yield "assessment.excellent_heads", ("head", "deputy_head")


def answer(name: str, rules: set[str], waivers: Sequence[Row], resolution: str) -> Answer:
    """The decision on what holds, after waivers."""
    question, person, year = name.split("/")
    if question == "excellent":
        return "barred", frozenset(rules), frozenset(), frozenset()
    lifting = [
        w
        for w in waivers
        if w["rule"] in rules - {"assessment.prefer"}
        and (w["subject"], str(w["period"])) == (person, year)
        and w["decided_on"] <= AS_OF <= (w["expires_on"] or date.max)
    ]
    left = rules - {w["rule"] for w in lifting}
    authorities = frozenset(w["authority"] for w in lifting)
    bars = left - {"assessment.prefer"}
    if bars and bars != left and resolution == "report_conflict":
        return "conflict", frozenset(left), frozenset(rules - left), authorities
    behind = bars or left
    verdict = "barred_in_principle" if bars else "preferred" if left else None
    return verdict, frozenset(behind), frozenset(rules - behind), authorities


POINTS = st.sampled_from([Decimal(text) for text in ("0", "0.01", "1", "1.99", "2", "2.5", "3", "3.01")])


@st.composite
def year_ends(draw: st.DrawFn) -> dict[str, Sequence[Row]]:
    """Three years of results of each unit's indicators, with exemptions and waivers that sometimes fit."""
    spec, results = Results.spec, []
    for unit in UNITS:
        for indicator in ("I1", "I2", "I3")[: draw(st.integers(0, 3))]:
            for year in YEARS:
                cities = draw(st.integers(3, 8))
                rank = draw(
                    st.sampled_from([r for r in (1, 2, 3, 4, cities - 2, cities - 3, cities) if 1 <= r <= cities])
                )
                row = {"year": year, "unit": unit, "indicator": indicator, "regional_rank": rank, "cities": cities}
                more = {name: draw(cells(spec.columns[name], holes=False)) for name in ("cause", "completed")}
                results.append({**row, "deducted": draw(POINTS), **more})
    staff = draw(STAFF)
    years = st.sampled_from(YEARS)
    exemptions = facts_rows(Exemptions, max_rows=4, given={"unit": units, "year": years})
    rules = st.sampled_from(["assessment.bar_ranking", "assessment.bar_deduction", "assessment.excellent_unit"])
    people = st.sampled_from([post["person"] for post in staff])
    waivers = facts_rows(Waivers, max_rows=5, given={"rule": rules, "subject": people, "period": years})
    return {"results": results, "staff": staff, "exemptions": draw(exemptions), "waivers": draw(waivers)}


@settings(max_examples=200)
@given(year_ends(), readings_of("assessment", "people", "tolerance", "resolution"))
def test_the_assessment(rows: dict[str, Sequence[Row]], readings: dict[str, str]) -> None:
    plan = plan_with(tuple(sorted(readings.items())), 1)
    found = {name: a for name, a in evaluated(plan, rows, "assessment").items() if not name.endswith("/2022")}
    assert found == assessment_by_hand(rows, readings)
