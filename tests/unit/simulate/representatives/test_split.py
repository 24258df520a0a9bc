"""A relation put together again from its core and what varies has the rows it had."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
import pytest

from cadrerules.engines.columnar.expressions import (
    TRUE,
    Aggregate,
    Col,
    Over,
    at_most,
    both,
    case,
    coalesce,
    equal,
    known,
    text,
    whole,
)
from cadrerules.engines.columnar.relations import Extend, Group, Join, Keep, Pick, Relation, Source, Union
from cadrerules.engines.polars import Runner
from cadrerules.simulate.representatives.identity import Identities, Numbers
from cadrerules.simulate.representatives.split import NotByRowsError, Split, Splitter

LOST = Source("lost", {"unit": "text", "year": "int", "points": "int"})
HEADS = Source("heads", {"of": "text", "who": "text"})
FRAMES = {
    "lost": pl.LazyFrame({"unit": ["A", "A", "B", "B", "C"], "year": [1, 2, 1, 2, 1], "points": [1, 3, None, 2, 9]}),
    "heads": pl.LazyFrame({"of": ["A", "A", "B"], "who": ["P", "Q", "R"]}),
}
Made = Callable[[int], Relation]


def bar(limit: int) -> Extend:
    return Extend(LOST, {"met": at_most(Col("points", "int"), whole(limit))})


def lag(name: str) -> Over:
    return Over("lag", (Col(name, "truth"),), ("unit",), (("year", False),), "truth")


def filtered(limit: int) -> Relation:
    return Keep(bar(limit), both(Col("met", "truth"), equal(Col("year", "int"), whole(1))))


def before(limit: int) -> Relation:
    return Extend(bar(limit), {"was": lag("met")})


def addressed(limit: int) -> Relation:
    return Join(Keep(bar(limit), Col("met", "truth")), HEADS, (("unit", "of"),))


def beside(limit: int) -> Relation:
    """Who has no partner has no constant of one either."""
    marked = Pick(HEADS, {"of": Col("of", "text"), "there": TRUE})
    pairs = Join(bar(limit), Group(marked, ("of",), {"there": Aggregate("any", (Col("there", "truth"),), "truth")}), (("unit", "of"),), "left")
    return Pick(pairs, {"unit": Col("unit", "text"), "kept": case((known(Col("there", "truth")), Col("met", "truth")), otherwise=TRUE)})


def beside_a_constant(limit: int) -> Relation:
    one = Pick(Keep(HEADS, equal(Col("who", "text"), text("R"))), {"of": Col("of", "text"), "there": TRUE})
    pairs = Join(bar(limit), one, (("unit", "of"),), "left")
    return Pick(pairs, {"unit": Col("unit", "text"), "none": coalesce(Col("there", "truth"), Col("met", "truth"))})


def split(made: Made, limits: tuple[int, ...] = (1, 2, 3)) -> list[tuple[Relation, Split]]:
    numbers = Numbers()
    roots = [made(limit) for limit in limits]
    found = [Identities(root, numbers) for root in roots]
    same = frozenset(set[int].intersection(*(each.all for each in found)))
    return [(root, Splitter(each, same).split(root)) for root, each in zip(roots, found, strict=True)]


def rows(relation: Relation) -> list[tuple[object, ...]]:
    frame = Runner.lazy(relation, FRAMES).collect()
    return sorted(frame.select(sorted(relation.columns)).rows(), key=repr)


@pytest.mark.parametrize("made", [bar, filtered, before, addressed, beside, beside_a_constant])
def test_what_is_put_together_again_is_what_was_split(made: Made) -> None:
    for root, found in split(made):
        assert rows(found.rebuilt(found.core.relation)) == rows(root)


@pytest.mark.parametrize("made", [bar, filtered, before, addressed, beside, beside_a_constant])
def test_the_core_is_the_same_whatever_the_limit(made: Made) -> None:
    cores = [rows(found.core.relation) for _, found in split(made)]
    assert cores[0] == cores[1] == cores[2]


def test_only_what_varies_is_left_outside_the_core() -> None:
    ((_, found), *_) = split(filtered)
    assert len(found.varying) == 1
    assert len(found.keeps) == 1


def test_what_rows_make_together_of_what_varies_is_not_split() -> None:
    def running(limit: int) -> Relation:
        one = case((Col("met", "truth"), whole(1)), otherwise=whole(0))
        counted = Extend(bar(limit), {"one": one})
        return Extend(counted, {"so_far": Over("sum", (Col("one", "int"),), ("unit",), (("year", False),), "int")})

    def total(limit: int) -> Relation:
        return Group(bar(limit), ("unit",), {"any": Aggregate("any", (Col("met", "truth"),), "truth")})

    def kept_before(limit: int) -> Relation:
        return Extend(Keep(bar(limit), Col("met", "truth")), {"was": lag("met")})

    def several(limit: int) -> Relation:
        return Union((bar(limit), bar(limit)))

    for made in (running, total, kept_before, several):
        with pytest.raises(NotByRowsError):
            split(made)


def test_what_is_computed_alike_has_one_number() -> None:
    numbers = Numbers()
    one, other = Identities(before(2), numbers), Identities(before(2), numbers)
    assert one.of(one.root) == other.of(other.root)
    assert Identities(before(3), numbers).all - one.all


def test_partners_found_twice_are_told_apart() -> None:
    """Two partners of one row by the same key are not the same partner."""
    first = Join(LOST, HEADS, (("unit", "of"),))
    renamed = Pick(HEADS, {"again": Col("of", "text"), "other": Col("who", "text")})
    found = Identities(both_heads := Join(first, renamed, (("unit", "again"),)), Numbers()).of(both_heads)
    assert found.columns["who"] != found.columns["other"]
