"""The example's problems, activities, contact points, trainings and assessments; `make_bureau.py` writes them.

Everybody has done what they owe, but for what the stories below leave out. Activities begin in 2024, so
that is when duties are looked at from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any

Row = dict[str, Any]
KINDS = ("private_enterprise", "self_employed", "party_organisation")
STAGES = ("early", "midway", "late")
DIMENSIONS = ("attitude", "knowledge", "style", "problem_solving")
YEAR = 2024


@dataclass
class Duties:
    """The rows so far; stories take out and add what they are about."""

    staff: list[Row]
    problems: list[Row] = field(default_factory=list)
    activities: list[Row] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    trainings: list[Row] = field(default_factory=list)
    assessments: list[Row] = field(default_factory=list)

    def people(self, **cells: Any) -> list[str]:
        """Those with a post that has these cells, in order, still in post at the end of the year."""
        rows = [r for r in self.staff if all(r[name] == cell for name, cell in cells.items())]
        return list(dict.fromkeys(r["person"] for r in rows if r["left"] is None or r["left"] >= date(YEAR, 12, 31)))

    def head(self, unit: str) -> str:
        """The head of a unit at the end of the year."""
        return self.people(unit=unit, role="head")[-1]

    def act(self, kind: str, actor: str, day: date, days: str | None = None, target: str | None = None) -> None:
        """Note something done."""
        row: Row = {"kind": kind, "actor": actor, "done_on": day}
        self.activities.append(row | {"days": None if days is None else Decimal(days), "target": target})

    def undo(self, kind: str, actor: str, **cells: Any) -> None:
        """Take out what somebody did, and with `cells` only what has these."""
        wanted = {"kind": kind, "actor": actor, **cells}
        self.activities = [a for a in self.activities if any(a[name] != cell for name, cell in wanted.items())]

    def problem(self, aspect: str | None, listed: date, due: date | None, **cells: Any) -> None:
        """List a problem; it is complete, has shown an effect in time and isn't closed unless said otherwise."""
        number = len(self.problems) + 1
        unit = f"U{number:02}"
        row: Row = {"problem": f"Q{number:02}", "aspect": aspect, "listed_on": listed, "due_on": due}
        row |= {"goal": f"第 {number} 项问题得到解决", "measures": f"制定措施 {number} 条并按月对账"}
        row |= {"lead_unit": unit, "responsible_unit": unit}
        row |= {"effect_on": listed + timedelta(days=120), "closed_on": None}
        self.problems.append(row | cells)


# ---- What everybody does ---------------------------------------------------------------------------


def bureau_duties(d: Duties, random: Random) -> None:
    """Meetings, lectures, reports and lists of the bureau itself, up to the middle of January 2025."""
    for week in range(54):
        d.act("bureau_meeting", "bureau", date(2024, 1, 1) + timedelta(days=7 * week + random.randrange(5)))
    heads = d.people(role="head")
    for n in range(12):
        d.act("lecture", heads[n], date(YEAR, n + 1, random.randint(5, 25)))
        d.act("monthly_report", "bureau", date(YEAR, n + 1, random.randint(20, 28)))
    for month in (6, 11):
        d.act("regional_report", "bureau", date(YEAR, month, 20))
    for month in (2, 5, 8, 11):
        d.act("supervision_list", "bureau", date(YEAR, month, 15))
    d.act("study_away", "bureau", date(YEAR, 9, 9), "5")
    d.act("economy_measures", "bureau", date(YEAR, 4, 2))
    d.act("food_safety_city", "bureau", date(YEAR, 7, 1))
    d.act("style_filing", "bureau", date(YEAR, 6, 3))


def personal_duties(d: Duties, random: Random) -> None:
    """Essays, trainings and research of people, and the visits of leaders to their contact points."""
    for person in dict.fromkeys(row["person"] for row in d.staff):
        d.act("reflection", person, date(YEAR, 4, random.randint(1, 28)))
        d.act("specialist_training", person, date(YEAR, random.randint(3, 11), 15), "5")
    for person in sorted({p for flag in ("leadership_team", "key_post", "young_cadre") for p in d.people(**{flag: True})}):
        d.act("university_training", person, date(YEAR, random.randint(3, 11), 20), "5")
    for leader in d.people(role="leader"):
        d.act("research_activity", leader, date(YEAR, 5, random.randint(1, 28)))
        d.act("research_report", leader, date(YEAR, 6, random.randint(1, 28)))
        for month in range(1, 13):
            d.act("field_research", leader, date(YEAR, month, random.randint(1, 25)), "5.5")
        d.act("field_research", leader, date(2025, 1, 10), "3")
        for n, kind in enumerate(KINDS, 1):
            d.contacts.append({"leader": leader, "contact": f"C{leader[1:]}{n}", "kind": kind})
            d.act("contact_visit", leader, date(YEAR, 3 * n, random.randint(1, 28)), None, f"C{leader[1:]}{n}")


