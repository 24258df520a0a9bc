"""Many organisations in one evaluation are decided as each is alone, whatever ids they share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

import cadrerules as cr
from cadrerules.language.periods import Quarter, Year
from cadrerules.model.facts import Facts, FactTables, Row, Table, written_key
from cadrerules.model.organisations import by_organisation
from cadrerules.testing.strategies import tables
from cadrerules_market_supervision.facts import TABLES

PLAN = cr.load_policies("market-supervision").amend(
    params={"board.red_to": 1, "board.yellow_to": 2, "board.black_quarters": 1, "board.red_quarters": 1}
)
AS_OF = date(2024, 12, 31)
KEY = bytes(range(16))
WAIVABLE = sorted(name for name, rule in PLAN.rules.items() if rule.waivable)
MODELS: list[type[Facts]] = [model for model in TABLES if model.spec.name != "disputes"]
GIVEN = {
    **{f"{name}.quarter": st.sampled_from([Quarter.parse("2024Q1"), Quarter.parse("2024Q2")]) for name in ("progress", "style")},
    **{f"{name}.year": st.sampled_from([Year.parse("2023"), Year.parse("2024")]) for name in ("results", "exemptions")},
    **{f"{name}.unit": st.sampled_from(["U1", "U2", "U3"]) for name in ("units", "staff", "progress", "style", "results", "exemptions")},
    "staff.left": st.none(),
    "staff.role": st.sampled_from(["head", "head", "key_staff", "staff"]),
    "results.cities": st.sampled_from([None, 5]),
    "waivers.rule": st.sampled_from(WAIVABLE),
    "results.deducted": st.sampled_from([None, *map(Decimal, ("2.5", "2.5", "3"))]),
    "waivers.period": st.sampled_from([Year.parse("2024"), None]),
    "waivers.subject": st.sampled_from(["P1", "P2", "P3", "Q1"]),
    "problems.problem": st.sampled_from(["Q1", "Q2", "Q3"]),
    "activities.actor": st.sampled_from(["P1", "P2", "U1", "bureau"]),
}
ONE = tables(*MODELS, min_rows=2, max_rows=5, given=GIVEN)
NAMES = ["B1", "B2", "局三", "P1"]


@st.composite
def disputed(draw: st.DrawFn, facts: FactTables) -> FactTables:
    """The tables with some of their cells in dispute."""
    cells = [(PLAN.tables[name], row, c) for name, rows in facts.rows.items() for row in rows for c in open_to(name)]
    chosen = draw(st.lists(st.sampled_from(cells), max_size=3, unique_by=str)) if cells else []
    return FactTables(PLAN.tables, {**facts.rows, "disputes": tuple(dispute(*cell) for cell in chosen)})


def open_to(name: str) -> list[str]:
    return [column for column in PLAN.tables[name].columns if column not in PLAN.tables[name].key]


def dispute(table: Table, row: Row, column: str) -> Row:
    key = written_key(row[name] for name in table.key)
    return {"table": table.name, "key": key, "column": column, "raised_on": date(2024, 1, 1), "resolved_on": None}


@st.composite
def bureaux(draw: st.DrawFn) -> dict[str, FactTables]:
    """Up to three organisations; a table is there for all of them or for none."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=3, unique=True))
    left_out = draw(st.sets(st.sampled_from([m.spec.name for m in MODELS]), max_size=2))
    found = {name: draw(ONE.flatmap(disputed)) for name in names}
    kept = {name: {t: rows for t, rows in one.rows.items() if t not in left_out} for name, one in found.items()}
    return {name: FactTables(PLAN.tables, {**rows, "disputes": still_there(rows)}) for name, rows in kept.items()}


def still_there(rows: Mapping[str, Any]) -> tuple[Row, ...]:
    return tuple(row for row in rows["disputes"] if row["table"] in rows)


@st.composite
def mixed(draw: st.DrawFn, parts: Mapping[str, FactTables]) -> FactTables:
    """The rows of all organisations in one set of tables, in any order."""
    first = next(iter(parts.values()))
    rows = {
        table: tuple(draw(st.permutations([{"bureau": n, **row} for n, one in parts.items() for row in one[table]])))
        for table in first.rows
    }
    return FactTables(PLAN.tables, rows, group="bureau")


