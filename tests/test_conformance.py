"""Every shared case on every engine, and that the cases leave nothing out."""

from __future__ import annotations

from typing import Any

import pytest

import cadrerules as cr
from cadrerules.engines.columnar.capabilities import CANNOT
from cadrerules.errors import CATALOGUE
from cadrerules.language.parse import parse
from cadrerules.testing.case_documents import Case, CaseFile
from cadrerules.testing.cases import run_case
from conformance_runner import language
from conformance_runner.documents import LanguageCase, LanguageFile
from conformance_runner.features import EVERYTHING, of_tree
from conformance_runner.reading import language_files, plan_files
from conformance_runner.sample import richest
from engines import ENGINES, Engine

LANGUAGE, PLAN = language_files(), plan_files()
NEVER_WRITTEN = {"rescale"}
NEVER_OPEN = {"assessment.kinds", "training.evaluation"}  # they rest on keys, and on what is recorded


def readings(of: cr.Plan) -> set[tuple[str, str]]:
    """Every reading of these policies' interpretations that isn't the default."""
    return {(name, word) for name, i in of.interpretations.items() for word in i.doc.words if word != i.doc.default}


def cases_of(files: Any) -> list[Any]:
    """Every case on every engine."""
    return [
        pytest.param(name, file, case, engine, id=f"{name}::{case.name}[{engine.name}]", marks=marks_of(engine, name, file, case))
        for name, file in files.items()
        for case in file.cases
        for engine in ENGINES
    ]


def marks_of(engine: Engine, name: str, file: Any, case: Any) -> tuple[pytest.MarkDecorator, ...]:
    """Those of columns are many, and left out on interpreters beside the main one.

    Duties on DuckDB take most of the time there is: one statement holds all of them. What they are made of is in the
    language cases, all of them run on polars, and the one of each file that expects most on DuckDB.
    """
    marks = () if engine.name == "scalar" else (pytest.mark.columns,)
    of_duties = engine.name == "duckdb" and name.startswith(("plan/duties", "plan/obligations"))
    return (*marks, pytest.mark.slow) if of_duties and case is not richest(file.cases) else marks


@pytest.fixture(scope="module")
def market_supervision() -> cr.Plan:
    return cr.load_policies("market-supervision")


@pytest.mark.parametrize(("name", "file", "case", "engine"), cases_of(LANGUAGE))
def test_language(name: str, file: LanguageFile, case: LanguageCase, engine: Engine) -> None:
    if case.raises:
        with pytest.raises(cr.CadreError) as caught:
            language.values(file, case, engine)
        check_error(caught.value, case.raises)
        if case.column is not None:
            assert caught.value.problems[0].place.column == case.column
        return
    if what := engine.refuses.get(f"{name}::{case.name}"):
        with pytest.raises(cr.UsageError, match="CR-ENGINE-CANNOT") as refused:
            language.values(file, case, engine)
        assert refused.value.problems[0].values["what"] == CANNOT[what]
        return
    found = language.values(file, case, engine)
    assert found == language.expected(case, found)
    assert found or case.in_force, "a case needs a row"


@pytest.mark.parametrize(("name", "file", "case", "engine"), cases_of(PLAN))
def test_plan(name: str, file: CaseFile, case: Case, engine: Engine, market_supervision: cr.Plan) -> None:
    assert f"{name}::{case.name}" not in engine.refuses, "every engine does the whole plan"
    outcome = run_case(market_supervision, file, case, engine.name)
    assert [str(fault) for fault in outcome.faults] == []
    if outcome.error:
        check_error(outcome.error, case.raises)


def check_error(error: cr.CadreError, code: str) -> None:
    """The error has the code, and can be told in both languages."""
    assert error.code == code, error.report()
    assert code in CATALOGUE
    assert error.report("en")
    assert error.report("zh")


# ---- What the cases cover --------------------------------------------------------------------------


def test_every_operator_function_and_option_occurs_in_a_language_case() -> None:
    texts = [(file, case.text) for file in LANGUAGE.values() for case in file.cases if not case.raises]
    used = {feature for _, text in texts for feature in of_tree(parse(text))}
    views = [view for file in LANGUAGE.values() for case in file.cases for view in {**file.views, **case.views}.values()]
    used |= {"view" for file, _ in texts if file.facts in file.views}
    used |= {"where" for view in views if view.where} | {"product" for view in views if len(view.sources) > 1}
    used |= {"calendar" for view in views if any(not isinstance(source, str) for source in view.sources)}
    assert EVERYTHING - NEVER_WRITTEN - used == set()


def test_every_rule_holds_and_is_undetermined_in_a_plan_case(market_supervision: cr.Plan) -> None:
    rules = set(market_supervision.rules)
    cases = [case for file in PLAN.values() for case in file.cases]
    held = {rule for case in cases for d in case.expect if d.verdict or d.status == "decided" for rule in d.because}
    open_ = {rule for case in cases for d in case.expect if d.status == "undetermined" for rule in d.because}
    assert rules - held == set()
    assert rules - open_ == NEVER_OPEN


def test_every_reading_occurs_in_a_plan_case(market_supervision: cr.Plan) -> None:
    chosen = {choice for file in PLAN.values() for case in file.cases for choice in case.interpretations.items()}
    assert readings(market_supervision) - chosen == set()


def test_every_reading_changes_an_outcome(market_supervision: cr.Plan) -> None:
    """A case that sets a reading fails under the default, unless another case of the reading does."""
    silent = readings(market_supervision)
    for file in PLAN.values():
        for case in file.cases:
            for choice in silent & set(case.interpretations.items()):
                rest = {n: w for n, w in case.interpretations.items() if n != choice[0]}
                default = case.model_copy(update={"interpretations": rest})
                if not run_case(market_supervision, file, default).passed:
                    silent = silent - {choice}
    assert silent == set()
