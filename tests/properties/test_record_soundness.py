"""What is decided on an incomplete record stays so: empty and disputed cells, styles not judged, numbers not set."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import cadrerules as cr
from cadrerules.language.periods import Quarter, Year
from cadrerules.model.facts import FactTables, Row, Table, written_key
from cadrerules.model.result import Result
from cadrerules.testing.strategies import cells, tables
from cadrerules_market_supervision.facts import Exemptions, Progress, Results, Staff, Style, Waivers
from properties.small_plan import filled

PLAN = cr.load_policies("market-supervision")
AS_OF = date(2025, 1, 15)
READINGS = st.fixed_dictionaries({name: st.sampled_from(i.doc.words) for name, i in PLAN.interpretations.items()})
QUARTERS = [Quarter.parse(text) for text in ("2023Q4", "2024Q1", "2024Q2")]
YEARS = [Year.parse(text) for text in ("2023", "2024")]
DISPUTABLE = {
    "progress": ("progress", "regional_rank"),
    "style": ("style",),
    "results": ("regional_rank", "cities", "deducted", "cause", "completed"),
    "staff": ("joined", "left"),
    "waivers": ("decided_on", "expires_on"),
    "exemptions": ("decided_on",),
}
MODELS = (Staff, Progress, Style, Results, Exemptions, Waivers)
GIVEN = {
    **{
        f"{m.spec.name}.unit": st.sampled_from(["U1", "U2", "U3"])
        for m in (Staff, Progress, Style, Results, Exemptions)
    },
    **{f"{m.spec.name}.quarter": st.sampled_from(QUARTERS) for m in (Progress, Style)},
    **{f"{m.spec.name}.year": st.sampled_from(YEARS) for m in (Results, Exemptions)},
    **{f"{m.spec.name}.indicator": st.sampled_from(["I1", "I2"]) for m in (Progress, Results)},
    "staff.role": st.sampled_from(["head", "head", "head", "key_staff"]),
    "results.cities": st.sampled_from([None, 5, 7]),
    "waivers.rule": st.sampled_from(["assessment.bar_deduction", "assessment.bar_ranking"]),
    "waivers.subject": st.sampled_from(["P1", "P2"]),
    "waivers.period": st.sampled_from(YEARS),
}
WORLDS = tables(*MODELS, min_rows=1, max_rows=7, given=GIVEN)


@lru_cache(maxsize=512)
def plan_with(readings: tuple[tuple[str, str], ...], black: int | None = None) -> cr.Plan:
    params = {"board.red_to": 1, "board.yellow_to": 2, "board.black_quarters": black}
    return PLAN.amend(params=params, interpretations=dict(readings))


@st.composite
def disputed(draw: st.DrawFn, facts: FactTables) -> FactTables:
    """The tables with some cells in dispute, and now and then no table of styles."""
    left_out = draw(st.sampled_from(["", "", "", "style"]))
    rows = {name: found for name, found in facts.rows.items() if name != left_out}
    open_cells = [(name, row, column) for name, found in rows.items() for row in found for column in DISPUTABLE[name]]
    chosen = draw(st.lists(st.sampled_from(open_cells), max_size=5, unique_by=lambda cell: str(cell)))
    disputes = tuple([dispute(facts.tables[name], row, column) for name, row, column in chosen])
    return FactTables(PLAN.tables, {**rows, "disputes": disputes})


def dispute(table: Table, row: Row, column: str) -> Row:
    key = written_key([row[name] for name in table.key])
    return {"table": table.name, "key": key, "column": column, "raised_on": AS_OF, "resolved_on": None}


@st.composite
def completed(draw: st.DrawFn, facts: FactTables) -> FactTables:
    """The tables with every dispute settled, in whatever way, every cell filled in and every style judged."""
    rows: dict[str, Any] = {name: [dict(row) for row in found] for name, found in facts.rows.items()}
    for raised in rows.pop("disputes"):
        table = facts.tables[raised["table"]]
        for row in rows[table.name]:
            if written_key([row[k] for k in table.key]) == raised["key"]:
                row[raised["column"]] = draw(cells(table.columns[raised["column"]], holes=False))
    rows["style"] = [*rows.get("style", ()), *draw(more_styles(facts))]
    return draw(filled(FactTables(facts.tables, {name: tuple(found) for name, found in rows.items()})))


@st.composite
def more_styles(draw: st.DrawFn, facts: FactTables) -> list[Row]:
    """A row for some of the units and quarters whose style nobody has judged."""
    judged = {(row["quarter"], row["unit"]) for row in facts.rows.get("style", ())}
    rest = [(q, u) for q in QUARTERS for u in ("U1", "U2", "U3") if (q, u) not in judged]
    return [
        {"quarter": q, "unit": u, "style": draw(cells(Style.spec.columns["style"]))}
        for q, u in rest
        if draw(st.booleans())
    ]


def findings(result: Result) -> Mapping[tuple[str, str, str | None], str]:
    return {(f.rule, f.subject.id, f.period): f.status for f in result.findings}


@settings(max_examples=100)
@given(st.data(), WORLDS.flatmap(disputed), READINGS, st.integers(1, 4))
def test_what_is_decided_stays_so(data: st.DataObject, facts: FactTables, readings: dict[str, str], black: int) -> None:
    chosen = tuple(sorted(readings.items()))
    before = plan_with(chosen).evaluate(facts, as_of=AS_OF)
    after = plan_with(chosen, black).evaluate(data.draw(completed(facts), label="whole"), as_of=AS_OF)
    held, holds = findings(before), findings(after)
    assert holds.keys() <= held.keys()
    assert all(holds.get(name) == "holds" for name, status in held.items() if status == "holds")
    check_decisions({d.id: d for d in before.decisions}, {d.id: d for d in after.decisions})


def check_decisions(before: Mapping[str, cr.Decision], after: Mapping[str, cr.Decision]) -> None:
    assert after.keys() <= before.keys()
    for name, decision in before.items():
        later = after.get(name)
        if decision.status == "undetermined":
            outcomes = [None] if later is None else later.possible or [later.verdict]
            assert set(outcomes) <= set(decision.possible), name
        elif decision.verdict is None and later is None:
            continue  # waived before anybody knew, and there was nothing to waive
        else:
            assert later is not None
            assert (later.status, later.verdict) == ("decided", decision.verdict)
