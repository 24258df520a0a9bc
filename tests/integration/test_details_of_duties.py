"""The small print of rectification and obligations, fact by fact, and the names that outside programs set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import cadrerules as cr
from small_bureau import PLAN, verdicts

POLICIES = ("rectification", "obligation")
BLAND = {"cadre": False, "party_member": False, "key_post": False, "young_cadre": False, "leadership_team": False}
LEADER = {"person": "L", "unit": "", "role": "leader", **BLAND}
PROBLEM = {
    "problem": "P1", "aspect": "style", "listed_on": "2024-08-31", "due_on": "2025-08-31", "goal": "x", "measures": "x",
    "lead_unit": "U", "responsible_unit": "U", "effect_on": "", "closed_on": "",
}  # fmt: skip


def act(kind: str, day: str, actor: str = "bureau", **cells: Any) -> dict[str, Any]:
    return {"activity": f"{kind}/{actor}/{day}", "kind": kind, "actor": actor, "done_on": day, **cells}


def evaluate(
    tables: Mapping[str, Any], day: str, params: Mapping[str, Any] | None = None, **readings: str
) -> cr.Result:
    """Rectification and obligations as of a day; readings with `__` for the dot of their names."""
    plan = PLAN.amend(params or {}, {name.replace("__", "."): word for name, word in readings.items()})
    return plan.evaluate(cr.read_tables(tables, plan), as_of=date.fromisoformat(day), policies=POLICIES)


def duty(result: cr.Result, rule: str) -> dict[tuple[str, str | None], tuple[str | None, str | None, str | None]]:
    """Verdict, done and short of an obligation, by subject and period."""
    return {
        (d.subject.id, d.period): (d.verdict, d.done, d.short)
        for d in result.decisions
        if d.question == "obligation" and d.id.endswith(f"/{rule}")
    }


# ---- Rectification ---------------------------------------------------------------------------------


def test_an_entry_that_lacks_something_is_incomplete_for_certain() -> None:
    """Each of the five may be what lacks; without a deadline class and delay are open, incompleteness isn't."""
    for name in ("goal", "measures", "lead_unit", "responsible_unit"):
        result = evaluate({"problems": [{**PROBLEM, name: ""}]}, "2024-09-01")
        assert verdicts(result, "rectification")["P1", None] == "incomplete"
    result = evaluate({"problems": [{**PROBLEM, "due_on": ""}]}, "2024-09-01")
    assert verdicts(result, "horizon") == {("P1", None): "?short/medium/long/unclassified"}
    assert verdicts(result, "rectification")["P1", None] == "?incomplete/overdue"
    assert [f.rule for f in result.findings if f.status == "holds"] == ["rectification.complete"]


def test_the_gravest_finding_is_the_verdict_and_all_are_listed() -> None:
    """Overdue, then effect overdue, then incomplete; neither decision has a period."""
    late = {**PROBLEM, "listed_on": "2024-01-31", "goal": ""}
    overdue = evaluate({"problems": [{**late, "due_on": "2024-08-30"}]}, "2024-08-31")
    decision = overdue.decision("rectification", "P1")
    assert (decision.verdict, decision.period) == ("overdue", None)
    assert [f.rule for f in decision.findings] == [f"rectification.{r}" for r in ("complete", "effect", "overdue")]
    assert evaluate({"problems": [late]}, "2024-08-31").decision("rectification", "P1").verdict == "effect_overdue"
    assert overdue.decision("horizon", "P1").period is None


