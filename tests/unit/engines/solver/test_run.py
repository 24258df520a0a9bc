"""A policy run in a world: what the solver can't express is named, with all that rests on it; places are told apart."""

from __future__ import annotations

import pytest
import z3

from cadrerules.engines.solver.run import Application, run_policy
from cadrerules.engines.solver.shape import Shape
from cadrerules.engines.solver.symbols import TRUE, Thing
from cadrerules.engines.solver.world import World
from cadrerules.language.periods import Year
from cadrerules.model.documents import ViewDoc
from cadrerules.model.program import bind_policy
from properties import small_plan as small

COLUMNS = {model.spec.name: frozenset(model.spec.columns) for model in small.MODELS}
SPANS = {"title": small.TEXT, "from": "grants", "derive": {"lasting": "days_covered(since, until, per=[number])"}}


def failed(column: str) -> dict[str, str]:
    """The relations of a policy that can't be told, where days in spans can't."""
    policies = small.small_plan({"x": column}, views={"spans": ViewDoc.model_validate(SPANS)})
    shape = Shape(COLUMNS, {}, 2, frozenset(), (), small.AS_OF, {}, {}, by_key=True)
    unset = {name: p.type for name, p in policies.context.parameters.items() if not p.is_set}
    world = World(policies.tables, shape, small.AS_OF, None, unset)
    bindings = policies.bindings(small.AS_OF)
    program = bind_policy(policies.policies[small.POLICY], bindings, policies.context.grains)
    return dict(run_policy(program, world).failed)


def test_what_rests_on_what_can_not_be_told_can_not_be_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadrerules.engines.solver.cohorts.MOST_SPANS", 0)
    assert failed("points") == {"spans": "days covered by more than 0 spans"}
    assert failed("count(spans.lasting > 3)").keys() == {"spans", "small.facts"}


def test_all_can_be_told_where_nothing_is_too_much() -> None:
    assert failed("count(spans.lasting > 3)") == {}


@pytest.mark.parametrize(
    ("period", "place", "holds"),
    [
        (Thing(Year(2024)), ("U1", Year(2024)), True),
        (Thing(Year(2024)), ("U1", Year(2023)), False),
        (Thing(Year(2024)), ("U2", Year(2024)), False),
        (Thing(Year(2024)), ("U1", None), False),
        (None, ("U1", None), True),
        (None, ("U1", Year(2024)), False),
    ],
)
def test_a_rule_holds_for_its_subject_in_its_period(period: Thing | None, place: tuple[str, Year | None], holds: bool) -> None:
    found = Application(None, Thing("U1"), period, TRUE, {}).on(place)  # type: ignore[arg-type]
    assert (found.sure, found.possible) == (holds, holds)


def test_a_period_that_is_a_variable_may_be_the_one() -> None:
    year = z3.Int("year")
    found = Application(None, Thing("U1"), Thing(year), TRUE, {}).on(("U1", Year(2024)))  # type: ignore[arg-type]
    assert z3.is_true(z3.simplify(z3.substitute(found.sure, (year, z3.IntVal(2024)))))
    assert z3.is_false(z3.simplify(z3.substitute(found.possible, (year, z3.IntVal(2023)))))
