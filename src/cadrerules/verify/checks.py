"""Asks every question about a plan's rules, policy by policy, and across policies that answer the same question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from ..plan import Plan
from . import dependence, outcomes, rules
from .accepted import AcceptedDoc, accepting
from .found import SEVERITIES, Found
from .messages import told
from .pairs import groups
from .setting import Setting, relations_of

Progress = Callable[[str, int, int], None]
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


def verify(
    plan: Plan,
    policies: Iterable[str] | None = None,
    accepted: Sequence[AcceptedDoc] = (),
    progress: Progress | None = None,
) -> list[Found]:
    """What is open, contradictory, lost or out of reach in a plan's rules, the gravest first.

    `policies` names those to look at (default: all). Each answer is `proved` (of all tables of a size that `domain`
    states), a `witness` (tables that show it, evaluated by the scalar engine before they are given) or `undecided`.
    `accepted` are findings that somebody accepts (see `read_accepted`): these carry the reason. Needs the extra `verify`. Raises `UsageError` for an unknown policy.

    >>> import cadrerules as cr
    >>> plan = cr.load_policies("market-supervision")
    >>> [found.rules for found in verify(plan, policies=["training"]) if found.severity != "info"]
    []
    """
    names = [plan.policy(name).policy.name for name in (plan.policies if policies is None else policies)]
    asked = [name for name in names if plan.policies[name].rules]
    found: list[Found] = []
    for done, name in enumerate(asked):
        if progress:
            progress(name, done, len(asked))
        found += _of_policy(plan, name)
    found += _across(plan, asked)
    found += _in_python(plan)
    order = {severity: n for n, severity in enumerate(SEVERITIES)}
    return sorted(accepting(plan, found, accepted), key=lambda f: (f.accepted is not None, order[f.severity]))


def _of_policy(plan: Plan, name: str) -> Iterator[Found]:
    for focus, _ in groups(plan, plan, name):
        yield from _of_part(Setting(plan, focus), name)


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
