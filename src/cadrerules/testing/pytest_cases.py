"""Case files as pytest's items: one for each case and engine, which fail with words instead of a traceback."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest

from ..errors import CadreError, Lang, Problem, UsageError
from ..plan import ENGINES, Plan
from .case_documents import Case
from .cases import Amender, CaseDocument, Outcome, plan_of, read_cases, run_case
from .failures import failure
from .update import update_case
from .words import word


class CaseFailed(Exception):  # noqa: N818 - a failed case is no error of the program
    """A case whose outcome isn't as expected."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class CasesFile(pytest.File):
    """A case file: its cases, on each engine asked for."""

    def collect(self) -> Iterator[pytest.Item]:
        """An item for each case and engine; what is wrong with the file is told in our own words."""
        session = _Session.of(self.config)
        try:
            (document,) = read_cases(self.path)
            plan = session.plan(document)
        except CadreError as error:
            raise self.CollectError(error.report(session.lang)) from None
        for case in document.file.cases:
            for engine in session.engines:
                name = case.name if len(session.engines) == 1 else f"{case.name}[{engine}]"
                yield CaseItem.from_parent(self, name=name, document=document, case=case, plan=plan, engine=engine)


class CaseItem(pytest.Item):
    """One case on one engine."""

    def __init__(self, *, document: CaseDocument, case: Case, plan: Plan, engine: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.document, self.case, self.plan, self.engine = document, case, plan, engine

    def runtest(self) -> None:
        """Run the case; what differs fails it, unless it is to be rewritten."""
        session = _Session.of(self.config)
        outcome = run_case(self.plan, self.document.file, self.case, self.engine, amend=session.amend)
        if outcome.error is not None and outcome.error.code == "CR-ENGINE-CANNOT" and not outcome.passed:
            pytest.skip(outcome.error.problems[0].message(session.lang))
        session.cover(self)
        outcome = session.rewritten(self.document, outcome, self.plan)
        if not outcome.passed:
            raise CaseFailed(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What differs, why the decision is as it is, and how to run the case again."""
        if isinstance(excinfo.value, CaseFailed):
            again = f'pytest "{self.nodeid}"'
            return failure(self.document, excinfo.value.outcome, _Session.of(self.config).lang, again, _path_of(self.path))
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """The file and line at which the case stands."""
        line = self.document.place(self.case).line
        return self.path, None if line is None else line - 1, self.name


def _path_of(path: Path) -> str:
    """The path as it is written from the current folder."""
    return os.path.relpath(path)


class _Session:
    """What the items of one run share: plans, coverage, and what was rewritten."""

    def __init__(self, config: pytest.Config) -> None:
        self.lang = cast("Lang", config.getoption("--cadrerules-lang"))
        self.engines = engines_of(str(config.getoption("--cadrerules-engine")))
        self.updating = bool(config.getoption("--cadrerules-update"))
        self.covering = bool(config.getoption("--cadrerules-coverage"))
        self.plans: dict[str, Plan] = {}
        self.coverage: dict[str, Any] = {}
        self.changes: list[str] = []
        self.amend = Amender()

    @classmethod
    def of(cls, config: pytest.Config) -> _Session:
        """The one of a run."""
        found = config.stash.get(_KEY, None)
        if found is None:
            found = config.stash[_KEY] = cls(config)
            config.pluginmanager.register(_Summary(found), "cadrerules-summary")
        return found

    def plan(self, document: CaseDocument) -> Plan:
        """The plan that a file is about, loaded once."""
        name = str(document.policies)
        if name not in self.plans:
            self.plans[name] = plan_of(document)
        return self.plans[name]

    def cover(self, item: CaseItem) -> None:
        """Note what a case covers, where that is asked for."""
        if self.covering and item.engine == self.engines[0]:
            from .coverage import Coverage

            found = self.coverage.setdefault(item.plan.name, Coverage(item.plan))
            found.add(item.document.file, item.case)

    def rewritten(self, document: CaseDocument, outcome: Outcome, plan: Plan) -> Outcome:
        """The outcome, where asked for under what the file expects once it is rewritten."""
        if not self.updating or outcome.passed:
            return outcome
        changes, after = update_case(document, outcome, plan)
        place = f"{_path_of(document.path)}:{document.place(outcome.case).line}"
        self.changes += [f"{place}: {change.text(self.lang)}" for change in changes]
        return after


def engines_of(text: str) -> list[str]:
    """The engines that an option names; `pytest.UsageError` for one that nobody knows."""
    names = [name.strip() for name in text.split(",") if name.strip()]
    if bad := [name for name in names if name not in ENGINES]:
        values = {"value": bad[0], "option": "--cadrerules-engine", "allowed": ", ".join(ENGINES)}
        raise pytest.UsageError(UsageError(Problem("CR-NOT-AN-OPTION", values=values)).report())
    return names or ["scalar"]


class _Summary:
    """What is said at the end: what was rewritten, and what is covered."""

    def __init__(self, session: _Session) -> None:
        self.session = session

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """The changed expectations, and the table of coverage."""
        session = self.session
        if session.changes:
            terminalreporter.section(word("updated", session.lang))
            for line in session.changes:
                terminalreporter.write_line(line)
        for name, coverage in session.coverage.items():
            from .coverage.text import as_text

            terminalreporter.section(word("coverage_of", session.lang, name))
            terminalreporter.write_line(as_text(coverage.report(), session.lang))


_KEY: pytest.StashKey[_Session] = pytest.StashKey()
