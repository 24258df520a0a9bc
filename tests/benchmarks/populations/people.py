"""Who works where, and what authorities granted them or their units."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from .shape import Chunk, Nation


def _posts(nation: Nation) -> tuple[Any, Any, Any]:
    """Person, unit (-1: none) and role of each post: every unit has a head, the others work in the units in turn."""
    leaders, heads, units = nation.leaders, nation.heads, nation.units
    others = np.arange(leaders + heads, nation.people)
    person = np.concatenate([np.arange(leaders), leaders + np.arange(units) % heads, others])
    unit = np.concatenate([np.full(leaders, -1), np.arange(units), others * 7 % units])
    role = np.concatenate([np.zeros(leaders, int), np.ones(units, int), 2 + np.arange(len(others)) % 3])
    return person, unit, role


def staff(chunk: Chunk) -> pl.DataFrame:
    """Most came long ago; a few came or left in the years that count."""
    nation = chunk.nation
    person, unit, role = _posts(nation)
    rows, people = len(person), nation.people
    of_person = (np.arange(chunk.count)[:, None] * people + person).ravel()

    def per_person(column: pl.Series) -> pl.Series:
        return column.gather(of_person)

    total = chunk.count * people
    joined = pl.Series(
        np.where(
            chunk.random.random(total) < 0.06,
            chunk.days("2023-02-01", 500, total),
            chunk.days("2008-01-01", 5000, total),
        )
    )
    return chunk.frame(
        rows,
        person=chunk.repeated(nation.people_names, person),
        unit=pl.concat([nation.unit_names, pl.Series([None], dtype=pl.String)]).gather(
            np.tile(unit % (nation.units + 1), chunk.count)
        ),
        role=chunk.repeated(pl.Series(["leader", "head", "deputy_head", "key_staff", "staff"]), role),
        joined=per_person(joined.cast(pl.Date)),
        left=per_person(chunk.some(chunk.days("2024-07-01", 240, total), 0.05)),
        cadre=per_person(chunk.marks(total, 0.8)),
        party_member=per_person(chunk.marks(total, 0.6)),
        key_post=per_person(chunk.marks(total, 0.15)),
        young_cadre=per_person(chunk.marks(total, 0.15)),
        leadership_team=chunk.repeated(pl.Series([False, True]), (role == 0).astype(int)),
    )


def waivers(chunk: Chunk) -> pl.DataFrame:
    """A head's bar on promotion set aside in about every third bureau; some waivers have expired."""
    nation = chunk.nation
    kept = pl.Series(chunk.random.random(chunk.count) < 0.3)
    head = nation.leaders + chunk.random.integers(0, nation.heads, chunk.count)
    rules = pl.Series(["assessment.bar_ranking", "assessment.bar_deduction"])
    drawn = pl.DataFrame(
        {
            "bureau": chunk.bureaus,
            "rule": chunk.chosen(rules, 1, [0.5, 0.5]),
            "subject": nation.people_names.gather(head),
            "period": "2024",
            "authority": "局党组",
            "reason": "指标下滑系外部原因所致",
            "decided_on": chunk.days("2024-12-20", 40, chunk.count),
            "expires_on": chunk.some(chunk.days("2025-01-01", 365, chunk.count), 0.5),
        }
    )
    return drawn.filter(kept)


def exemptions(chunk: Chunk) -> pl.DataFrame:
    """A tolerated error in about every third bureau, of one indicator or of all that the unit has."""
    nation = chunk.nation
    indicator = chunk.random.integers(0, nation.units * nation.indicators, chunk.count)
    drawn = pl.DataFrame(
        {
            "bureau": chunk.bureaus,
            "unit": nation.unit_names.gather(indicator // nation.indicators),
            "year": pl.Series(np.full(chunk.count, 2024), dtype=pl.Int32),
            "indicator": chunk.some(nation.indicator_names.gather(indicator), 0.8),
            "authority": "局党组",
            "reason": "改革试点中的探索性失误",
            "decided_on": chunk.days("2024-12-10", 50, chunk.count),
        }
    )
    return drawn.filter(pl.Series(chunk.random.random(chunk.count) < 0.3))
