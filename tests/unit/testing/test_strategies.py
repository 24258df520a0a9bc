"""The strategies reach what rules turn on, and what they make is valid and fits together. No seed is drawn.

Still an interpreter, or what else is imported, may change the draws: what is asserted holds by a wide margin.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis.strategies import SearchStrategy

import cadrerules as cr
from cadrerules.language.periods import Period, add_months
from cadrerules.model.facts import FactTables
from cadrerules.testing.strategies import Dossier, PolicyCase, dossiers, facts_rows, policy_cases, tables
from small_parcels import written

PLAN = cr.load_policies("market-supervision")
RESULTS, PROBLEMS = PLAN.models["results"], PLAN.models["problems"]
SAME = settings(
    derandomize=True, database=None, deadline=None, max_examples=2000, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
"""What is looked for is met within some hundred examples or so, at which the search ends; the rest is margin."""
FEW = settings(SAME, max_examples=40)


def met(strategy: SearchStrategy[Any], wanted: Callable[[Any], bool]) -> Any:
    return find(strategy, wanted, settings=SAME)


def row(model: Any, **more: Any) -> SearchStrategy[Any]:
    return facts_rows(model, 1, 1, near=PLAN, **more).map(lambda rows: rows[0])


# --- boundaries -------------------------------------------------------------------------------------


@pytest.mark.parametrize("points", ["0", "0.01", "1.99", "2", "2.01", "2.99", "3", "3.01"])
def test_rows_lie_at_the_points_where_rules_turn(points: str) -> None:
    met(row(RESULTS), lambda cells: cells["deducted"] == Decimal(points))


@pytest.mark.parametrize("beside", [-1, 0, 1])
def test_places_lie_at_the_last_three_of_as_many_cities_as_there_are(beside: int) -> None:
    at = met(
        row(RESULTS),
        lambda cells: None not in (cells["cities"], cells["regional_rank"])
        and cells["regional_rank"] > 4
        and cells["cities"] - 3 == cells["regional_rank"] + beside,
    )
    assert at["regional_rank"] <= at["cities"]


@pytest.mark.parametrize("months", [6, 12, 24, 36])
def test_deadlines_lie_at_the_ends_of_their_classes(months: int) -> None:
    def at_the_end(cells: Any) -> bool:
        days = cells["listed_on"], cells["due_on"]
        return None not in days and add_months(days[0], months) == days[1] and days[1] > date(2024, 1, 1)

    met(row(PROBLEMS), at_the_end)


def test_many_cells_lie_at_boundaries_and_others_elsewhere() -> None:
    seen: Counter[bool] = Counter()
    near = {Decimal(text) for text in ("0", "0.01", "1.99", "2", "2.01", "2.99", "3", "3.01")}

    @settings(SAME, max_examples=100)
    @given(facts_rows(RESULTS, 3, 3, holes=False, near=PLAN))
    def count(rows: list[dict[str, Any]]) -> None:
        seen.update(cells["deducted"] in near for cells in rows)

    count()
    share = seen[True] / seen.total()
    assert 0.25 < share < 0.9, share  # a half is meant; what is drawn turns on the interpreter and on the modules loaded


@FEW
@given(tables(*(model for name, model in PLAN.models.items() if name != "disputes"), max_rows=2, near=PLAN))
def test_tables_near_boundaries_are_valid(facts: FactTables) -> None:
    cr.read_tables(plain(facts), PLAN)


def plain(facts: FactTables) -> dict[str, list[dict[str, Any]]]:
    return {name: [dict(row) for row in rows] for name, rows in facts.rows.items()}


# --- cases of a policy --------------------------------------------------------------------------------


@FEW
@given(policy_cases(PLAN, "assessment", max_rows=3))
def test_cases_have_every_table_that_the_policy_reads(case: PolicyCase) -> None:
    assert set(case.facts.rows) == {*PLAN.policies["assessment"].reads, "waivers", "disputes"} & PLAN.tables.keys()
    cr.read_tables(plain(case.facts), case.plan)
    result = case.evaluate()
    assert result.policies["hash"] == case.plan.hash
    assert not result.not_evaluated
    names = [name for _, name, _ in case.settings]
    assert len(names) == len(set(names)) <= 2
    for kind, name, value in case.settings:
        if kind == "interpretations":
            assert case.plan.interpretations[name].option == value
        else:
            assert case.plan.parameters[name].doc.value == value


@pytest.mark.parametrize("points", ["1.99", "2", "3", "3.01"])
def test_cases_decide_at_the_boundaries(points: str) -> None:
    def at(case: PolicyCase) -> bool:
        return any(row["deducted"] == Decimal(points) and row["cause"] == "subjective" for row in case.facts["results"])

    met(policy_cases(PLAN, "assessment"), at)


@pytest.mark.parametrize(
    ("kind", "name"), [("params", "assessment.bar_to"), ("interpretations", "assessment.upper_bound"), ("interpretations", "people.in_post")]
)
def test_cases_set_what_the_policy_rests_on(kind: str, name: str) -> None:
    met(policy_cases(PLAN, "assessment", max_rows=1), lambda case: (kind, name) in {s[:2] for s in case.settings})


def test_boundaries_of_a_case_are_those_of_what_was_set(tmp_path: Path) -> None:
    plan = cr.load_policies(written(tmp_path / "set"))

    def beyond(case: PolicyCase) -> bool:
        changed = [value for _, name, value in case.settings if name == "fees.heavy"]
        return bool(changed) and any(row["weight"] == changed[0] + Decimal("0.1") for row in case.facts["parcels"])

    found = met(policy_cases(plan, "fees"), beyond)
    (heavy,) = (value for _, name, value in found.settings if name == "fees.heavy")
    assert heavy in (Decimal("9.9"), Decimal("10.1"), 11)


# --- dossiers -----------------------------------------------------------------------------------------

CHECKED = [name for name in PLAN.tables if name != "disputes"]


@settings(FEW, max_examples=25)
@given(dossiers(PLAN))
def test_dossiers_are_valid_and_about_one_subject(dossier: Dossier) -> None:
    assert set(dossier.facts.rows) == set(PLAN.tables)
    cr.read_tables(plain(dossier.facts), PLAN)
    own = {row[dossier.kind] for name in CHECKED for row in dossier.facts[name] if row.get(dossier.kind)}
    assert own <= {dossier.subject}
    for waiver in dossier.facts["waivers"]:
        rule = PLAN.rules[waiver["rule"]]
        assert rule.waivable
        assert (waiver["period"] is None) == (PLAN.questions[rule.question].doc.period == "none")
    for dispute in dossier.facts["disputes"]:
        table = PLAN.tables[dispute["table"]]
        keys = ["/".join("" if row[n] is None else str(row[n]) for n in table.key) for row in dossier.facts[table.name]]
        assert dispute["key"] in keys
        assert dispute["column"] in table.columns


@settings(FEW, max_examples=25)
@given(dossiers(PLAN, "person", years=2))
def test_periods_follow_each_other_with_one_gap_at_most(dossier: Dossier) -> None:
    spans: dict[tuple[Any, ...], set[Period]] = {}
    for row in dossier.facts["results"]:
        spans.setdefault((row["unit"], row["indicator"]), set()).add(row["year"])
    quarters: dict[str, set[int]] = {}
    for row in dossier.facts["style"]:
        quarters.setdefault(row["unit"], set()).add(row["quarter"].ordinal)
    assert all({year.ordinal for year in years} <= {2023, 2024} for years in spans.values())
    for ordinals in quarters.values():
        assert max(ordinals) - min(ordinals) + 1 - len(ordinals) <= 1


def decided(dossier: Dossier, question: str) -> set[str | None]:
    result = PLAN.evaluate(dossier.facts, as_of=dossier.as_of, policies=["assessment", "board"], engine="scalar")
    return {d.verdict for d in result.decisions if d.question == question}


@pytest.mark.parametrize(
    ("kind", "question", "verdict"),
    [
        ("person", "promotion", "barred_in_principle"),
        ("person", "promotion", "preferred"),
        ("person", "excellent", "barred"),
        ("unit", "flag", "red"),
        ("unit", "commendation", "commended"),
    ],
)
def test_dossiers_reach_the_verdicts(kind: str, question: str, verdict: str) -> None:
    met(dossiers(PLAN, kind, holes=False), lambda dossier: verdict in decided(dossier, question))


def test_waivers_and_exemptions_of_a_dossier_fit_it() -> None:
    def waived(dossier: Dossier) -> bool:
        """A waiver in force, of a rule about the subject, for a year of which there are results."""
        years = {str(row["year"]) for row in dossier.facts["results"]}
        return any(
            PLAN.rules[row["rule"]].kind == "person"
            and row["subject"] == dossier.subject
            and str(row["period"]) in years
            and row["decided_on"] <= dossier.as_of <= (row["expires_on"] or date.max)
            for row in dossier.facts["waivers"]
        )

    def exempted(dossier: Dossier) -> bool:
        exempt = {(row["unit"], row["year"]) for row in dossier.facts["exemptions"]}
        return any((row["unit"], row["year"]) in exempt and row["cause"] == "subjective" for row in dossier.facts["results"])

    met(dossiers(PLAN, "person", holes=False), waived)
    met(dossiers(PLAN, "person", holes=False), exempted)


def test_a_subject_that_no_question_is_about_is_refused() -> None:
    with pytest.raises(ValueError, match="no question is about a star"):
        met(dossiers(PLAN, "star"), lambda dossier: True)


def test_a_plan_without_waivers_and_other_tables_has_dossiers_too(tmp_path: Path) -> None:
    plan = cr.load_policies(written(tmp_path / "set"))
    found = met(dossiers(plan), lambda dossier: len(dossier.facts["parcels"]) == 3)
    assert {row["parcel"] for row in found.facts["parcels"]} == {"P1"}
    assert (found.kind, found.subject) == ("parcel", "P1")
    assert found.as_of - timedelta(days=1) >= date(2024, 12, 30)
