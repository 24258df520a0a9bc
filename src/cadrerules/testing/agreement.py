"""Whether engines make of a plan and its facts what the scalar engine makes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..errors import UsageError
from ..model.facts import FactTables

if TYPE_CHECKING:
    from ..model.result import Result
    from ..plan import Plan

MOST_SHOWN = 5
"""The most differences that are shown of one engine."""

Records = Mapping[str, Mapping[str, Any]]
"""What a result says, by a name for people: a finding, a decision, what wasn't evaluated, a warning."""


def assert_engines_agree(
    plan: Plan,
    facts: FactTables | Mapping[str, Any] | str | Path,
    *,
    as_of: date | None = None,
    policies: Iterable[str] | None = None,
    engines: Sequence[str] = ("polars", "duckdb"),
    group_by: str = "",
    refusals: Literal["raised", "allowed"] = "raised",
) -> None:
    """Check that engines give on a plan and its facts exactly the result that the scalar engine gives.

    `facts`, `as_of`, `policies` and `group_by` are those of `Plan.evaluate`. Compared are findings and
    decisions with all their fields and in their order, what was not evaluated, and warnings. Raises
    `AssertionError` with the first differences of each engine and how to see them again, and what
    `Plan.evaluate` raises; with `refusals="allowed"` an engine that can't do something of the plan
    (`CR-ENGINE-CANNOT`) is passed over.

    >>> import cadrerules as cr
    >>> plan = cr.load_policies("market-supervision")
    >>> rows = [{"quarter": "2024Q1", "unit": unit, "indicator": "I1", "progress": 70} for unit in ("U01", "U02")]
    >>> assert_engines_agree(plan, {"progress": rows}, as_of=date(2025, 1, 15), engines=["polars"])
    """
    day = as_of or date.today()
    asked: dict[str, Any] = {"as_of": day, "policies": None if policies is None else list(policies), "group_by": group_by}
    wanted = _told(plan.evaluate(facts, engine="scalar", **asked))
    faults: list[str] = []
    for engine in engines:
        found = _of_engine(plan, facts, engine, asked, refusals)
        if found is not None and (differences := list(_differences(wanted, found, engine))):
            faults += [*_shown(differences, engine), *_again(plan, engine, asked)]
    if faults:
        raise AssertionError("\n".join(faults))


def _of_engine(plan: Plan, facts: Any, engine: str, asked: Mapping[str, Any], refusals: str) -> Records | None:
    try:
        return _told(plan.evaluate(facts, engine=engine, **asked))
    except UsageError as error:
        if refusals != "allowed" or error.code != "CR-ENGINE-CANNOT":
            raise
        return None


# --- what a result says ---------------------------------------------------------------------------


def _told(result: Result) -> Records:
    """Everything that is compared, in order."""
    told: dict[str, Mapping[str, Any]] = {}
    for name, fields in _records(result):
        told[_unlike(name, told)] = fields
    return told


def _records(result: Result) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for finding in result.findings:
        about = [finding.rule, finding.outcome, str(finding.subject), finding.period, finding.group]
        yield f"finding {_joined(about)}", finding.model_dump(exclude={"trace"})
    for decision in result.decisions:
        yield f"decision {decision.id}", decision.model_dump()
    for gap in result.not_evaluated:
        yield f"not evaluated {_joined(map(str, gap.model_dump().values()))}", gap.model_dump()
    for warning in result.warnings:
        yield f"warning {_joined(warning.values())}", dict(warning)


def _joined(parts: Iterable[str | None]) -> str:
    return " / ".join(filter(None, parts))


def _unlike(name: str, taken: Mapping[str, Any]) -> str:
    """The name; with a number where something has it already."""
    found, number = name, 1
    while found in taken:
        found, number = f"{name} ({number + 1})", number + 1
    return found


# --- differences ----------------------------------------------------------------------------------


def _differences(wanted: Records, found: Records, engine: str) -> Iterator[str]:
    """Each difference in a line of its own or a few."""
    for name in dict.fromkeys((*wanted, *found)):
        if name not in found:
            yield f"{name}: only the scalar engine has it"
        elif name not in wanted:
            yield f"{name}: only {engine} has it"
        elif wanted[name] != found[name]:
            yield f"{name}:{''.join(_fields(wanted[name], found[name], engine))}"
    if wanted == found and list(wanted) != list(found):
        first = next((a, b) for a, b in zip(wanted, found, strict=True) if a != b)
        yield f"the order: where scalar has {first[0]}, {engine} has {first[1]}"


def _fields(wanted: Mapping[str, Any], found: Mapping[str, Any], engine: str) -> Iterator[str]:
    width = max(len(engine), len("scalar"))
    for field in dict.fromkeys((*wanted, *found)):
        if wanted.get(field) != found.get(field):
            yield f"\n    {field}"
            yield f"\n      {'scalar':{width}}  {wanted.get(field)!r}\n      {engine:{width}}  {found.get(field)!r}"


def _shown(differences: Sequence[str], engine: str) -> Iterator[str]:
    count = len(differences)
    yield f"{engine} disagrees with the scalar engine in {count} place{'s' if count > 1 else ''}:"
    yield from (f"  {difference}" for difference in differences[:MOST_SHOWN])
    if count > MOST_SHOWN:
        yield f"  and {count - MOST_SHOWN} more"


def _again(plan: Plan, engine: str, asked: Mapping[str, Any]) -> Iterator[str]:
    """How to see it again."""
    day = asked["as_of"]
    given = [f"as_of=date({day.year}, {day.month}, {day.day})"]
    given += [f"{name}={asked[name]!r}" for name in ("policies", "group_by") if asked[name]]
    yield f"  plan {plan.name}, {plan.hash}; readings other than the default: {dict(plan.policy_set.chosen) or 'none'}"
    yield f'  to see it again: plan.evaluate(facts, {", ".join(given)}, engine="{engine}"), and with engine="scalar"'
