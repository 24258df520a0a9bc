"""Tries every mutant on the cases, and looks for a case that would kill those that survive."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from ...errors import Problem, UsageError
from ...language.source import nearest
from ...plan import Plan
from ...reading import load_policies
from ..cases import CaseDocument, read_cases
from .mutants import OPERATORS, Mutant, about, candidates
from .pool import Pool, pool
from .report import Report, Trial
from .suite import Suite
from .survivors import looked_for

Told = Callable[[str, int, int], None]
"""Hears what is being done (`cases`, `mutants`, `survivors_of`), how much of it is done, and of how much."""

SEARCH = 400
"""How many variations of the cases' facts are tried for each survivor."""


def mutate(
    plan: Plan | str | Path,
    cases: Path | str | Sequence[CaseDocument],
    *,
    policies: Collection[str] = (),
    rules: Collection[str] = (),
    operators: Collection[str] = (),
    sample: int | None = None,
    seed: int = 0,
    jobs: int | None = None,
    search: int = SEARCH,
    progress: Told = lambda *_: None,
) -> Report:
    """Change a policy set in one small thing at a time, and tell which changes its cases notice.

    `cases` are the case files, or the folder or file that holds them. Only mutants of the `policies`, of the
    `rules` (ids) and of the `operators` named are tried (default: all), or `sample` of them, drawn by `seed`. `jobs` is
    the number of processes (default: one per processor), `search` how many variations of the cases' facts
    are tried for a case that would kill a survivor, 0 for none. The result is the same whatever `jobs` is.
    With several processes a script must call this under `if __name__ == "__main__":`. Raises `UsageError` for an unknown
    policy, rule or operator, and what reading the plan and the cases raises.
    """
    began = time.perf_counter()
    made = plan if isinstance(plan, Plan) else load_policies(plan)
    documents = read_cases(cases) if isinstance(cases, Path | str) else list(cases)
    chosen = _chosen(made, policies, rules, operators, sample, seed)
    suite = Suite(made, documents)
    with pool(suite, min(jobs or os.cpu_count() or 1, max(1, len(chosen) // 4))) as workers:
        trials, broken = _tried(workers, chosen, search, progress)
    took = time.perf_counter() - began
    return Report(made.name, made.hash, tuple(trials), len(suite.entries), tuple(broken), took)


def _tried(workers: Pool, chosen: list[Mutant], search: int, progress: Told) -> tuple[list[Trial], list[str]]:
    suite = workers.suite
    whom = sorted({n for n, entry in enumerate(suite.entries) for m in chosen if set(entry.policies) & set(m.policies)})
    fine = workers.each(_passes, whom, lambda done, of: progress("cases", done, of))
    broken = [suite.entries[n].name for n, passes in zip(whom, fine, strict=True) if not passes]
    trials = workers.each(_try, chosen, lambda done, of: progress("mutants", done, of))
    trials = [trial for trial in trials if trial.fate != "invalid"]
    alive = [(n, trial.mutant) for n, trial in enumerate(trials) if trial.fate == "survived"]
    found = workers.each(looked_for, [(mutant, search) for _, mutant in alive], lambda done, of: progress("survivors_of", done, of))
    for (n, _), trial in zip(alive, found, strict=True):
        trials[n] = trial
    return trials, broken


def _passes(suite: Suite, n: int) -> bool:
    return suite.entries[n].passes


def _try(suite: Suite, mutant: Mutant) -> Trial:
    policies = suite.mutated(mutant)
    if policies is None:
        return Trial(mutant, "invalid")
    killer = suite.killer(mutant, policies)
    return Trial(mutant, "killed", killer.name) if killer else Trial(mutant, "survived")


def _chosen(
    plan: Plan, policies: Collection[str], rules: Collection[str], operators: Collection[str], sample: int | None, seed: int
) -> list[Mutant]:
    _refuse_unknown(policies, plan.policies, "CR-UNKNOWN-POLICY")
    _refuse_unknown(rules, plan.rules, "CR-NO-SUCH-RULE")
    _refuse_unknown(operators, OPERATORS, "CR-NO-SUCH-CHANGE")
    found = [
        mutant
        for mutant in candidates(plan.policy_set)
        if (not policies or any(about(mutant, name) for name in policies))
        and (not rules or set(rules) & set(mutant.rules))
        and (not operators or mutant.operator in operators)
    ]
    if sample is None or sample >= len(found):
        return found
    drawn = random.Random(seed).sample(range(len(found)), sample)  # noqa: S311 - no secret
    return [found[n] for n in sorted(drawn)]


def _refuse_unknown(names: Collection[str], known: Collection[str], code: str) -> None:
    for name in names:
        if name not in known:
            raise UsageError(Problem(code, values={"name": name, "nearest": nearest(name, known)}))
