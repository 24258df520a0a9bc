"""What a notebook shows of results, decisions and plans: a small part of a page, without scripts, everything escaped."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape
from typing import TYPE_CHECKING

from ..errors import Lang
from ..model.policy import Policy, Rule
from ..model.result import Decision, Result
from .words import say

if TYPE_CHECKING:
    from ..plan import Plan, PlanPolicy

LANGUAGE = "CADRERULES_LANG"
"""The environment variable with the language."""
MOST_ROWS = 20
"""So many rows of a table are shown."""
_LEFT = ' style="text-align:left"'


def language() -> Lang:
    """The language in which notebooks show things: English, or what the environment asks for."""
    return "zh" if os.environ.get(LANGUAGE, "").startswith("zh") else "en"


def fragment(title: str, headings: Sequence[str], rows: Sequence[Sequence[object]], notes: Iterable[str] = ()) -> str:
    """A title, notes and a table of the first rows; says how many more there are."""
    lang = language()
    told = [*notes, *([say("more_rows", lang, len(rows) - MOST_ROWS)] if len(rows) > MOST_ROWS else [])]
    parts = [f"<strong>{escape(title)}</strong>", *(f"<br>{escape(note)}" for note in told if note)]
    return f"<div><p>{''.join(parts)}</p>{_table(headings, rows[:MOST_ROWS]) if rows else ''}</div>"


def _table(headings: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    head = "".join(f'<th scope="col"{_LEFT}>{escape(heading)}</th>' for heading in headings)
    body = "".join(f"<tr>{''.join(map(_cell, row))}</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cell(value: object) -> str:
    number = isinstance(value, int)
    return f"<td{'' if number else _LEFT}>{escape(f'{value:,}' if number else str(value))}</td>"


# --- results ------------------------------------------------------------------------------------------


def of_result(result: Result) -> str:
    """How many decisions have which verdict, by question; of results in columns only what they rest on."""
    lang = language()
    basis = say("proposal", lang, as_of=result.as_of, name=result.policies["name"], version=result.policies["hash"][:12])
    notes = [basis, *(warning[lang] for warning in result.warnings)]
    if not isinstance(result.decisions, tuple):  # counting would evaluate all of a population
        return fragment(say("result", lang), (), (), [*notes, say("in_columns", lang)])
    counts = Counter((d.question, _verdict(d, lang)) for d in result.decisions)
    rows = [(question, verdict, count) for (question, verdict), count in counts.items()]
    notes += [say("left_out", lang, n.policy, n.reason) for n in result.not_evaluated]
    return fragment(say("result", lang), _headings(lang, "question_word", "verdict_word", "decisions_word"), rows, notes)


def _verdict(decision: Decision, lang: Lang) -> str:
    if decision.status == "undetermined":
        return say("undetermined", lang, ", ".join(verdict or "-" for verdict in decision.possible))
    return decision.verdict or say("verdict_none", lang)


def of_decision(decision: Decision, result: Result | None) -> str:
    """The explanation; of a decision in columns, or on its own, what it says itself, for to explain it takes an evaluation."""
    if result is not None and isinstance(result.decisions, tuple):
        return f"<div>{decision.explain(language(), 'fragment')}</div>"  # type: ignore[arg-type]
    lang = language()
    rows = [(name, value) for name, value in decision.model_dump(mode="json", exclude_defaults=True).items()]
    return fragment(_verdict(decision, lang), (), rows)


# --- plans --------------------------------------------------------------------------------------------


def of_plan(plan: Plan) -> str:
    """The policies of a plan, and which of its numbers are not set."""
    lang = language()
    rows = [(name, p.title.text(lang), ", ".join(p.doc.clause), len(_rules(p))) for name, p in plan.policies.items()]
    unset = [name for name, parameter in plan.parameters.items() if not parameter.is_set]
    notes = [f"{plan.name} {plan.hash[:12]}", say("is_not_set", lang, say("list", lang).join(unset)) if unset else ""]
    headings = _headings(lang, "policy_word", "title_word", "clauses_word", "rules_word")
    return fragment(say("plan", lang), headings, rows, notes)


def of_policy(one: PlanPolicy) -> str:
    """The rules of a policy."""
    lang = language()
    policy = one.policy
    rows = [(name, rule.title.text(lang), ", ".join(rule.clauses), rule.text) for name, rule in _rules(policy).items()]
    headings = _headings(lang, "rule_word", "title_word", "clauses_word", "condition_word")
    return fragment(f"{policy.name}{say('colon', lang)}{policy.title.text(lang)}", headings, rows)


def _rules(policy: Policy) -> dict[str, Rule]:
    return {rule.id: rule for rule in policy.rules}


def _headings(lang: Lang, *keys: str) -> list[str]:
    return [say(key, lang) for key in keys]