def test_bounds_of_classes_and_what_has_passed() -> None:
    """Inclusive, clamped to the month's end; passed is after the day itself; two readings of what lies below."""
    classes = {
        "2025-02-27": "unclassified", "2025-02-28": "short", "2025-08-31": "short", "2025-09-01": "medium",
        "2026-08-31": "medium", "2026-09-01": "unclassified", "2027-08-30": "unclassified", "2027-08-31": "long",
    }  # fmt: skip
    for day, word in classes.items():
        assert verdicts(evaluate({"problems": [{**PROBLEM, "due_on": day}]}, "2024-09-01"), "horizon")["P1", None] == word
    below = {"problems": [{**PROBLEM, "due_on": "2025-02-27"}]}
    literal = {"rectification__medium": "literal"}
    assert verdicts(evaluate(below, "2024-09-01", **literal), "horizon") == {("P1", None): "medium"}
    both = {**literal, "rectification__below_half_year": "short"}
    assert verdicts(evaluate(below, "2024-09-01", **both), "horizon") == {("P1", None): "short"}
    for day, verdict in (("2025-02-28", None), ("2025-03-01", "effect_overdue")):
        found = verdicts(evaluate({"problems": [PROBLEM]}, day), "rectification")
        assert found.get(("P1", None)) == verdict


def test_the_state_is_that_of_the_day_of_evaluation() -> None:
    """A late effect clears, closing alone doesn't, and what is dated later hasn't happened."""
    for cells, verdict in (
        ({"effect_on": "2025-06-01"}, None),
        ({"effect_on": "2025-06-02"}, "effect_overdue"),
        ({"closed_on": "2025-06-01"}, "effect_overdue"),
    ):
        found = verdicts(evaluate({"problems": [{**PROBLEM, **cells}]}, "2025-06-01"), "rectification")
        assert found.get(("P1", None)) == verdict


# ---- Obligations -----------------------------------------------------------------------------------


def test_who_is_the_subject_of_what_is_owed() -> None:
    """One decision per rule, subject and period, none where it is met; training is the bureau's to arrange."""
    trained = act("specialist_training", "2024-03-01", "T", days=5)
    staff = [{"person": person, "unit": "U", "role": "staff", **BLAND, "cadre": True} for person in ("S", "T")]
    result = evaluate({"staff": staff, "activities": [trained]}, "2025-01-05")
    assert duty(result, "training") == {("S", "2024"): ("unmet", "0", "1")}
    (training,) = [d for d in result.decisions if d.id == "obligation/S/2024/training"]
    assert (training.subject.kind, training.owed_by, training.due) == ("person", "bureau", "1")
    (sent,) = [d for d in result.decisions if d.id == "obligation/bureau/2024/study_away"]
    assert (sent.subject.model_dump(), sent.owed_by) == ({"kind": "bureau", "id": "bureau"}, "bureau")


def test_from_which_period_to_which() -> None:
    """From the first year with an activity, or where it is set, to the last that has ended; the open one is behind."""
    tables = {"activities": [act("lecture", "2024-02-10")], "problems": [{**PROBLEM, "listed_on": "2022-05-01"}]}
    lectures = duty(evaluate(tables, "2024-04-20"), "lecture")
    assert {period: found[0] for (_, period), found in lectures.items()} == {
        "2024-01": "unmet", "2024-03": "unmet", "2024-04": "behind",
    }  # fmt: skip
    assert ("bureau", "2023-12") in duty(evaluate(tables, "2024-04-20", {"calendar.from": 2023}), "lecture")
    none = {**tables, "activities": []}
    assert min(period for _, period in duty(evaluate(none, "2022-06-30"), "lecture") if period) == "2022-01"
    meetings = duty(evaluate({"activities": [act("bureau_meeting", "2024-12-31")]}, "2025-01-05"), "meeting")
    assert ("bureau", "2024-W52") in meetings
    assert ("bureau", "2025-W01") not in meetings


def test_days_in_post_and_partial_years() -> None:
    """Any day counts, rounded half up; under half a year nothing is owed that is due once; or in full, or not at all."""
    days = [act("field_research", "2024-01-01", "X", days=1)]

    def owed(rule: str, joined: str, **readings: str) -> str | None:
        staff = [{**LEADER, "joined": joined, "cadre": True}]
        result = evaluate({"staff": staff, "activities": days}, "2025-01-01", **readings)
        return next((d.due for d in result.decisions if d.id == f"obligation/L/2024/{rule}"), None)

    assert owed("field_days", "2024-07-01") == "30"
    assert owed("field_days", "2024-12-29") is None
    assert (owed("training", "2024-07-02"), owed("training", "2024-07-03")) == ("1", None)
    assert owed("field_days", "2024-12-31", obligation__partial_year="full") == "60"
    assert owed("field_days", "2024-01-02", obligation__partial_year="exempt") is None


