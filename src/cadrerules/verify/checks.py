"""Asks every question about a plan's rules, policy by policy, and across policies that answer the same question."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

from ..engines.solver.run import Focus
from ..engines.solver.turns import one_at_a_time
from ..plan import Plan
from ..portable import Portable
from . import dependence, outcomes, rules
from .accepted import AcceptedDoc, accepting
from .found import SEVERITIES, Found
from .messages import told
from .pairs import groups
from .setting import Setting, relations_of

Progress = Callable[[str, int, int], None]
Part = tuple[str, Focus]
"""A policy and those of its relations that are looked at together."""
CHECKS: Sequence[Callable[[Setting], Iterator[Found]]] = (
    outcomes.gaps,
    outcomes.overlaps,
    outcomes.conflicts,
    rules.dead,
    rules.subsumed,
    dependence.lost_penalties,
    dependence.depends_on_unset,
    dependence.depends_on_readings,
    dependence.unmeetable,
)


@one_at_a_time
def verify(
    plan: Plan,
    policies: Iterable[str] | None = None,
    accepted: Sequence[AcceptedDoc] = (),
    progress: Progress | None = None,
    jobs: int = 1,
) -> list[Found]:
    """What is open, contradictory, lost or out of reach in a plan's rules, the gravest first.

    `policies` names those to look at (default: all). Each answer is `proved` (of all tables of a size that `domain`
    states), a `witness` (tables that show it, evaluated by the scalar engine before they are given) or `undecided`.
    `accepted` are findings that somebody accepts (see `read_accepted`): these carry the reason.
    `jobs` processes share the work; what is found is the same. Needs the extra `verify`. Raises `UsageError` for an unknown policy.

    >>> import cadrerules as cr
    >>> plan = cr.load_policies("market-supervision")
    >>> [found.rules for found in verify(plan, policies=["training"]) if found.severity != "info"]
    []
    """
    names = [plan.policy(name).policy.name for name in (plan.policies if policies is None else policies)]
    asked = [name for name in names if plan.policies[name].rules]
    parts: list[Part] = [(name, focus) for name in asked for focus, _ in groups(plan, plan, name)]
    found: list[Found] = []
    for done, of_part in enumerate(_each(plan, parts, jobs)):
        if progress:
            progress(parts[done][0], done, len(parts))
        found += of_part
    found += _across(plan, asked)
    found += _in_python(plan)
    order = {severity: n for n, severity in enumerate(SEVERITIES)}
    return sorted(accepting(plan, found, accepted), key=lambda f: (f.accepted is not None, order[f.severity]))


def _each(plan: Plan, parts: Sequence[Part], jobs: int) -> Iterator[list[Found]]:
    """What is found in each part, in their order."""
    if jobs <= 1 or len(parts) < 2:
        yield from (list(_of_part(Setting(plan, focus), name)) for name, focus in parts)
        return
    context: Any = get_context("spawn")
    with ProcessPoolExecutor(jobs, context, _start, (Portable.of(plan),)) as pool:
        yield from pool.map(_there, parts)


_plan: list[Plan] = []
"""The plan of this process, where it works for another."""


def _start(plan: Portable) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the other process stops everything
    _plan[:] = [plan.plan()]


def _there(part: Part) -> list[Found]:
    name, focus = part
    return list(_of_part(Setting(_plan[0], focus), name))


def _of_part(setting: Setting, name: str) -> Iterator[Found]:
    for what, reason in setting.run.policies[name].failed.items():
        yield Found("not_verified", "info", "undecided", (what,), told("inexpressible", first=what, reason=reason), setting.world.describe())
    for check in CHECKS:
        yield from check(setting)


def _across(plan: Plan, names: Sequence[str]) -> Iterator[Found]:
    """Contradictions between policies that answer one question."""
    answering: dict[str, set[str]] = {}
    for name in names:
        for rule in plan.policies[name].rules:
            answering.setdefault(rule.question, set()).add(name)
    pairs = {tuple(sorted(found)) for found in answering.values() if len(found) > 1}
    for pair in sorted(pairs):
        setting = Setting(plan, {name: relations_of(plan, name) for name in pair})
        for check in (outcomes.conflicts, rules.subsumed):
            yield from (f for f in check(setting) if len({rule.rpartition(".")[0] for rule in f.rules}) > 1)


def _in_python(plan: Plan) -> Iterator[Found]:
    """The plugins that compute findings in Python, which nothing here can look into."""
    for implementation in plan.plugins.hook.cadrerules_findings.get_hookimpls():
        message = told("python", plugin=implementation.plugin_name)
        yield Found("not_verified", "info", "undecided", (), message, implementation.plugin_name)