def problems(d: Duties) -> None:
    """The list of problems: every class of deadline, and every way to be late."""
    start = date(2024, 1, 31)
    d.problem("thought", start, date(2024, 7, 31), closed_on=date(2024, 7, 25))
    d.problem("style", start, date(2025, 1, 31))
    d.problem("ability", start, date(2025, 9, 30))
    d.problem("style", start, date(2026, 9, 30))
    d.problem("ability", start, date(2027, 1, 31))
    d.problem("thought", date(2024, 9, 2), date(2024, 12, 20), closed_on=date(2024, 12, 18))
    d.problem("style", date(2024, 3, 1), date(2024, 12, 31))
    d.problem("ability", date(2024, 6, 3), date(2025, 6, 3), effect_on=None)
    d.problem("thought", date(2024, 5, 6), date(2025, 5, 6), effect_on=None)
    d.problem("style", date(2024, 10, 8), date(2025, 10, 8), measures=None, effect_on=None)
    d.problem("ability", date(2024, 11, 4), None, effect_on=None)
    d.problem(None, date(2024, 12, 2), date(2025, 12, 2), effect_on=None)


def records(d: Duties) -> None:
    """Evaluations of those who were at the university, and the leaders' assessments."""
    for activity in [a for a in d.activities if a["kind"] == "university_training"]:
        for stage in STAGES:
            row = {"person": activity["actor"], "course": "T2024", "stage": stage}
            d.trainings.append(row | dict.fromkeys(DIMENSIONS, "良好"))
    for leader in d.people(role="leader"):
        kinds = {"regular": "2024Q2", "annual": "2024", "term": "2024", "special": "2024-10"}
        for kind, period in kinds.items():
            d.assessments.append({"person": leader, "kind": kind, "period": period, "grade": "称职"})


# ---- Stories ---------------------------------------------------------------------------------------

STORIES: list[Callable[[Duties], None]] = []


def story(tell: Callable[[Duties], None]) -> Callable[[Duties], None]:
    """Have the function told with the others, in the order in which they stand here."""
    STORIES.append(tell)
    return tell


@story
def few_field_days(d: Duties) -> None:
    """The first leader had 55 days at the grassroots; the second has none so far in 2025; one cell of the third is empty."""
    first, second, third, *_ = d.people(role="leader")
    d.undo("field_research", first, done_on=[a for a in d.activities if a["actor"] == first and a["days"]][-2]["done_on"])
    d.undo("field_research", first, done_on=[a for a in d.activities if a["actor"] == first and a["days"]][-2]["done_on"])
    d.undo("field_research", second, done_on=date(2025, 1, 10))
    row = next(a for a in d.activities if a["kind"] == "field_research" and a["actor"] == third)
    row["days"] = None
    d.undo("field_research", third, done_on=[a for a in d.activities if a["actor"] == third and a["days"]][-2]["done_on"])


@story
def missing_contact(d: Duties) -> None:
    """The second leader has no party organisation among the contact points; the third left one unvisited."""
    _, second, third, *_ = d.people(role="leader")
    d.contacts = [c for c in d.contacts if (c["leader"], c["kind"]) != (second, "party_organisation")]
    d.undo("contact_visit", third, target=f"C{third[1:]}2")


@story
def lecture_twice(d: Duties) -> None:
    """The first head lectures again in October, before the others have had a turn."""
    heads = d.people(role="head")
    october = next(a for a in d.activities if a["kind"] == "lecture" and a["done_on"].month == 10)
    october["actor"] = heads[0]


@story
def gaps_of_the_bureau(d: Duties) -> None:
    """No meeting in the week of 2024-10-01, no report on rectification in August, one regional report, no list in the fourth quarter."""
    d.activities = [
        a
        for a in d.activities
        if not (a["kind"] == "bureau_meeting" and date(2024, 9, 30) <= a["done_on"] <= date(2024, 10, 6))
        and not (a["kind"] == "monthly_report" and a["done_on"].month == 8)
        and not (a["kind"] == "regional_report" and a["done_on"].month == 11)
        and not (a["kind"] == "supervision_list" and a["done_on"].month == 11)
    ]


@story
def short_training(d: Duties) -> None:
    """U03's head went to a specialist training of four days, which doesn't count; U05's to none at the university."""
    for activity in d.activities:
        if activity["kind"] == "specialist_training" and activity["actor"] == d.head("U03"):
            activity["days"] = Decimal(4)
    d.undo("university_training", d.head("U05"))


@story
def incomplete_records(d: Duties) -> None:
    """U06's head was not evaluated late in the course, U07's not on attitude once; the fourth leader had no special assessment."""
    late = (d.head("U06"), "late")
    d.trainings = [t for t in d.trainings if (t["person"], t["stage"]) != late]
    next(t for t in d.trainings if t["person"] == d.head("U07"))["attitude"] = None
    last = d.people(role="leader")[-1]
    d.assessments = [a for a in d.assessments if (a["person"], a["kind"]) != (last, "special")]


def tables(staff: list[Row]) -> dict[str, list[Row]]:
    """The rows, by table, for the people given."""
    random = Random(11)
    duties = Duties(staff)
    problems(duties)
    bureau_duties(duties, random)
    personal_duties(duties, random)
    records(duties)
    for tell in STORIES:
        tell(duties)
    return {
        "problems": duties.problems,
        "activities": list(_numbered(duties.activities)),
        "contacts": duties.contacts,
        "trainings": duties.trainings,
        "assessments": duties.assessments,
    }


def _numbered(activities: list[Row]) -> Iterator[Row]:
    """The activities by day, each with its number."""
    for number, row in enumerate(sorted(activities, key=lambda row: row["done_on"]), 1):
        yield {"activity": f"A{number:04}", **row}
