"""Reads case files and runs their cases: the tables of a case, the plan as the case amends it, and what comes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from ..errors import CadreError, Place, PolicyError, Problem, UsageError
from ..language.source import nearest
from ..load.policies import SET_FILE, validated
from ..load.tables import read_tables
from ..load.yaml import Located, read_yaml
from ..model.facts import FactTables
from ..model.result import Result
from ..plan import Plan
from ..reading import load_policies
from .case_documents import Case, CaseFile, Cell, Compact, Given, Rows, as_text
from .comparison import Fault, faults

FOLDER = "cases"
"""The folder beside a policy set's documents that holds its case files."""


@dataclass(frozen=True)
class CaseDocument:
    """A case file that was read: where it is, what it holds, and where everything in it stands."""

    path: Path
    file: CaseFile
    located: Located

    def place(self, case: Case) -> Place:
        """The line at which a case begins."""
        return self.located.place(("cases", self.file.cases.index(case)))

    @cached_property
    def policies(self) -> str | Path:
        """The policy set that it is about: the one it names, else the folder above its own; `PolicyError` where neither is."""
        if self.file.policy_set:
            return self.file.policy_set
        folder = self.path.resolve().parent.parent
        if not (folder / SET_FILE).is_file():
            raise PolicyError(Problem("CR-CASES-WITHOUT-SET", Place(file=self.located.file), {"folder": FOLDER}))
        return folder


def read_cases(source: Path | str) -> list[CaseDocument]:
    """The case files of a folder, or the one of a file, in the order of their names.

    Of a policy set's folder those in its `cases`. Raises `PolicyError` with all problems of all files, and
    `UsageError` for a path that isn't there.
    """
    problems: list[Problem] = []
    found = [document for path in case_files(Path(source)) if (document := _read(path, problems))]
    if problems:
        raise PolicyError(problems)
    return found


def case_files(source: Path) -> list[Path]:
    """The paths of the case files of a folder, or a file's own; `UsageError` for a path that isn't there."""
    if source.is_file():
        return [source]
    if not source.is_dir():
        raise UsageError(Problem("CR-NO-SUCH-PATH", Place(file=source.name)))
    return sorted((source / FOLDER if (source / SET_FILE).is_file() else source).glob("*.yaml"))


def _read(path: Path, problems: list[Problem]) -> CaseDocument | None:
    try:
        located = read_yaml(path, path.name)
    except PolicyError as error:
        problems.extend(error.problems)
        return None
    file = validated(CaseFile, located, problems)
    return CaseDocument(path, file, located) if file else None


def plan_of(document: CaseDocument) -> Plan:
    """The policy set that a case file is about."""
    return load_policies(document.policies)


# --- running --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a case: its result, or the error that there was instead, and how it differs from what is expected."""

    case: Case
    faults: tuple[Fault, ...]
    result: Result | None = None
    error: CadreError | None = None

    @property
    def passed(self) -> bool:
        """Whether all is as expected."""
        return not self.faults


def run_case(
    plan: Plan,
    file: CaseFile,
    case: Case,
    engine: str = "scalar",
    facts: FactTables | None = None,
    amend: Callable[[Plan, Case], Plan] | None = None,
) -> Outcome:
    """Evaluate a case and compare what comes of it with what it expects; errors are an outcome too.

    `facts` are the case's tables where the caller has them already, as `facts_of` gives them; `amend` replaces
    `amended_plan`, such as an `Amender`, which amends once for all cases that ask for the same.
    """
    try:
        result = evaluate_case(plan, file, case, engine, facts, amend)
    except CadreError as error:
        return Outcome(case, _of_error(case, error), error=error)
    if case.raises:
        return Outcome(case, (Fault("not_raised", {"code": case.raises}),), result)
    return Outcome(case, tuple(faults(result, case, decided_apart(plan))), result)


def decided_apart(plan: Plan) -> list[str]:
    """The questions that each rule decides apart."""
    return [name for name, question in plan.questions.items() if question.decide == "each_rule"]


def _of_error(case: Case, error: CadreError) -> tuple[Fault, ...]:
    if error.code == case.raises:
        return ()
    report = {"en": error.report("en"), "zh": error.report("zh")}
    return (Fault("other_error" if case.raises else "raised", {"code": case.raises, "report": report}),)


