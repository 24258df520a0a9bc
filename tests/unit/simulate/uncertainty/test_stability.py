"""How often decisions turn on noise: counted against draws that are evaluated one by one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import polars as pl
import pytest

import cadrerules as cr
from cadrerules.simulate.outcomes import outcomes
from cadrerules.simulate.uncertainty import noise
from cadrerules.simulate.uncertainty.completed import completions
from cadrerules.simulate.uncertainty.documents import noise_of
from small_bureau import PLAN, standing

DAY = date(2025, 1, 15)
SIZE = {"progress.progress": Decimal("1.5")}


def board(units: int = 12) -> dict[str, Any]:
    return {"progress": standing("2024Q3", *(f"U{n:02}" for n in range(units)))}


def test_a_decision_turns_in_as_many_draws_as_evaluating_each_has_another_outcome() -> None:
    tables = board()
    found = noise(PLAN, tables, SIZE, draws=12, as_of=DAY)
    now = _flags(tables)
    of = completions(PLAN.held(tables), noise_of(SIZE, PLAN.tables), PLAN.tables, DAY, 1)
    turned = dict.fromkeys(now, 0)
    per_draw = []
    for draw in range(12):
        rows = [{k: v for k, v in r.items() if k != "draw"} for r in of.tables([draw]).facts()["progress"]]
        flags = _flags({"progress": rows})
        per_draw.append(sum(flags[subject] != now[subject] for subject in now))
        for subject in now:
            turned[subject] += flags[subject] != now[subject]
    told = {r["subject"]: r["draws"] for r in found.decisions.filter(pl.col("question") == "flag").iter_rows(named=True)}
    assert told == {subject: n for subject, n in turned.items() if n}
    flag = next(one for one in found.turned if one.question == "flag")
    assert (flag.decisions, flag.ever) == (12, len(told))
    assert flag.mean == Fraction(sum(per_draw), 12)
    assert flag.share == flag.mean / 12
    assert (flag.low, flag.high) == (min(per_draw), max(per_draw))
    assert flag.mean > 0


def _flags(tables: Any) -> dict[str, str]:
    frame = outcomes(PLAN, cr.read_tables(tables, PLAN), DAY, ["board"], "scalar").filter(pl.col("question") == "flag")
    return dict(frame.select("subject", "outcome").iter_rows())


def test_those_that_turn_most_often_come_first_and_say_where_to() -> None:
    found = noise(PLAN, board(), SIZE, draws=50, as_of=DAY)
    draws = found.decisions["draws"].to_list()
    assert draws == sorted(draws, reverse=True)
    first = found.decisions.row(0, named=True)
    assert (first["low"] <= first["share"] <= first["high"], first["share"]) == (True, first["draws"] / 50)
    assert all(r["mostly"] != r["now"] for r in found.decisions.iter_rows(named=True))
    assert {r["mostly"] for r in found.decisions.filter(pl.col("now") == "red").iter_rows(named=True)} == {"yellow"}


def test_no_noise_turns_nothing_and_much_noise_much() -> None:
    still = noise(PLAN, board(), {"progress.progress": Decimal(0)}, draws=5, as_of=DAY)
    assert still.decisions.is_empty()
    assert {one.mean for one in still.turned} == {Fraction(0)}
    assert "No decision turns in any draw." in still.to_text()
    little, much = (noise(PLAN, board(), {"progress.progress": Decimal(n)}, draws=40, as_of=DAY).turned[0].mean for n in (1, 30))
    assert little < much


def test_decisions_that_come_up_in_a_draw_alone_count_as_turning() -> None:
    rows = [{"quarter": q, "unit": f"U{n:02}", "indicator": "I", "progress": 50 - n} for q in ("2024Q2", "2024Q3") for n in range(9)]
    good = [{"quarter": "2024Q3", "unit": f"U{n:02}", "style": "good" if n == 7 else "ordinary"} for n in range(9)]
    found = noise(PLAN, {"progress": rows, "style": good}, {"progress.progress": Decimal(4)}, draws=60, as_of=DAY)
    row = found.decisions.filter(pl.col("question") == "commendation").row(0, named=True)
    assert (row["subject"], row["now"], row["mostly"]) == ("U07", "nothing", "commended")
    commendation = next(one for one in found.turned if one.question == "commendation")
    assert (commendation.decisions, commendation.ever) == (1, 1)
    assert commendation.mean == Fraction(row["draws"], 60)


def test_organisations_are_shaken_apart() -> None:
    rows = [{**r, "bureau": name} for name in ("A", "B") for r in board()["progress"]]
    found = noise(PLAN, {"progress": rows}, SIZE, draws=10, as_of=DAY, group_by="bureau")
    assert set(found.decisions["group"]) == {"A", "B"}
    assert next(one for one in found.turned if one.question == "flag").decisions == 24


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_text_and_data_say_the_same(lang: Any) -> None:
    found = noise(PLAN, board(), SIZE, draws=9, as_of=DAY)
    plain = found.to_dict()
    assert (plain["kind"], plain["noise"]) == ("noise", {"progress.progress": "sd 1.5"})
    assert Fraction(plain["turned"][0]["share"]) == found.turned[0].share
    text = found.to_text(lang)
    assert {"en": "How many decisions turn", "zh": "改变的结论数量"}[lang] in text
    assert "sd 1.5" in text
