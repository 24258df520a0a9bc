"""Makes reports: those of this library and of the plugins, asked for by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pluggy

from ..errors import CadreError, Lang, PolicyError, Problem, UsageError
from ..language.periods import PERIODS, parse_period
from ..model.facts import FactTables
from ..model.result import Result
from ..plugins import report_formats
from . import ReportFormat
from .discretion_report import DISCRETION
from .explanation import Explainer

if TYPE_CHECKING:
    from ..plan import Plan

BUILT_IN = (DISCRETION,)

_KINDS: Mapping[str, Mapping[str, str]] = {
    "any": {"en": "a period, such as 2024, 2024Q3 or 2024-09", "zh": "期间，例如 2024、2024Q3 或 2024-09"},
    "year": {"en": "a year, such as 2024", "zh": "年度，例如 2024"},
    "quarter": {"en": "a quarter, such as 2024Q3", "zh": "季度，例如 2024Q3"},
    "month": {"en": "a month, such as 2024-09", "zh": "月份，例如 2024-09"},
    "week": {"en": "a week, such as 2024-W37", "zh": "周，例如 2024-W37"},
}


def known_reports(plugins: pluggy.PluginManager) -> dict[str, ReportFormat]:
    """All reports by name in order; `PolicyError` for a name given twice."""
    return report_formats(plugins, BUILT_IN)


def find_report(name: str, plugins: pluggy.PluginManager) -> ReportFormat:
    """The report of a name; `UsageError` that lists them all where there is none, or no name."""
    known = known_reports(plugins)
    if name in known:
        return known[name]
    titles = {
        "en": ", ".join(f"{report.name} ({report.en})" for report in known.values()),
        "zh": "、".join(f"{report.name}（{report.zh}）" for report in known.values()),
    }
    raise UsageError(Problem("CR-UNKNOWN-REPORT" if name else "CR-WHICH-REPORT", values={"name": name, "known": titles}))


@dataclass(frozen=True)
class Reporter:
    """Makes reports of one result."""

    plan: Plan
    facts: FactTables
    explainer: Explainer

    def __call__(
        self,
        result: Result,
        name: str,
        period: str | None = None,
        subject: str | None = None,
        lang: Lang = "en",
        format: str | None = None,  # noqa: A002 - the contract's name
    ) -> str | bytes:
        """The report; see `Result.report`."""
        report = find_report(name, self.plan.plugins)
        chosen = format or report.formats[0]
        self._check(report, subject, chosen)
        options = {"plan": self.plan, "facts": self.facts, "explainer": self.explainer, "subject": subject, "lang": lang}
        return _made(report, result, {**options, "period": _period(report, period), "format": chosen})

    def _check(self, report: ReportFormat, subject: str | None, chosen: str) -> None:
        """Refuse what the report can't do, all in one error."""
        problems = []
        if chosen not in report.formats:
            values = {"value": chosen, "option": "--format", "allowed": ", ".join(report.formats)}
            problems.append(Problem("CR-NOT-AN-OPTION", values=values))
        if report.subject == "required" and not subject:
            problems.append(Problem("CR-REPORT-NEEDS-SUBJECT", values={"name": report.name}))
        if report.subject == "none" and subject:
            problems.append(Problem("CR-NOT-FOR-REPORT", values={"name": report.name, "option": "--subject"}))
        lacking = [table for table in report.tables if table not in self.facts]
        problems += [Problem("CR-REPORT-NEEDS-TABLE", values={"name": report.name, "table": t}) for t in lacking]
        if problems:
            raise UsageError(problems)


def _period(report: ReportFormat, text: str | None) -> str | None:
    """The period in its usual form; `UsageError` where the report can't be made for it."""
    if not text:
        return None
    if report.period == "none":
        raise UsageError(Problem("CR-NOT-FOR-REPORT", values={"name": report.name, "option": "--period"}))
    try:
        period = parse_period(text)
    except ValueError:
        period = None
    if period is None or (report.period != "any" and not isinstance(period, PERIODS[report.period])):
        values = {"name": report.name, "period": text, "kind": _KINDS[report.period]}
        raise UsageError(Problem("CR-REPORT-PERIOD", values=values))
    return str(period)


def _made(report: ReportFormat, result: Result, options: Mapping[str, object]) -> str | bytes:
    """What the report gives; `PolicyError` that names it where it fails or gives something else."""
    try:
        content = report.make(result, **options)
    except CadreError:
        raise
    except Exception as error:  # its text may hold facts, so only its kind is told
        raised = type(error).__name__
        raise _bad(report, f"it raised {raised}", f"引发 {raised}") from error
    if not isinstance(content, str | bytes):
        raise _bad(report, "it must give text or bytes", "应给出文本或字节")
    return content


def _bad(report: ReportFormat, en: str, zh: str) -> PolicyError:
    return PolicyError(Problem("CR-BAD-REPORT", values={"name": report.name, "reason": {"en": en, "zh": zh}}))