def evaluate_case(
    plan: Plan,
    file: CaseFile,
    case: Case,
    engine: str = "scalar",
    facts: FactTables | None = None,
    amend: Callable[[Plan, Case], Plan] | None = None,
) -> Result:
    """The result on the case's tables, with its parameters and readings; raises what the evaluation raises."""
    check_names(plan, file, case)
    amended = (amend or amended_plan)(plan, case)
    tables = facts_of(amended, file, case) if facts is None else facts
    return amended.evaluate(tables, as_of=case.as_of or file.as_of, policies=policies_of(plan, file, case), engine=engine)


def amended_plan(plan: Plan, case: Case) -> Plan:
    """The plan with the case's parameters and readings."""
    return plan.amend(case.params, case.interpretations) if case.params or case.interpretations else plan


class Amender:
    """Amends plans for cases, each plan once for all cases that ask for the same parameters and readings."""

    def __init__(self) -> None:
        self._known: dict[tuple[int, str], Plan] = {}
        self._plans: dict[int, Plan] = {}  # held, so that no other plan gets the same identity

    def __call__(self, plan: Plan, case: Case) -> Plan:
        """The plan with the case's parameters and readings."""
        self._plans[id(plan)] = plan
        asked = id(plan), repr((sorted(case.params.items()), sorted(case.interpretations.items())))
        if asked not in self._known:
            self._known[asked] = amended_plan(plan, case)
        return self._known[asked]


def policies_of(plan: Plan, file: CaseFile, case: Case) -> list[str]:
    """The policies that the case is about: its own, else the file's, else all."""
    return list(case.policies or file.policies or plan.policies)


def check_names(plan: Plan, file: CaseFile, case: Case) -> None:
    """Refuse tables and questions that the plan doesn't have: an expectation of them would say nothing."""
    tables = {**file.fill, **file.given, **case.given, **case.drop, **dict.fromkeys(case.absent)}
    asked = [*(e.question for e in case.expect), *(e.question for e in case.expect_none if e.question)]
    problems = [*_unknown(tables, plan.tables, "CR-UNKNOWN-TABLE"), *_unknown(asked, plan.questions, "CR-UNKNOWN-QUESTION")]
    if problems:
        raise UsageError(problems)


def _unknown(names: Any, known: Mapping[str, Any], code: str) -> list[Problem]:
    missing = dict.fromkeys(name for name in names if name not in known)
    return [Problem(code, values={"name": name, "nearest": nearest(name, known)}) for name in missing]


# --- tables ---------------------------------------------------------------------------------------

Table = list[dict[str, Cell]]


def facts_of(plan: Plan, file: CaseFile, case: Case) -> FactTables:
    """The file's tables with the case's changes; `DataError` for rows that are refused."""
    shared = full_tables(file.given, plan.models, file.fill)
    own = full_tables(case.given, plan.models, file.fill)
    tables = {name: _changed(plan, name, shared.get(name, []), own.get(name, []), case) for name in {**shared, **own}}
    return read_tables({n: rows for n, rows in tables.items() if n not in case.absent}, list(plan.models.values()))


def full_tables(given: Given, models: Mapping[str, Any], fill: Mapping[str, Mapping[str, Cell]]) -> dict[str, Table]:
    """The tables with every column in every row: what a row leaves out is taken from `fill`, else empty."""
    return {
        name: [{**dict.fromkeys(models[name].spec.columns), **fill.get(name, {}), **row} for row in dict_rows(rows)]
        for name, rows in given.items()
    }


def dict_rows(rows: Rows) -> Table:
    """Rows as dicts, whichever way they are written."""
    if isinstance(rows, Compact):
        return [dict(zip(rows.columns, row, strict=True)) for row in rows.rows]
    return rows


def _changed(plan: Plan, table: str, shared: Table, own: Table, case: Case) -> Table:
    dropped = case.drop.get(table, [])
    kept = [row for row in shared if not any(_holds(row, cells) for cells in dropped)]
    key = plan.tables[table].key
    changed = {_key(row, key): row for row in own}
    if len(changed) < len(own):
        return kept + own  # a key given twice is the case's point
    return list({**{_key(row, key): row for row in kept}, **changed}.values())


def _holds(row: Mapping[str, Cell], cells: Mapping[str, str]) -> bool:
    return all(as_text(row.get(name)) == cell for name, cell in cells.items())


def _key(row: Mapping[str, Cell], key: Sequence[str]) -> tuple[str, ...]:
    return tuple(str(row[name] or "") for name in key)
