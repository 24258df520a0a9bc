"""Decisions on pseudonymised facts are the decisions on the real ones, renamed; no output tells who is meant."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

import cadrerules as cr

PLAN = cr.load_policies("market-supervision").amend(
    params={"board.red_to": 1, "board.yellow_to": 2, "board.black_quarters": 1}
)
AS_OF = date(2025, 1, 15)
UNITS = ["U1", "U2", "U3"]
PEOPLE = ["P1", "P10", "p1", "7", "77", "职工001", "甲", "工号-3", "A 1", "Ünal"]
NAMES = ["王小明", "小明", "高峰", "Li Wei", "Wei", None]
ROLES = ["head", "head", "leader", "deputy_head", "key_staff"]
RULES = [name for name, rule in PLAN.rules.items() if rule.waivable] + ["assessment.excellent_heads"]
READINGS = st.fixed_dictionaries({name: st.sampled_from(i.doc.words) for name, i in PLAN.interpretations.items()})
CAUSES = st.sampled_from([None, "subjective", "subjective"])


@st.composite
def tables(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """A small bureau with people in several posts, waivers, disputes and contacts about them."""
    posts = draw(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(UNITS), st.sampled_from(ROLES)), unique=True, min_size=1, max_size=8))
    people = sorted({person for person, _, _ in posts})
    staff = [
        {"person": p, "unit": u, "role": r, "name": draw(st.sampled_from(NAMES)), "left": draw(st.sampled_from([None, "2024-06-30"]))}
        for p, u, r in posts
    ]  # fmt: skip
    progress = [
        {"quarter": q, "unit": u, "indicator": "I1", "progress": draw(st.sampled_from([None, 0, 1, 2]))}
        for q in ("2024Q1", "2024Q2")
        for u in UNITS
    ]
    style = [{"quarter": r["quarter"], "unit": r["unit"], "style": draw(st.sampled_from(["good", "prominent_problems", None]))} for r in progress]
    results = [
        {"year": y, "unit": u, "indicator": "I1", "regional_rank": draw(st.sampled_from([1, 14, 14])), "cities": 14,
         "deducted": draw(st.sampled_from([None, "2.5", "2.5", "3"])), "cause": draw(CAUSES), "completed": draw(st.sampled_from([True, False, None]))}
        for y in ("2023", "2024")
        for u in UNITS
    ]  # fmt: skip
    someone = st.sampled_from([*people, *people, "U1", "nobody"])
    waived = draw(st.lists(st.tuples(st.sampled_from(RULES), someone, st.sampled_from(["2023", "2024"])), unique=True, max_size=6))
    waivers = [
        {"rule": r, "subject": s, "period": p, "authority": "局党组", "reason": f"{s}：P1、Li Wei 申请", "decided_on": "2024-12-31"}
        for r, s, p in waived
    ]
    disputed = draw(st.lists(st.sampled_from(range(len(posts))), unique=True, max_size=3))
    disputes = [{"table": "staff", "key": "/".join(posts[i]), "column": "left", "raised_on": "2025-01-01"} for i in disputed]
    disputes += [
        {"table": "waivers", "key": f"{w['rule']}/{w['subject']}/{w['period']}", "column": "authority", "raised_on": "2025-01-01"}
        for w in waivers[:1]
    ]
    contacts = [{"leader": p, "contact": f"C-{p}", "kind": "self_employed"} for p in people]
    return {
        "staff": staff, "progress": progress, "style": style, "results": results,
        "waivers": waivers, "disputes": disputes, "contacts": contacts,
    }  # fmt: skip


def renamed(value: Any, codes: Mapping[str, str]) -> Any:
    """The value with each person's id in it replaced, wherever it stands as a part of a key; lists without order."""
    if isinstance(value, dict):
        return {name: renamed(part, codes) for name, part in value.items()}
    if isinstance(value, list):
        return sorted((renamed(part, codes) for part in value), key=lambda part: json.dumps(part, sort_keys=True))
    if isinstance(value, str):
        return "".join(codes.get(part, part) for part in re.split(r"([/\[\]])", value))
    return value


@settings(max_examples=60, deadline=None)
@given(tables(), READINGS, st.binary(min_size=16, max_size=20))
def test_decisions_are_the_same_but_for_the_names(rows: Any, readings: dict[str, str], key: bytes) -> None:
    plan = PLAN.amend(interpretations=readings)
    facts = cr.read_tables(rows, plan)
    open_, hidden = (plan.evaluate(f, as_of=AS_OF) for f in (facts, cr.pseudonymise(facts, key)))
    codes = {row["person"]: cr.pseudonym(row["person"], key) for row in rows["staff"]}
    assert renamed(hidden.to_dict(), {}) == renamed(open_.to_dict(), codes)
    places = [(list(plan.questions).index(d.question), d.subject.id, d.period or "") for d in hidden.decisions]
    assert places == sorted(places)
    for number, decision in enumerate(hidden.decisions[:3]):
        lang, format_ = ("en", "zh")[number % 2], ("text", "json", "html")[number]
        assert not persons_in(decision.explain(lang, format_), rows)  # type: ignore[arg-type]
    assert not persons_in(json.dumps(hidden.to_dict(trace=True), ensure_ascii=False), rows)


def persons_in(output: str, rows: Any) -> list[str]:
    """The persons of the tables whose id, where nothing else is written like it, or name stands in an output."""
    ids = {row["person"] for row in rows["staff"]} - {"7", "77", "甲"}
    names = {row["name"] for row in rows["staff"]} - {None}
    words = "|".join(map(re.escape, sorted(ids | names)))
    return re.findall(rf"(?<![\w-])(?:{words})(?!\w)", output) if words else []
