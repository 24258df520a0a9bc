"""Runs the cases of policy sets for the command line: which ones, on which engines, what became of each, what they cover."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from ..errors import Lang, Problem, UsageError
from ..plan import Plan
from ..plugins import installed_plugins, policy_sources
from .cases import Amender, CaseDocument, Outcome, plan_of, policies_of, read_cases, run_case
from .comparison import shown
from .failures import failure
from .update import Change, update_case
from .words import word

if TYPE_CHECKING:
    from .case_documents import Case
    from .coverage import Coverage, Report

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Ran:
    """One case on one engine, and what became of it; `skipped` says why the engine can't do it."""

    document: CaseDocument
    outcome: Outcome
    engine: str
    skipped: str = ""

    @property
    def status(self) -> str:
        """`passed`, `failed` or `skipped`."""
        return "skipped" if self.skipped else "passed" if self.outcome.passed else "failed"

    def text(self, lang: Lang) -> str:
        """What is told of it where it failed."""
        path, name = shown_path(self.document.path), self.outcome.case.name
        engine = "" if self.engine == "scalar" else f" --engine {self.engine}"
        return failure(self.document, self.outcome, lang, f'cadrerules test "{path}" -k "{name}"{engine}', path)

    def to_dict(self) -> dict[str, Any]:
        """The same as plain data, for JSON."""
        case = self.outcome.case
        return {
            "file": shown_path(self.document.path),
            "line": self.document.place(case).line,
            "case": case.name,
            "clause": case.clause,
            "engine": self.engine,
            "status": self.status,
            "faults": [
                {"message": fault.text("en"), "fields": {n: {"expected": shown(e), "found": shown(f)} for n, (e, f) in fault.differing.items()}}
                for fault in self.outcome.faults
            ],
        }


@dataclass
class Run:
    """All cases that were run, what was rewritten, and what they cover."""

    ran: list[Ran] = field(default_factory=list)
    changes: list[tuple[CaseDocument, Change]] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def failed(self) -> list[Ran]:
        """Those that failed."""
        return [ran for ran in self.ran if ran.status == "failed"]

    @property
    def percent(self) -> float:
        """The share of all obligations of all policy sets that are covered, in per cent."""
        covered, of = sum(r.covered for r in self.reports), sum(len(r.dues) for r in self.reports)
        return 100.0 * covered / of if of else 100.0

    def summary(self, lang: Lang) -> str:
        """How many passed, and how long it took."""
        passed = sum(ran.status == "passed" for ran in self.ran)
        return word("ran", lang, passed=passed, cases=len(self.ran), seconds=f"{self.seconds:.1f}")

    def to_dict(self) -> dict[str, Any]:
        """The run as plain data, for JSON."""
        return {
            "schema_version": 1,
            "cases": [ran.to_dict() for ran in self.ran],
            "updated": [{"file": shown_path(d.path), "case": c.case, "where": c.where, "old": c.old, "new": c.new} for d, c in self.changes],
            "coverage": [report.to_dict() for report in self.reports],
        }


def documents_of(targets: Sequence[str]) -> list[CaseDocument]:
    """The case files of paths and of installed policy sets; of none named, of every installed set that has cases.

    Raises `UsageError` for a name that is neither, or where there are no cases at all.
    """
    sources = policy_sources(installed_plugins())
    found: list[CaseDocument] = []
    for target in targets or list(sources):
        if target in sources and not Path(target).exists():
            found += read_cases(sources[target].folder)
        elif Path(target).exists():
            found += read_cases(target)
        else:
            raise UsageError(Problem("CR-UNKNOWN-SET", values={"name": target, "known": ", ".join(sources) or "-"}))
    if not found:
        raise UsageError(Problem("CR-NO-CASES", values={"where": ", ".join(targets) or ", ".join(sources) or "-"}))
    return found


def run_cases(
    documents: Sequence[CaseDocument],
    engines: Sequence[str] = ("scalar",),
    *,
    policies: Sequence[str] = (),
    containing: str = "",
    updating: bool = False,
    covering: bool = False,
    progress: Progress = lambda *_: None,
) -> Run:
    """Run the cases of files on engines, those whose file or name contains a text; rewrite or measure where asked to.

    `policies` restricts cases and coverage to some policies; a case is run that evaluates one of them.
    `progress` is told which file it is at, how many cases are done and of how many. `UsageError` where no case is left.
    """
    began, run, amend = perf_counter(), Run(), Amender()
    plans: dict[str, Plan] = {}
    coverage: dict[str, Coverage] = {}
    chosen = [(d, case) for d in documents for case in d.file.cases if _named(containing, d, case)]
    if not chosen:
        raise UsageError(Problem("CR-NO-CASES", values={"where": f"-k {containing}"}))
    for done, (document, case) in enumerate(chosen):
        progress(document.path.name, done, len(chosen))
        name = str(document.policies)
        plan = plans[name] = plans.get(name) or plan_of(document)
        for policy in policies:
            plan.policy(policy)  # refuses one that nobody knows
        if policies and not {*policies} & {*policies_of(plan, document.file, case)}:
            continue
        for engine in engines:
            run.ran.append(_run(run, run_case(plan, document.file, case, engine, amend=amend), document, engine, plan if updating else None))
        if covering:
            _cover(coverage, plan, policies).add(document.file, case, None if case.raises else amend(plan, case))
    run.reports = [found.report() for found in coverage.values()]
    run.seconds = perf_counter() - began
    return run


def _named(text: str, document: CaseDocument, case: Case) -> bool:
    return text.casefold() in f"{document.path.name}::{case.name}".casefold()


def _run(run: Run, outcome: Outcome, document: CaseDocument, engine: str, updating: Plan | None) -> Ran:
    """What became of a case, after its file was rewritten where that is asked for."""
    if updating is not None and not outcome.passed:
        changes, outcome = update_case(document, outcome, updating)
        run.changes += [(document, change) for change in changes]
    refused = outcome.error is not None and outcome.error.code == "CR-ENGINE-CANNOT" and not outcome.passed
    reason = outcome.error.problems[0].message() if refused and outcome.error else ""
    return Ran(document, outcome, engine, reason)


def _cover(coverage: dict[str, Coverage], plan: Plan, policies: Sequence[str]) -> Coverage:
    from .coverage import Coverage

    if plan.hash not in coverage:
        coverage[plan.hash] = Coverage(plan, policies or None)
    return coverage[plan.hash]


def shown_path(path: Path) -> str:
    """The path as it is written from the current folder, where it lies below it."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(path)
