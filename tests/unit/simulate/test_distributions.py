"""Stated distributions: exact cells of the column's type, within its bounds, the same for a seed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

import polars as pl
import pytest

import cadrerules as cr
from cadrerules.language.periods import Period, Quarter, Year
from cadrerules.model.facts import NEVER, Column, Facts
from cadrerules.simulate.dice import dice
from cadrerules.simulate.distributions import Distribution, read_distributions
from cadrerules.simulate.rows import Rows


class Marks(Facts, table="marks"):
    person: Annotated[str, Column(key=True)]
    year: Annotated[Year, Column(key=True)]
    points: Annotated[Decimal | None, Column(low=0, high=10, step="0.01")]
    rank: Annotated[int | None, Column(low=1)]
    grade: Annotated[Literal["good", "poor"] | None, Column(words={"good": ("好",)})]
    passed: Annotated[bool | None, Column()]
    since: Annotated[date | None, Column(empty=NEVER)]
    quarter: Annotated[Quarter | None, Column()]
    span: Annotated[Period | None, Column()]


TABLES = {"marks": Marks.spec}


def only(column: str, **distribution: Any) -> Distribution:
    content = {"format": 1, "distributions": {f"marks.{column}": distribution}}
    return read_distributions(content, TABLES)[f"marks.{column}"]


def drawn(column: str, n: int = 2000, **distribution: Any) -> list[Any]:
    return only(column, **distribution).draw(n, dice(1, "test")).to_list()


def refused(column: str, **distribution: Any) -> tuple[str, int | None]:
    with pytest.raises(cr.PolicyError) as caught:
        only(column, **distribution)
    (problem,) = caught.value.problems
    return problem.code, problem.place.line


EVERY = {
    "points": [
        {"constant": "2.50"},
        {"choice": {"0": 0.5, "2.5": 0.5}},
        {"uniform": [0, 10]},
        {"triangular": [0, 1, 10]},
        {"normal": {"mean": 9, "sd": 3}},
        {"lognormal": {"mean": 0, "sd": 1}},
        {"poisson": 8},
        {"binomial": {"n": 12, "p": 0.5}},
        {"integers": [0, 10]},
        {"empirical": {"0.1": 3, "0.2": 1}},
    ],
    "rank": [{"integers": [1, 14]}, {"normal": {"mean": 3, "sd": 3}}, {"poisson": 2}],
    "grade": [{"choice": {"good": 0.2, "poor": 0.8}}, {"empirical": {"好": 1, "poor": 2}}],
    "passed": [{"bernoulli": 0.3}, {"choice": {"true": 0.5, "false": 0.5}}, {"constant": True}],
    "since": [{"days": ["2024-01-01", "2024-12-31"]}, {"choice": {"2024-02-29": 1}}],
    "quarter": [{"periods": ["2023Q1", "2024Q4"]}, {"constant": "2024Q1"}],
    "span": [{"periods": ["2023-11", "2024-02"]}, {"choice": {"2024": 0.5, "2024Q1": 0.5}}],
    "year": [{"periods": [2023, 2024]}],
    "person": [{"choice": {"A": 0.5, "01": 0.5}}],
}


@pytest.mark.parametrize(("column", "distribution"), [(c, d) for c, of in EVERY.items() for d in of])
def test_every_draw_is_a_cell_of_its_column(column: str, distribution: dict[str, Any]) -> None:
    row = {"person": "A", "year": 2024, "points": 1, "rank": 1, "grade": "good", "passed": True, "since": None, "quarter": None, "span": None}
    cells = drawn(column, 300, **distribution)
    assert not any(isinstance(cell, float) for cell in cells)
    for cell in set(cells):
        Marks(**{**row, column: cell})
    assert len(set(cells)) > 1 or "constant" in distribution or len(distribution.get("choice", "..")) == 1


def test_numbers_are_exact_on_the_step() -> None:
    drawn_ = only("points", uniform=[0, 1]).draw(5000, dice(3, "p"))
    assert drawn_.dtype == pl.Decimal(18, 2)
    assert set(drawn_) == {Decimal(n) / 100 for n in range(101)}


def test_a_coarser_step_gives_its_multiples() -> None:
    assert set(drawn("points", uniform=[0, 2], step="0.5")) == {Decimal(n) / 2 for n in range(5)}


def test_choices_come_as_often_as_stated() -> None:
    grades = drawn("grade", 20_000, choice={"good": 0.2, "poor": 0.8})
    assert 0.19 < grades.count("good") / len(grades) < 0.21
    assert drawn("grade", 50, choice={"good": 0, "poor": 1}) == ["poor"] * 50


def test_draws_beyond_the_bounds_are_drawn_again_or_moved() -> None:
    again, moved = (drawn("points", normal={"mean": 10, "sd": 1}, outside=outside) for outside in ("redraw", "clip"))
    assert max(again) <= 10
    assert again.count(Decimal(10)) < 40 < 800 < moved.count(Decimal(10)) < 1200
    assert min(drawn("rank", poisson=3, low=3)) == 3


def test_holes_leave_the_other_cells_as_they_are() -> None:
    whole, holed = (drawn("rank", integers=[1, 1000], holes=holes) for holes in (0, "0.25"))
    assert [a for a, b in zip(whole, holed, strict=True) if b is not None] == [b for b in holed if b is not None]
    assert 420 < holed.count(None) < 580


def test_the_seed_and_the_name_make_the_draw() -> None:
    of = only("points", normal={"mean": 5, "sd": 2})
    first, again, other, named = (of.draw(50, dice(*at)).to_list() for at in ((1, "a", 0), (1, "a", 0), (2, "a", 0), (1, "b", 0)))
    assert first == again
    assert len({tuple(first), tuple(other), tuple(named)}) == 3


def test_known_cells_are_drawn_again() -> None:
    known = pl.Series("rank", [3, None, 5])
    assert set(only("rank", observed=True).draw(200, dice(1), observed=known)) == {3, 5}
    with pytest.raises(cr.UsageError) as caught:
        only("rank", observed=True).draw(3, dice(1), observed=pl.Series("rank", [None], dtype=pl.Int64))
    assert caught.value.code == "CR-NOTHING-OBSERVED"


def test_cells_as_the_engines_hold_them() -> None:
    assert only("points", constant="2.5").cells(2, dice(1)).to_list() == [250, 250]
    assert set(only("span", periods=["2023-11", "2024-01"]).draw(99, dice(1))) == {"2023-11", "2023-12", "2024-01"}
    assert only("year", periods=[2024, 2024]).draw(1, dice(1)).dtype == pl.Int32


@pytest.mark.parametrize(
    ("column", "distribution", "code"),
    [
        ("grade", {"normal": {"mean": 0, "sd": 1}}, "CR-DISTRIBUTION-TYPE"),
        ("rank", {"days": ["2024-01-01", "2024-01-02"]}, "CR-DISTRIBUTION-TYPE"),
        ("quarter", {"periods": [2023, 2024]}, "CR-DISTRIBUTION-TYPE"),
        ("person", {"constant": "A", "holes": 0.1}, "CR-DISTRIBUTION-HOLES"),
        ("rank", {"normal": {"mean": -50, "sd": 1}}, "CR-DISTRIBUTION-OUTSIDE"),
        ("rank", {"uniform": [1.2, 1.8]}, "CR-DISTRIBUTION-OUTSIDE"),
        ("rank", {"integers": [1, 3], "low": 4, "outside": "clip"}, "CR-DISTRIBUTION-OUTSIDE"),
        ("grade", {"choice": {"god": 1}}, "CR-NOT-A-CHOICE"),
        ("points", {"constant": "0.005"}, "CR-OFF-STEP"),
        ("points", {"constant": 11}, "CR-TOO-HIGH"),
        ("since", {"days": ["1800-01-01", "2024-01-01"]}, "CR-DATE-OUT-OF-RANGE"),
        ("grad", {"constant": "good"}, "CR-UNKNOWN-NAME"),
        ("points", {"uniform": [0, 1], "step": "0.005"}, "CR-OFF-STEP"),
        ("grade", {"bernoulli": 1, "step": 1}, "CR-BAD-DOCUMENT"),
        ("rank", {"poisson": "rankk"}, "CR-UNKNOWN-NAME"),
        ("rank", {"poisson": "grade"}, "CR-DISTRIBUTION-NAME"),
        ("rank", {"poisson": -1}, "CR-BAD-DOCUMENT"),
        ("passed", {"bernoulli": 2}, "CR-BAD-DOCUMENT"),
        ("rank", {"integers": [1.5, 2]}, "CR-BAD-DOCUMENT"),
        ("rank", {"normal": {"mean": "x y", "sd": 1}}, "CR-BAD-DOCUMENT"),
        ("grade", {"choice": {"good": 0.5, "poor": 0.4}}, "CR-BAD-DOCUMENT"),
        ("grade", {"constant": "good", "bernoulli": 1}, "CR-BAD-DOCUMENT"),
        ("grade", {"constant": "good", "low": 1}, "CR-BAD-DOCUMENT"),
        ("rank", {"integers": [5, 1]}, "CR-BAD-DOCUMENT"),
        ("span", {"periods": ["2023", "2024Q1"]}, "CR-BAD-DOCUMENT"),
        ("grade", {"empirical": {"good": 0}}, "CR-BAD-DOCUMENT"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_place(column: str, distribution: dict[str, Any], code: str) -> None:
    found, line = refused(column, **distribution)
    assert found == code
    assert line is not None


def test_all_that_is_wrong_is_told_at_once(tmp_path: Any) -> None:
    file = tmp_path / "draws.yaml"
    file.write_text("format: 1\ndistributions:\n  marks.rank: {constant: 0}\n  marks.none: {constant: 1}\n  marks.grade: {bernoulli: 1}\n")
    with pytest.raises(cr.PolicyError) as caught:
        read_distributions(file, TABLES)
    assert [(p.code, p.place.line, p.place.column) for p in caught.value.problems] == [
        ("CR-TOO-LOW", 3, 26),
        ("CR-UNKNOWN-NAME", 4, 3),
        ("CR-DISTRIBUTION-TYPE", 5, 17),
    ]



def rows(**columns: list[Any]) -> Rows:
    """Rows of the marks with these cells, as the engines hold them."""
    return Rows(pl.DataFrame(columns), Marks.spec.types)


def test_a_column_of_the_row_may_stand_for_a_number() -> None:
    given = rows(rank=[1, None, 9] * 100, points=[250, 250, 999] * 100)
    upto = only("rank", integers=[1, "rank"]).draw(300, dice(1), given).to_list()
    assert set(upto[::3]) == {1}
    assert set(upto[1::3]) == {None}
    assert set(upto[2::3]) == set(range(1, 10))
    noisy = only("points", normal={"mean": "points", "sd": "0.1"}, high="points").draw(300, dice(1), given).to_list()
    assert max(noisy[::3]) == Decimal("2.5")
    assert Decimal("2.1") < sum(noisy[::3]) / 100 < Decimal("2.5")
    assert Decimal("9.5") < min(noisy[2::3]) <= max(noisy[2::3]) <= Decimal("9.99")
    often = only("passed", bernoulli="points").draw(300, dice(1), rows(points=[0, 50, 100] * 100)).to_list()
    assert (set(often[::3]), set(often[1::3]), set(often[2::3])) == ({False}, {True, False}, {True})


def test_a_day_may_be_within_a_period_or_after_a_day() -> None:
    given = rows(quarter=[2024 * 4] * 400, since=[date(2024, 3, 30)] * 400)
    within = only("since", days=["quarter", "quarter"]).draw(400, dice(1), given)
    assert (within.min(), within.max()) == (date(2024, 1, 1), date(2024, 3, 31))
    assert set(only("since", days=["since", "quarter"]).draw(400, dice(1), given)) == {date(2024, 3, 30), date(2024, 3, 31)}


def test_a_row_for_which_nothing_can_be_drawn_is_told() -> None:
    for distribution in ({"integers": [5, "rank"]}, {"normal": {"mean": 0, "sd": 1}, "low": "rank"}):
        with pytest.raises(cr.UsageError) as caught:
            only("rank", **distribution).draw(1, dice(1), rows(rank=[4 if "integers" in distribution else 900]))
        assert caught.value.code == "CR-DISTRIBUTION-OUTSIDE"
        assert caught.value.problems[0].place.line


def test_a_bound_between_two_steps_is_never_passed() -> None:
    given = rows(points=[250] * 200)
    above = only("rank", normal={"mean": "points", "sd": 1}, low="points").draw(200, dice(1), given)
    below = only("rank", normal={"mean": "points", "sd": 1}, high="points").draw(200, dice(1), given)
    assert (above.min(), below.max()) == (3, 2)
