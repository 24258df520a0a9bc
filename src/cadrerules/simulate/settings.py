"""What a sweep is asked for: the values that parameters take, `board.red_to=3..12`, `2,4,8` or `0..5/0.5`, and goals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from math import prod
from typing import TYPE_CHECKING, TypeVar

from ..errors import CadreError, Problem, UsageError
from ..language.source import nearest
from ..language.types import Number
from ..model.parameters import amended, read_value, value_on
from ..model.policy import Parameter
from .goals import Goal, read_goal
from .sweep import Axis

if TYPE_CHECKING:
    from datetime import date

    from ..plan import Plan

MOST = 2_000
"""The most points of a sweep."""
_RANGE = re.compile(r"(-?\d+(?:\.\d+)?)\.\.(-?\d+(?:\.\d+)?)(?:/(\d+(?:\.\d+)?))?")
EXAMPLE = "board.red_to=3..12"
Made = TypeVar("Made")


def asked_for(plan: Plan, settings: Iterable[str], goals: Iterable[str], as_of: date) -> tuple[tuple[Axis, ...], tuple[Goal, ...]]:
    """The axes that texts such as `board.red_to=3..12` name, one or two, and the goals that others state.

    Values are single ones, ranges with both ends and perhaps a step after a slash (default: the parameter's own
    step), or several of these with commas between. Raises `UsageError` with all that is wrong at once.
    """
    problems: list[Problem] = []
    axes = [*_readable(lambda text: _axis(plan, text, as_of), settings, problems)]
    found = [*_readable(lambda text: read_goal(plan, text), goals, problems)]
    names = [axis.parameter for axis in axes]
    twice = sorted({name for name in names if names.count(name) > 1})
    problems += [Problem("CR-GIVEN-TWICE", values={"name": name, "option": "--set"}) for name in twice]
    if not problems and len(axes) not in (1, 2):
        problems.append(Problem("CR-SWEEP-AXES", values={"count": len(axes)}))
    if not problems and (points := prod(len(axis.values) for axis in axes)) > MOST:
        problems.append(Problem("CR-SWEEP-SIZE", values={"count": points, "most": MOST}))
    if problems:
        raise UsageError(problems)
    return tuple(axes), tuple(found)


def _readable(read: Callable[[str], Made], texts: Iterable[str], problems: list[Problem]) -> Iterator[Made]:
    for text in texts:
        try:
            yield read(text)
        except CadreError as error:
            problems.extend(error.problems)


def _axis(plan: Plan, text: str, as_of: date) -> Axis:
    name, sign, told = (part.strip() for part in text.partition("="))
    if not sign or not told:
        raise UsageError(Problem("CR-NOT-A-SETTING", values={"value": text, "option": "--set", "example": EXAMPLE}))
    if name not in plan.parameters:
        values = {"kind": "parameter", "name": name, "nearest": nearest(name, plan.parameters)}
        raise UsageError(Problem("CR-UNKNOWN-SETTING", values=values))
    of = plan.parameters[name]
    read = {str(amended(of, value).value): read_value(of, value) for value in _values(of, told)}
    ordered = sorted(read, key=lambda value: read[value])
    present = value_on(plan.policy_set.bindings(as_of), name, as_of)
    return Axis(name, tuple(ordered), None if present is None else str(present))


def _values(of: Parameter, told: str) -> Iterator[str]:
    for part in told.split(","):
        match = _RANGE.fullmatch(part.strip())
        if match and isinstance(of.type, Number):
            yield from _range(of, *match.groups())
        else:
            yield part.strip()


def _range(of: Parameter, first: str, last: str, step: str | None) -> Iterator[str]:
    assert isinstance(of.type, Number)
    low, high, by = Decimal(first), Decimal(last), Decimal(step) if step else Decimal(1).scaleb(-of.type.scale)
    if by <= 0 or high < low or (high - low) / by >= MOST:
        raise UsageError(Problem("CR-SWEEP-RANGE", values={"range": f"{first}..{last}" + (f"/{step}" if step else ""), "most": MOST}))
    for at in range(int((high - low) / by) + 1):
        yield str(low + at * by)
