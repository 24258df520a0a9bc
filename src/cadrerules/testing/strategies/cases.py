"""Strategies for cases of one policy: the tables it needs, readings and numbers other than those in force, a day."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from ...errors import PolicyError
from ...language.types import Date, Number
from ...model.dependencies import dependencies
from ...model.facts import FactTables
from ...model.policy import Parameter
from ..boundaries import boundaries_of
from .remedies import disputes, waivers
from .rows import FIRST_DAY, LAST_DAY, tables
from .shown import shown

if TYPE_CHECKING:
    from ...model.result import Result
    from ...plan import Plan

T = TypeVar("T")
Setting = tuple[str, str, Any]
"""What is set otherwise: `params` or `interpretations`, the full name, and to what."""

_DAYS = (date(2024, 1, 1), date(2024, 2, 29), date(2024, 12, 31), date(2025, 1, 15), LAST_DAY)


_LEAST = (1, 2, 3, 0)
"""How many rows a table has at least: else most of many tables would be empty."""


@dataclass(frozen=True)
class PolicyCase:
    """One case of a policy: the plan with what was set otherwise, facts and the day of the evaluation."""

    plan: Plan
    policy: str
    facts: FactTables
    as_of: date
    settings: tuple[Setting, ...] = ()

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002 - as hypothesis calls it
        set_ = "".join(f", {name}={value}" for _, name, value in self.settings)
        printer.text(shown(f"case of {self.policy}, as of {self.as_of}{set_}", self.facts))

    def evaluate(self, engine: str = "auto") -> Result:
        """What the policy makes of the facts."""
        return self.plan.evaluate(self.facts, as_of=self.as_of, policies=[self.policy], engine=engine)


@st.composite
def policy_cases(draw: st.DrawFn, plan: Plan, policy: str, max_rows: int = 5, holes: bool = True, settings: int = 2) -> PolicyCase:
    """Cases of a policy: every table that it reads, with waivers of its rules and a dispute where the plan has such tables.

    Cells lie at the boundaries of the plan as it was set half of the time, and columns that are compared
    with each other meet. At most so many `settings` (parameters and readings that the policy rests on) differ from those
    in force: parameters by a step, unset ones have a small number of their domain. `holes` is as for `facts_rows`.

    >>> import cadrerules as cr
    >>> plan = cr.load_policies("market-supervision")
    >>> cases = policy_cases(plan, "assessment")
    """
    day = draw(st.sampled_from(_DAYS))
    choices = _kept((plan.hash, policy), lambda: list(_settings(plan, policy)))
    chosen = draw(st.lists(st.sampled_from(choices), max_size=settings, unique_by=lambda s: s[1])) if choices else []
    amended = _kept((plan.hash, plan.plugins, tuple(sorted(chosen, key=repr))), lambda: _amended(plan, chosen))
    least = draw(st.sampled_from([each for each in _LEAST if each <= max_rows]))
    asked = amended.hash, policy, day, least, max_rows, holes
    facts = draw(_kept(asked, lambda: _facts(amended, policy, day, least, max_rows, holes)))
    return PolicyCase(amended, policy, _with_remedies(draw, amended, policy, facts, day), day, tuple(chosen))


def _settings(plan: Plan, policy: str) -> Iterator[Setting]:
    """What the policy's rules rest on, each with other values."""
    found = [dependencies(plan.policies[policy], rule) for rule in plan.policies[policy].rules]
    for name in sorted({name for each in found for name in each.parameters}):
        yield from (("params", name, value) for value in _values(plan.parameters[name]))
    for name in sorted({name for each in found for name in each.interpretations}):
        reading = plan.interpretations[name]
        yield from (("interpretations", name, word) for word in reading.doc.words if word != reading.option)


def _values(parameter: Parameter) -> list[Any]:
    """Values one step from a parameter's, or small ones of its domain where it is unset."""
    of, value = parameter.type, parameter.doc.value
    if isinstance(of, Date):
        return [FIRST_DAY + timedelta(days=days) for days in (0, 120, 366)]
    if not isinstance(of, Number):
        return [FIRST_DAY.year, FIRST_DAY.year + 1]
    if isinstance(value, int | Decimal):
        units = [int(Decimal(value).scaleb(of.scale)) + by for by in (-1, 1, 10**of.scale)]
    else:
        low = int(of.low) if isfinite(of.low) else 0
        units = [low, low + 10**of.scale, low + 2 * 10**of.scale]
    return [Decimal(each).scaleb(-of.scale) for each in units if of.low <= each <= of.high]


def _amended(plan: Plan, chosen: Iterable[Setting]) -> Plan:
    """The plan with the settings; one that can't be set so is left as it is."""
    made: dict[str, dict[str, Any]] = {"params": {}, "interpretations": {}}
    for kind, name, value in chosen:
        made[kind][name] = value
    try:
        return plan.amend(**made)
    except PolicyError:
        return plan


def _facts(plan: Plan, policy: str, day: date, least: int, most: int, holes: bool) -> SearchStrategy[FactTables]:
    """The tables that the policy reads."""
    models = [plan.models[name] for name in sorted(plan.policies[policy].reads & plan.models.keys())]
    at = boundaries_of(plan, policy, as_of=day)
    return tables(*models, min_rows=least, max_rows=most, holes=holes, near=at)


_KEPT: dict[Any, Any] = {}
_MOST_KEPT = 500
"""So many plans and strategies are kept: each example would make the same ones again, which takes longer than drawing."""


def _kept(key: Any, make: Callable[[], T]) -> T:
    """What is made for a key, once."""
    if key not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = make()
    found: T = _KEPT[key]
    return found


def _with_remedies(draw: st.DrawFn, plan: Plan, policy: str, facts: FactTables, day: date) -> FactTables:
    """The facts with waivers and a dispute that fit them."""
    ids = {kind: sorted(_ids(plan, facts, kind)) for kind in {rule.kind for rule in plan.policies[policy].rules}}
    periods = [value for rows in facts.rows.values() for row in rows for value in row.values() if hasattr(value, "ordinal")]
    more = {"waivers": tuple(draw(waivers(plan, ids, sorted(set(periods), key=str), [policy], day)))}
    more["disputes"] = tuple(draw(disputes(plan, facts, day)))
    there = {name: rows for name, rows in more.items() if name in plan.tables}
    specs = {**facts.tables, **{name: plan.tables[name] for name in there}}
    return replace(facts, tables=specs, rows={**facts.rows, **there})


def _ids(plan: Plan, facts: FactTables, kind: str) -> set[str]:
    """The ids of a kind of subject that the facts have."""
    return {row[kind] for name, rows in facts.rows.items() if kind in plan.tables[name].columns for row in rows if row[kind]}