KINDLY = settings(
    deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.reuse, Phase.generate]
)
"""Without shrinking: so many tables take minutes to shrink."""
WORLDS = bureaux().flatmap(lambda parts: st.tuples(st.just(parts), mixed(parts)))


def plain(result: cr.Result) -> tuple[Any, Any]:
    return [d.model_dump() for d in result.decisions], [f.model_dump() for f in result.findings]


def within(name: str, result: cr.Result) -> tuple[Any, Any]:
    """What a result of one organisation alone says, said of one among several."""
    decisions, findings = plain(result)
    return [{**d, "id": f"{name}/{d['id']}", "group": name} for d in decisions], [{**f, "group": name} for f in findings]


def alone(parts: Mapping[str, FactTables]) -> dict[str, cr.Result]:
    """Each organisation that has any row, evaluated alone."""
    return {n: PLAN.evaluate(parts[n], as_of=AS_OF) for n in sorted(parts) if any(parts[n].rows.values())}


@settings(KINDLY, max_examples=20)
@given(WORLDS)
def test_each_is_decided_as_it_is_alone(world: tuple[dict[str, FactTables], FactTables]) -> None:
    parts, facts = world
    whole, each = PLAN.evaluate(facts, as_of=AS_OF), alone(parts)
    event(f"{len(each)} organisations, {'some' if whole.decisions else 'no'} decisions")
    said = [within(name, one) for name, one in each.items()]
    assert plain(whole) == ([d for ds, _ in said for d in ds], [f for _, fs in said for f in fs])
    for name, one in each.items():
        assert whole.not_evaluated == one.not_evaluated
        assert plain(whole.organisations[name]) == within(name, one)
        for decision, before in [*zip(whole.organisations[name].decisions, one.decisions, strict=True)][:1]:
            assert decision.outlook() == before.outlook()
            told = decision.explain()
            assert f"bureau {name}. " in told
            assert told.replace(f"bureau {name}. ", "") == before.explain()


@settings(KINDLY, max_examples=15)
@given(WORLDS)
def test_the_reader_takes_them_apart_the_same_way(world: tuple[dict[str, FactTables], FactTables]) -> None:
    parts, facts = world
    readable = {t: [{n: c for n, c in row.items() if c is not None} for row in rows] for t, rows in facts.rows.items() if rows}
    headed = {t: [dict.fromkeys(("bureau", *PLAN.tables[t].columns), None) | row for row in rows] for t, rows in readable.items()}
    read = cr.read_tables({**headed, **{t: [] for t in facts.rows if t not in headed}}, PLAN, group_by="bureau")
    found = by_organisation(read)
    assert list(found) == [n for n in sorted(parts) if any(parts[n].rows.values())]
    for name, one in found.items():
        assert {t: sorted(map(str, rows)) for t, rows in one.rows.items()} == {
            t: sorted(map(str, rows)) for t, rows in parts[name].rows.items()
        }


@settings(KINDLY, max_examples=15)
@given(WORLDS)
def test_pseudonyms_are_those_of_each_organisation(world: tuple[dict[str, FactTables], FactTables]) -> None:
    _, facts = world
    open_, hidden = (PLAN.evaluate(f, as_of=AS_OF) for f in (facts, cr.pseudonymise(facts, KEY)))
    people = {(row["bureau"], row["person"]) for t in ("staff", "trainings", "assessments") for row in facts.rows.get(t, ())}
    people |= {(row["bureau"], row["leader"]) for row in facts.rows.get("contacts", ())}

    def called(decision: cr.Decision, *, renamed: bool) -> tuple[Any, ...]:
        group, subject = decision.group or "", decision.subject.id
        known = cr.pseudonym(subject, KEY, group) if renamed and (group, subject) in people else subject
        return decision.question, group, known, decision.period or "", decision.status, decision.verdict or "", decision.due or ""

    assert sorted(called(d, renamed=False) for d in hidden.decisions) == sorted(called(d, renamed=True) for d in open_.decisions)
