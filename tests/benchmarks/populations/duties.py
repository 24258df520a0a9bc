"""What a bureau listed, did and recorded: problems, activities, contact points, trainings and assessments."""

from __future__ import annotations

import numpy as np
import polars as pl

from .shape import Chunk

_KINDS = {
    "bureau_meeting": 0.42,
    "lecture": 0.12,
    "field_research": 0.12,
    "contact_visit": 0.08,
    "specialist_training": 0.08,
    "reflection": 0.05,
    "regional_report": 0.03,
    "supervision_list": 0.03,
    "university_training": 0.02,
    "research_activity": 0.01,
    "research_report": 0.01,
    "monthly_report": 0.01,
    "study_away": 0.01,
    "style_filing": 0.01,
}
_BY_LEADERS = ["field_research", "contact_visit", "research_activity", "research_report"]
_BY_PEOPLE = ["lecture", "reflection"]
_TRAININGS = ["specialist_training", "university_training"]
_CONTACTS = ["private_enterprise", "self_employed", "party_organisation"]


def activities(chunk: Chunk) -> pl.DataFrame:
    """A year and two weeks of meetings, lectures, visits and trainings."""
    nation, rows = chunk.nation, chunk.nation.activities
    total = rows * chunk.count
    leader = chunk.random.integers(0, nation.leaders, total)
    contact = leader * len(_CONTACTS) + chunk.random.integers(0, len(_CONTACTS), total)
    days = nation.decimal(chunk.random.integers(1, 20, total) * 5, 10, pl.Decimal(5, 1))
    drawn = chunk.frame(
        rows,
        activity=chunk.repeated(pl.Series([f"A{n:04}" for n in range(1, rows + 1)]), np.arange(rows)),
        kind=chunk.chosen(pl.Series(list(_KINDS)), rows, list(_KINDS.values())),
        leader=nation.people_names.gather(leader),
        anyone=nation.people_names.gather(chunk.random.integers(nation.leaders, nation.people, total)),
        done_on=chunk.days("2024-01-01", 380, total),
        days=days,
        contact=_contact_names(chunk).gather(contact),
    )
    kind = pl.col("kind")
    lasting = kind.is_in(["field_research", *_TRAININGS])
    return drawn.select(
        "bureau",
        "activity",
        "kind",
        pl.when(kind.is_in(_BY_LEADERS))
        .then("leader")
        .when(kind.is_in(_BY_PEOPLE))
        .then("anyone")
        .otherwise(pl.lit("bureau"))
        .alias("actor"),
        "done_on",
        pl.when(lasting).then("days").alias("days"),
        pl.when(kind == "contact_visit").then("contact").when(kind.is_in(_TRAININGS)).then("anyone").alias("target"),
    )


def _contact_names(chunk: Chunk) -> pl.Series:
    return pl.Series([f"C{n:03}" for n in range(1, chunk.nation.leaders * len(_CONTACTS) + 1)])


def contacts(chunk: Chunk) -> pl.DataFrame:
    """Three contact points for each leader, one in twenty not found yet."""
    at = np.arange(chunk.nation.leaders * len(_CONTACTS))
    whole = chunk.frame(
        len(at),
        leader=chunk.repeated(chunk.nation.people_names, at // len(_CONTACTS)),
        contact=chunk.repeated(_contact_names(chunk), at),
        kind=chunk.repeated(pl.Series(_CONTACTS), at % len(_CONTACTS)),
    )
    return whole.filter(chunk.marks(len(whole), 0.95))


def problems(chunk: Chunk) -> pl.DataFrame:
    """Problems due within half a year to three years; some incomplete, overdue, or without effect yet."""
    nation, rows = chunk.nation, chunk.nation.problems
    total = rows * chunk.count
    listed, months = chunk.days("2023-03-01", 600, total), chunk.random.choice([5, 6, 9, 12, 18, 24, 30, 36], total)
    own = nation.unit_names.gather(chunk.random.integers(0, nation.units, total))
    drawn = chunk.frame(
        rows,
        problem=chunk.repeated(pl.Series([f"Q{n:03}" for n in range(1, rows + 1)]), np.arange(rows)),
        aspect=chunk.chosen(pl.Series(["thought", "style", "ability"]), rows, [0.3, 0.4, 0.3]),
        listed_on=listed,
        due=pl.Series(months * 30 + 5),
        goal=chunk.some(pl.Series(["问题得到解决"]).gather(np.zeros(total, int)), 0.97),
        measures=chunk.some(pl.Series(["制定措施并按月对账"]).gather(np.zeros(total, int)), 0.97),
        lead_unit=own,
        responsible_unit=chunk.some(own, 0.98),
        effect=chunk.some(pl.Series(chunk.random.integers(20, 300, total)), 0.8),
        closed=chunk.some(pl.Series(chunk.random.integers(100, 900, total)), 0.6),
    )

    def after(days: str) -> pl.Expr:
        return pl.col("listed_on") + pl.duration(days=days)

    return drawn.select(
        "bureau",
        "problem",
        "aspect",
        "listed_on",
        pl.when(chunk.marks(total, 0.98)).then(after("due")).alias("due_on"),
        "goal",
        "measures",
        "lead_unit",
        "responsible_unit",
        after("effect").alias("effect_on"),
        after("closed").alias("closed_on"),
    )


def trainings(chunk: Chunk) -> pl.DataFrame:
    """A course for every third person, evaluated early, midway and late, now and then not."""
    at = np.arange(chunk.nation.people // 3 * 3)
    total = len(at) * chunk.count
    said = pl.Series(["良好"]).gather(np.zeros(total, int))
    whole = chunk.frame(
        len(at),
        person=chunk.repeated(chunk.nation.people_names, at // 3 * 3),
        course=pl.Series(["T2024"]).gather(np.zeros(total, int)),
        stage=chunk.repeated(pl.Series(["early", "midway", "late"]), at % 3),
        attitude=said,
        knowledge=said,
        style=said,
        problem_solving=said,
    )
    return whole.filter(chunk.marks(total, 0.95))


def assessments(chunk: Chunk) -> pl.DataFrame:
    """Each person's assessments of 2024, of four kinds unless one was left out."""
    at = np.arange(chunk.nation.people * 4)
    whole = chunk.frame(
        len(at),
        person=chunk.repeated(chunk.nation.people_names, at // 4),
        kind=chunk.repeated(pl.Series(["regular", "annual", "term", "special"]), at % 4),
        period=chunk.repeated(pl.Series(["2024Q2", "2024", "2024", "2024-09"]), at % 4),
        grade=pl.Series(["称职"]).gather(np.zeros(len(at) * chunk.count, int)),
    )
    return whole.filter(chunk.marks(len(whole), 0.95))
