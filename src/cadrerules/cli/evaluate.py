"""`cadrerules evaluate`: decisions on tables of facts."""

from __future__ import annotations

import io
import json
import sys
from collections import Counter

from rich.console import Console
from rich.table import Table

from ..errors import Lang, Problem, UsageError
from ..model.result import Decision, Result
from ..plan import Plan, read_tables
from ..report.csv import to_csv
from ..report.xlsx import to_xlsx
from . import options
from .options import one_of
from .output import say, write

FORMATS = ("table", "json", "csv", "xlsx")

_WORDS = {
    "en": {
        "as_of": "As of {0}",
        "question": "Question",
        "subject": "Subject",
        "period": "Period",
        "verdict": "Verdict",
        "because": "Because of",
        "waits": "Waits for",
        "or": " or ",
        "nothing": "nothing",
        "undetermined": "undetermined",
        "waived": "none (waived)",
        "total": "{0} decisions, proposals for a person to confirm",
        "warning": "Warning: {0}",
        "left_out": "Not evaluated: {0}, for there is no table {1}",
    },
    "zh": {
        "as_of": "截至 {0}",
        "question": "问题",
        "subject": "对象",
        "period": "期间",
        "verdict": "结论",
        "because": "依据规则",
        "waits": "有待",
        "or": "或",
        "nothing": "不适用",
        "undetermined": "未定",
        "waived": "无（已豁免）",
        "total": "共 {0} 项结论，均为建议，须由人确认",
        "warning": "注意：{0}",
        "left_out": "未评估：{0}，缺少表 {1}",
    },
}


def evaluate(
    data: options.Data,
    policies: options.Policies = "",
    policy: options.Policy = None,
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    engine: str = "auto",
    format: str = "table",  # noqa: A002 - the option's name
    lang: options.Language = "",
    trace: bool = False,
    out: options.Out = None,
    extra_columns: options.Extra = "error",
) -> None:
    """Decide every question about every subject in DATA."""
    language = options.language(lang)
    one_of(format, "--format", FORMATS)
    one_of(extra_columns, "--extra-columns", ("error", "ignore", "keep"))
    if format == "xlsx" and out is None:
        raise UsageError(Problem("CR-NEEDS-OUT", values={"format": format}))
    if trace and format != "json":
        raise UsageError(Problem("CR-TRACE-NEEDS-JSON"))
    day = options.day(as_of)
    plan = options.plan_for(policies, data, settings, readings)
    facts = read_tables(data, plan, extra_columns=extra_columns)  # type: ignore[arg-type]
    result = plan.evaluate(facts, as_of=day, policies=policy or None, engine=engine)
    _tell(result, language)
    write(_content(plan, result, format, language, trace=trace, terminal=out is None), out)


def _tell(result: Result, lang: Lang) -> None:
    words = _WORDS[lang]
    say(words["as_of"].format(result.as_of))
    for warning in result.warnings:
        say(words["warning"].format(warning[lang]))
    for left in result.not_evaluated:
        say(words["left_out"].format(left.rule or left.policy, ", ".join(left.tables)))


def _content(plan: Plan, result: Result, format: str, lang: Lang, *, trace: bool, terminal: bool) -> str | bytes:  # noqa: A002
    if format == "json":
        return json.dumps(result.to_dict(trace=trace), ensure_ascii=False, indent=2) + "\n"
    if format == "csv":
        return to_csv(result)
    if format == "xlsx":
        return to_xlsx(result)
    return _table(plan, result, lang, colour=terminal and sys.stdout.isatty())


def _table(plan: Plan, result: Result, lang: Lang, *, colour: bool) -> str:
    words = _WORDS[lang]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("question", "subject", "period", "verdict", "because", "waits"):
        table.add_column(words[name], overflow="fold")
    for decision in result.decisions:
        table.add_row(*_cells(plan, decision, lang))
    held = io.StringIO()
    console = Console(file=held, force_terminal=colour, width=None if colour else 140, highlight=False, markup=False)
    console.print(table)
    console.print()
    for (question, verdict), count in sorted(_counts(plan, result, lang).items()):
        console.print(f"{question}: {verdict}: {count}" if lang == "en" else f"{question}：{verdict}：{count}")
    console.print(words["total"].format(len(result.decisions)))
    return held.getvalue()


def _cells(plan: Plan, decision: Decision, lang: Lang) -> tuple[str, ...]:
    question = plan.questions[decision.question]
    waits = ", ".join((*decision.parameters, *decision.missing))
    because = ", ".join(decision.because or decision.overridden)
    verdict = _verdict(plan, decision, lang)
    return (question.title.text(lang), decision.subject.id, decision.period or "", verdict, because, waits)


def _verdict(plan: Plan, decision: Decision, lang: Lang) -> str:
    words, verdicts = _WORDS[lang], plan.questions[decision.question].verdicts
    if decision.status == "undetermined":
        possible = [verdicts[v].title.text(lang) if v else words["nothing"] for v in decision.possible]
        return f"{words['undetermined']}: {words['or'].join(possible)}"
    return verdicts[decision.verdict].title.text(lang) if decision.verdict else words["waived"]


def _counts(plan: Plan, result: Result, lang: Lang) -> Counter[tuple[str, str]]:
    words = _WORDS[lang]
    return Counter(
        (
            plan.questions[d.question].title.text(lang),
            words["undetermined"] if d.status == "undetermined" else _verdict(plan, d, lang),
        )
        for d in result.decisions
    )
