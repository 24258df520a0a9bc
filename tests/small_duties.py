"""A small policy set of duties: posts, activities, and what is owed in periods, by a day and between two."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from cadrerules.load.declared_tables import declared_table
from cadrerules.model.documents import PolicyDoc
from cadrerules.model.facts import FactTables
from cadrerules.model.policy_set import PolicySet
from cadrerules.model.result import Decision
from cadrerules.model.set_documents import QuestionDoc, SetDoc, TableDoc
from cadrerules.plan import Plan
from cadrerules.plugins import plugin_manager

TEXT = {"en": "x", "zh": "某"}
TABLES = {
    "posts": {
        "post": {"type": "text", "key": True},
        "person": {"type": "text", "empty": "refused"},
        "joined": {"type": "date", "empty": "always"},
        "left": {"type": "date", "empty": "never"},
    },
    "activities": {
        "activity": {"type": "text", "key": True},
        "actor": {"type": "text"},
        "done_on": {"type": "date", "empty": "refused"},
        "days": {"type": "whole", "low": 0, "high": 9},
    },
}
VERDICT = {"title": TEXT, "polarity": "adverse"}
QUESTION = {
    "title": TEXT,
    "subject": ["person", "office"],
    "period": "any",
    "verdicts": {"unmet": VERDICT, "behind": VERDICT},
    "decide": "each_rule",
}
OWN = "count(activities.actor == person and first <= activities.done_on <= last)"
ANYBODY = "count(first <= activities.done_on <= last)"


def duty(**parts: Any) -> dict[str, Any]:
    """An obligation, with what every one has."""
    return {"id": "duty", "title": TEXT, "subject": "person", **parts}


def of_persons(**parts: Any) -> dict[str, Any]:
    """An obligation of everybody in post."""
    return duty(**{"each": {"each": "posts"}, "in_post": ["joined", "left"], "done": OWN, **parts})


OPEN = {"due": {"unset": "left open", "domain": "0..9"}, "since": {"unset": "left open", "type": "year"}}


def duties(*obligations: Mapping[str, Any], params: Mapping[str, Any] | None = None) -> Plan:
    """A plan with these obligations; parameters `due` and `since`, when the calendar begins, are open."""
    models = {
        name: declared_table(name, TableDoc.model_validate({"columns": columns})) for name, columns in TABLES.items()
    }
    document = {
        "format": 1,
        "policy": "duties",
        "title": TEXT,
        "params": {**OPEN, **(params or {})},
        "obligations": list(obligations),
    }
    of_set = {"format": 1, "policy_set": "duties", "title": TEXT, "organisation": "office"}
    calendar = {"from": "duties.since", "seen_in": ["activities"]}
    policies = PolicySet(
        SetDoc.model_validate({**of_set, "calendar": calendar}),
        models,
        {"obligation": QuestionDoc.model_validate(QUESTION)},
        {"duties": PolicyDoc.model_validate(document)},
    )
    return Plan(policies, plugin_manager(installed=False))


def post(name: str, person: str, joined: date | None = None, left: date | None = None) -> dict[str, Any]:
    """A row of `posts`."""
    return {"post": name, "person": person, "joined": joined, "left": left}


def activity(name: str, actor: str | None, done_on: date, days: int | None = 1) -> dict[str, Any]:
    """A row of `activities`."""
    return {"activity": name, "actor": actor, "done_on": done_on, "days": days}


def decided(
    plan: Plan, as_of: date, posts: Iterable[Mapping[str, Any]] = (), activities: Iterable[Mapping[str, Any]] = ()
) -> tuple[Decision, ...]:
    """The decisions on these rows."""
    facts = FactTables(plan.tables, {"posts": tuple(posts), "activities": tuple(activities)})
    return plan.evaluate(facts, as_of=as_of).decisions


def told(decisions: Iterable[Decision]) -> dict[tuple[str, str | None], tuple[Any, ...]]:
    """What decisions say, by subject and period: verdict, due, done and short, or what is possible."""
    return {
        (d.subject.id, d.period): (d.verdict, d.due, d.done, d.short) if d.status == "decided" else d.possible
        for d in decisions
    }
