"""Tables of a school that populations are drawn of in tests, and how to draw them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import polars as pl
import pytest

import cadrerules as cr
from cadrerules.language.periods import Quarter, Year
from cadrerules.load.tables import read_tables
from cadrerules.model.facts import Column, Facts, Refusal
from cadrerules.simulate.synthetic.drawing import blocks
from cadrerules.simulate.synthetic.reading import read_population


class Classes(Facts, table="classes"):
    room: Annotated[str, Column(key=True)]
    size: Annotated[int | None, Column(low=0)]


class Marks(Facts, table="marks", refuse=(Refusal("lost > points", en="too much", zh="过多"),)):
    room: Annotated[str, Column(key=True, references="classes.room")]
    quarter: Annotated[Quarter, Column(key=True)]
    points: Annotated[Decimal | None, Column(low=0, high=100, step="0.1")]
    lost: Annotated[int | None, Column(low=0)]
    grade: Annotated[Literal["good", "poor"] | None, Column()]
    told_on: Annotated[date | None, Column(optional=True)] = None
    year: Annotated[Year | None, Column(optional=True)] = None
    note: Annotated[str | None, Column(optional=True)] = None


MODELS = [Classes, Marks]
TABLES = {model.spec.name: model.spec for model in MODELS}
CLASSES = {"rows": 3, "columns": {"room": {"id": "R#"}, "size": {"integers": [20, 30]}}}
MARKS = {"each": "classes", "across": {"quarter": "2024Q1..2024Q2"}, "columns": {"points": {"constant": 50}, "lost": None, "grade": None}}


def document(classes: Any = CLASSES, sizes: Any = None, **tables: Any) -> dict[str, Any]:
    return {"format": 1, "sizes": sizes or {}, "tables": {"classes": classes, **tables}}


def drawn(source: Mapping[str, Any], organisations: int = 2, seed: int = 1, **sizes: int) -> dict[str, pl.DataFrame]:
    """The tables of a population, which all are accepted as facts."""
    population = read_population(source, TABLES)
    parts = [*blocks(population, MODELS, organisations, seed=seed, sizes={**population.doc.sizes, **sizes}, group="school")]
    whole = {name: pl.concat([part[name] for part in parts]) for name in parts[0]}
    read_tables(whole, MODELS, group_by="school")
    return whole


def refused(source: Mapping[str, Any]) -> list[tuple[str, int | None]]:
    """The codes of what is wrong with a document, and the lines."""
    with pytest.raises(cr.PolicyError) as caught:
        read_population(source, TABLES)
    return [(problem.code, problem.place.line) for problem in caught.value.problems]