def test_lectures_and_the_bureau_s_own_duties() -> None:
    """Whoever lectures serves; reports and meetings are the bureau's own; lecturing out of turn is unmet, short 0."""
    heads = [{"person": person, "unit": person, "role": "head", **BLAND} for person in ("A", "B")]
    acts = [act("lecture", "2024-01-10", "A"), act("lecture", "2024-02-10", "A"), act("lecture", "2024-03-10")]
    acts += [act("regional_report", "2024-01-10", "A"), act("bureau_meeting", "2024-01-10", "A")]
    result = evaluate({"staff": heads, "activities": acts}, "2025-01-01")
    assert {period for _, period in duty(result, "lecture")}.isdisjoint({"2024-01", "2024-02", "2024-03"})
    assert duty(result, "regional_report") == {("bureau", "2024"): ("unmet", "0", "2")}
    assert ("bureau", "2024-W02") in duty(result, "meeting")
    assert duty(result, "lecture_rotation") == {("A", "2024-02"): ("unmet", "2", "0")}


def test_contact_points_are_one_decision_a_year() -> None:
    """A missing kind and an unvisited contact are unmet together; further visits are no breach, another's don't count."""
    contacts = [{"leader": "L", "contact": f"C{n}", "kind": kind} for n, kind in enumerate(("private_enterprise", "self_employed"))]
    visits = [act("contact_visit", f"2024-0{month}-01", "L", target="C0") for month in (1, 2, 3)]
    visits += [act("contact_visit", "2024-04-01", "X", target="C1")]
    tables = {"staff": [LEADER], "contacts": contacts, "activities": visits}
    assert duty(evaluate(tables, "2025-01-01"), "contacts") == {("L", "2024"): ("unmet", "1", "2")}
    in_all = evaluate(tables, "2025-01-01", obligation__visits="in_all")
    assert duty(in_all, "contacts") == {("L", "2024"): ("unmet", "1", "1")}


# ---- Names -----------------------------------------------------------------------------------------

NUMBERS = {
    "rectification.effect_months": 6,
    "obligation.field_days": 60,
    "obligation.regional_reports": 2,
    "obligation.training_days": 5,
}
UNSET = {f"rectification.{of}_{end}" for of in ("thought", "style", "ability", "total") for end in ("min", "max")}
UNSET |= {f"obligation.{name}_by" for name in ("reflection", "research_report", "economy_measures")}
UNSET |= {"obligation.food_safety_from", "obligation.food_safety_to", "calendar.from"}
READINGS = {
    "rectification.medium": ("after_short", "literal"),
    "rectification.gap": ("unclassified", "medium", "long"),
    "rectification.below_half_year": ("unclassified", "short"),
    "obligation.leading_cadres": ("leaders", "leaders_and_heads"),
    "obligation.visits": ("per_contact", "in_all"),
    "obligation.partial_year": ("pro_rata", "full", "exempt"),
    "training.stages": ("three", "six"),
}


def test_the_numbers_and_readings_of_duties() -> None:
    """Names, values and options; what the source leaves out is unset; none carries a date."""
    policies = ("rectification", "obligation", "training", "calendar")
    docs = {name: p.doc for name, p in PLAN.parameters.items() if name.split(".")[0] in policies}
    assert {name: doc.value for name, doc in docs.items() if doc.unset is None} == NUMBERS
    assert {name for name, doc in docs.items() if doc.unset is not None} == UNSET
    assert all(doc.values is None for doc in docs.values())
    found = {name: i.doc for name, i in PLAN.interpretations.items() if name.split(".")[0] in policies}
    assert {name: (doc.default, doc.words) for name, doc in found.items()} == {
        name: (words[0], words) for name, words in READINGS.items()
    }
