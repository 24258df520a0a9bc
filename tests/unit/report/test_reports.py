from __future__ import annotations

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.hookspecs import hookimpl
from cadrerules.model.result import Result
from cadrerules.plugins import plugin_manager
from cadrerules.report import ReportFormat
from cadrerules.report.reports import known_reports


def plugin(*reports: ReportFormat) -> Any:
    @hookimpl
    def cadrerules_reports() -> list[ReportFormat]:
        return list(reports)

    stub = ModuleType("stub")
    stub.cadrerules_reports = cadrerules_reports  # type: ignore[attr-defined]
    return stub


@pytest.fixture
def reporting(plan: cr.Plan) -> Callable[..., Result]:
    """The result of one row, with reports of the caller's own."""

    def evaluate(*reports: ReportFormat) -> Result:
        own = cr.Plan(plan.policy_set, plugin_manager(plugin(*reports)))
        return own.evaluate({"progress": [{"quarter": "2024Q1", "unit": "A", "indicator": "I", "progress": 1}]})

    return evaluate


def codes(call: Callable[[], object], kind: type[cr.CadreError] = cr.UsageError) -> list[str]:
    with pytest.raises(kind) as caught:
        call()
    return [problem.code for problem in caught.value.problems]


def test_the_reports_there_are() -> None:
    assert list(known_reports(plugin_manager())) == ["board", "discretion", "dossier", "ledger"]


def test_a_report_takes_the_keywords_it_names(reporting: Callable[..., Result]) -> None:
    def short(result: Result, *, period: str | None, lang: str, **_: object) -> str:
        return f"{len(result.decisions)} {period} {lang}"

    assert reporting(ReportFormat("short", "Short", "短", short)).report("short", period="2024年第三季度", lang="zh") == "1 2024Q3 zh"


def test_a_report_is_given_all_there_is(reporting: Callable[..., Result]) -> None:
    seen: dict[str, Any] = {}

    def make(_: Result, **options: Any) -> bytes:
        seen.update(options)
        return b"x"

    result = reporting(ReportFormat("all", "All", "全", make, formats=("csv", "text")))
    assert result.report("all", subject="A") == b"x"
    assert (seen["format"], seen["subject"], seen["period"], seen["lang"]) == ("csv", "A", None, "en")
    assert len(seen["facts"]["progress"]) == 1
    assert seen["plan"].name == "market-supervision"
    assert seen["explainer"].dossier("A", None, None, "en").subject == "A"


def test_an_unknown_report_lists_those_there_are(reporting: Callable[..., Result]) -> None:
    with pytest.raises(cr.UsageError) as caught:
        reporting().report("bord")
    assert str(caught.value) == (
        "CR-UNKNOWN-REPORT: there is no report `bord`\n    there are: board (Red and black board), "
        "discretion (Discretion ledger), dossier (Dossier of one person), ledger (Rectification ledger)"
    )
    assert "board（红黑榜）、discretion（裁量台账）" in caught.value.report("zh")


def test_what_does_not_fit_is_refused_before_the_report_is_made(reporting: Callable[..., Result]) -> None:
    def never(_: Result, **__: Any) -> str:
        raise AssertionError

    whole = ReportFormat("whole", "W", "整", never, period="none", subject="none", tables=("style",))
    result = reporting(whole, ReportFormat("one", "O", "单", never, period="month", subject="required"))
    assert codes(lambda: result.report("whole", subject="A", format="html")) == [
        "CR-NOT-AN-OPTION",
        "CR-NOT-FOR-REPORT",
        "CR-REPORT-NEEDS-TABLE",
    ]
    assert codes(lambda: result.report("one")) == ["CR-REPORT-NEEDS-SUBJECT"]
    for period in ("2024", "2024-13", "soon"):
        assert codes(lambda period=period: result.report("one", subject="A", period=period)) == ["CR-REPORT-PERIOD"]


def test_a_report_without_periods_refuses_one(reporting: Callable[..., Result]) -> None:
    result = reporting(ReportFormat("whole", "W", "整", lambda *_, **__: "", period="none"))
    assert codes(lambda: result.report("whole", period="2024")) == ["CR-NOT-FOR-REPORT"]


def test_a_failing_report_is_named_and_tells_no_facts(reporting: Callable[..., Result]) -> None:
    def failing(_: Result, **__: Any) -> str:
        raise ValueError("P001")

    bad = reporting(ReportFormat("bad", "B", "坏", failing), ReportFormat("odd", "O", "怪", lambda *_, **__: 3))  # type: ignore[arg-type, return-value]
    with pytest.raises(cr.PolicyError) as caught:
        bad.report("bad")
    assert str(caught.value).startswith("CR-BAD-REPORT: the report `bad` can't be made: it raised ValueError\n")
    assert codes(lambda: bad.report("odd"), cr.PolicyError) == ["CR-BAD-REPORT"]


def test_a_name_of_our_own_can_not_be_taken(reporting: Callable[..., Result]) -> None:
    taken = reporting(ReportFormat("discretion", "D", "裁", lambda *_, **__: ""))
    assert codes(lambda: taken.report("discretion"), cr.PolicyError) == ["CR-NAME-TWICE"]


def test_without_jinja_pages_say_what_to_install(small: Callable[..., Result], monkeypatch: pytest.MonkeyPatch) -> None:
    from cadrerules.report.page import _environment

    _environment.cache_clear()
    monkeypatch.setitem(sys.modules, "jinja2", None)
    assert codes(lambda: small().report("discretion", format="html")) == ["CR-EXTRA-MISSING"]
    assert str(small().report("discretion")).startswith("Discretion ledger\n")
