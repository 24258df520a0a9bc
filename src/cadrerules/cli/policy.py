"""`cadrerules policy`: what policy sets there are, what stands in one, whether it checks, and its schema."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from ..errors import Lang
from ..load.policies import json_schema
from ..model.texts import Texts
from ..plan import Plan, load_policies
from ..plugins import installed_plugins, policy_sources
from . import options
from .options import one_of
from .output import write

app = typer.Typer(no_args_is_help=True, help="Look at policy sets.")

_WORDS = {
    "en": {
        "set": "{0}: {1} ({2} policies, {3} rules, hash {4})",
        "unset": "not set",
        "default": "default, adopted by nobody",
        "adopted": "adopted",
        "chosen": "chosen",
        "fine": "{0} checks: {1} policies, {2} rules",
        "clause": "clause",
        "parameters": "Parameters",
        "readings": "Readings of the text",
        "rules": "Rules",
    },
    "zh": {
        "set": "{0}：{1}（{2} 项政策，{3} 条规则，哈希 {4}）",
        "unset": "未设定",
        "default": "默认，尚无人采纳",
        "adopted": "已采纳",
        "chosen": "已选定",
        "fine": "{0} 检查通过：{1} 项政策，{2} 条规则",
        "clause": "条款",
        "parameters": "参数",
        "readings": "条文理解",
        "rules": "规则",
    },
}


@app.command("list")
def list_(lang: options.Language = "") -> None:
    """The installed policy sets."""
    words = _WORDS[options.language(lang)]
    plans = [load_policies(name) for name in policy_sources(installed_plugins())]
    lines = [
        words["set"].format(p.name, _title(p.policy_set.doc.title, lang), len(p.policies), len(p.rules), p.hash[:12])
        for p in plans
    ]
    write("\n".join(lines) + "\n", None)


def _title(title: Texts, lang: str) -> str:
    return title.text(options.language(lang))


@app.command()
def show(
    policies: options.Policies = "",
    policy: options.Policy = None,
    settings: options.Settings = None,
    readings: options.Readings = None,
    lang: options.Language = "",
    out: options.Out = None,
) -> None:
    """The rules, parameters and readings of a policy set."""
    plan = options.plan_for(policies, None, settings, readings)
    names = plan._names(policy)  # noqa: SLF001 - checks the names as `evaluate` does
    lines = [line for name in names for line in _policy(plan, name, options.language(lang))]
    write("\n".join(lines) + "\n", out)


def _policy(plan: Plan, name: str, lang: Lang) -> Iterator[str]:
    words, policy = _WORDS[lang], plan.policies[name]
    yield f"{name}: {policy.title.text(lang)} ({words['clause']} {', '.join(policy.doc.clause)})"
    parts = {
        "parameters": list(_parameters(plan, name, lang)),
        "readings": list(_readings(plan, name, lang)),
        "rules": list(_rules(plan, name, lang)),
    }
    for part, lines in parts.items():
        if lines:
            yield f"  {words[part]}"
            yield from (f"    {line}" for line in lines)
    yield ""


def _parameters(plan: Plan, name: str, lang: Lang) -> Iterator[str]:
    for full, parameter in plan.parameters.items():
        if full.startswith(f"{name}."):
            doc = parameter.doc
            value = (
                _WORDS[lang]["unset"] if doc.unset is not None else str(doc.value if doc.values is None else doc.values)
            )
            title = doc.title.text(lang) if doc.title else ""
            yield f"{full} = {value}  {title}".rstrip()


def _readings(plan: Plan, name: str, lang: Lang) -> Iterator[str]:
    words = _WORDS[lang]
    for full, reading in plan.interpretations.items():
        if full.startswith(f"{name}."):
            state = "adopted" if reading.adopted else "chosen" if reading.chosen else "default"
            others = ", ".join(o for o in reading.doc.words if o != reading.option)
            yield f"{full} = {reading.option} ({words[state]}; {others})  {reading.doc.why.text(lang)}"


def _rules(plan: Plan, name: str, lang: Lang) -> Iterator[str]:
    for rule in plan.policies[name].rules:
        clauses = ", ".join(rule.clauses)
        yield f"{rule.id} -> {rule.outcome}  {rule.title.text(lang)} ({_WORDS[lang]['clause']} {clauses})"
        yield f"  {' '.join(rule.doc.when.split())}"


@app.command()
def check(
    source: Annotated[str, typer.Argument(help="An installed policy set, or a folder.")] = "",
    lang: options.Language = "",
) -> None:
    """Report every problem of a policy set."""
    language = options.language(lang)
    plan = load_policies(source or None)
    write(_WORDS[language]["fine"].format(plan.name, len(plan.policies), len(plan.rules)) + "\n", None)


@app.command()
def schema(
    kind: Annotated[str, typer.Argument(help="policy, questions or policy_set.")] = "policy",
    out: options.Out = None,
) -> None:
    """The JSON Schema of a document, for editors."""
    write(json_schema(one_of(kind, "KIND", ("policy", "questions", "policy_set"))) + "\n", out)
