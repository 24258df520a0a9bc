"""A bureau small enough to write down in a test: its rows, its evaluation, and verdicts in short."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

import cadrerules as cr

PLAN = cr.load_policies("market-supervision")
STAGE = ("assessment", "board")
AS_OF = date(2025, 1, 15)

HEAD = {"person": "H", "unit": "U", "role": "head"}
WAIVER = {
    "rule": "assessment.bar_deduction",
    "subject": "H",
    "period": "2024",
    "authority": "局党组",
    "reason": "另有说明",
    "decided_on": "2025-01-10",
}
EXEMPTION = {"unit": "U", "year": 2024, "authority": "局党组", "reason": "符合规定", "decided_on": "2025-01-10"}


def row(year: int = 2024, **cells: Any) -> dict[str, Any]:
    """A year's result in which nothing stands out, but for the cells given."""
    bland = {"regional_rank": 7, "cities": 14, "deducted": 0, "cause": "objective", "completed": True}
    return {"year": year, "unit": "U", "indicator": "I1", **bland, **cells}


def standing(quarter: str, *units: str) -> list[dict[str, Any]]:
    """A quarter in which the units hold places 1, 2, 3 and so on."""
    return [
        {"quarter": quarter, "unit": unit, "indicator": "I1", "progress": 100 - place}
        for place, unit in enumerate(units)
    ]


def style(unit: str, **quarters: str) -> list[dict[str, Any]]:
    return [{"quarter": f"2024{quarter}", "unit": unit, "style": word} for quarter, word in quarters.items()]


def evaluate(tables: Mapping[str, Any], as_of: date = AS_OF, plan: cr.Plan = PLAN, **readings: str) -> cr.Result:
    """The board and the assessment of some tables; readings with `__` for the dot of their names."""
    amended = plan.amend(interpretations={name.replace("__", "."): word for name, word in readings.items()})
    return amended.evaluate(cr.read_tables(tables, amended), as_of=as_of, policies=STAGE)


def verdicts(result: cr.Result, question: str) -> dict[tuple[str, str | None], str | None]:
    """The verdict by subject and period; `?` and the possible ones where it is undetermined."""
    return {
        (d.subject.id, d.period): d.verdict if d.status == "decided" else "?" + "/".join(map(str, d.possible))
        for d in result.decisions
        if d.question == question
    }


def refused(tables: Any) -> list[tuple[str, str]]:
    """The codes for which tables are refused, each with its column."""
    with pytest.raises(cr.DataError) as caught:
        cr.read_tables(tables, PLAN)
    return [(problem.code, problem.place.field) for problem in caught.value.problems]
