"""What an obligation stands for: columns and conditions in the rule language, over the calendar and those it binds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .documents import ObligationDoc
from .texts import Texts

WRITTEN: Mapping[str, tuple[str, ...]] = {
    "full_due": ("due",),
    "times": ("times",),
    "done": ("done",),
    "first": ("between", "from"),
    "deadline": ("between", "to"),
}
"""Where in the document the columns stand that its author wrote."""

TITLES: Mapping[str, Texts] = {
    "first": Texts(en="first day that counts", zh="起算日"),
    "last": Texts(en="last day that counts", zh="截算日"),
    "deadline": Texts(en="deadline", zh="期限"),
    "full_due": Texts(en="owed in full", zh="全额应完成"),
    "times": Texts(en="times over", zh="份数"),
    "due": Texts(en="due", zh="应完成"),
    "due_so_far": Texts(en="due so far", zh="截至当日应完成"),
    "done": Texts(en="done", zh="已完成"),
    "short": Texts(en="short", zh="尚缺"),
    "whole_days": Texts(en="days of the period", zh="期间天数"),
    "passed_days": Texts(en="days that have passed", zh="已过天数"),
    "days_in_post": Texts(en="days in post", zh="在岗天数"),
    "days_so_far": Texts(en="days in post so far", zh="截至当日在岗天数"),
    "post_first": Texts(en="first day in post in the period", zh="期间内在岗首日"),
    "post_last": Texts(en="last day in post in the period", zh="期间内在岗末日"),
    "post_so_far": Texts(en="last day in post so far", zh="截至当日在岗末日"),
}


@dataclass(frozen=True)
class Expanded:
    """An obligation in full: rows that `where` keeps, one for each `by` with `columns`, then `derive` and conditions."""

    where: tuple[str, ...] = ()
    before: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    derive: Mapping[str, str] = field(default_factory=dict)
    unmet: str = ""
    behind: str | None = None


def expand(doc: ObligationDoc, partial: str) -> Expanded:
    """The obligation in full, with `partial` the reading of partial periods in force."""
    if doc.every:
        return _every(doc, doc.every, partial)
    return _between(doc) if doc.between else _by(doc)


def _every(doc: ObligationDoc, period: str, partial: str) -> Expanded:
    first, last = f"first_day({period})", f"last_day({period})"
    days = {"first": first, "last": f"min({last}, as_of)"}
    days |= {"whole_days": f"days_between({first}, {last}) + 1", "passed_days": "days_between(first, last) + 1"}
    within = _in_post(doc, first, last)
    return Expanded(
        where=(within,) if within else (),
        before=_post_days(doc, first, last),
        columns=_POST_COLUMNS if doc.in_post else {},
        derive={**days, **_owed(doc, partial if doc.in_post else "full")},
        unmet=f"as_of > {last} and done < due",
        behind=f"as_of <= {last} and done < due_so_far",
    )


_POST_COLUMNS = {
    "days_in_post": "days_covered(post_first, post_last)",
    "days_so_far": "days_covered(post_first, post_so_far)",
}


def _post_days(doc: ObligationDoc, first: str, last: str) -> Mapping[str, str]:
    if doc.in_post is None:
        return {}
    joined, left = doc.in_post
    return {
        "post_first": f"max({joined}, {first})",
        "post_last": f"min({left}, {last})",
        "post_so_far": f"min({left}, {last}, as_of)",
    }


def _in_post(doc: ObligationDoc, first: str, last: str) -> str:
    """Somebody is bound whom a day in post between these two days makes so."""
    return f"{doc.in_post[0]} <= {last} and {doc.in_post[1]} >= {first}" if doc.in_post else ""


def _owed(doc: ObligationDoc, partial: str) -> dict[str, str]:
    passed = "pro_rata(full_due, passed_days, whole_days)"
    due, so_far = {
        "full": ("full_due", passed),
        "pro_rata": (
            "pro_rata(full_due, days_in_post, whole_days)",
            "pro_rata(full_due, days_so_far, whole_days)",
        ),
        "exempt": (
            "full_due if days_in_post >= whole_days else 0",
            f"{passed} if days_in_post >= whole_days else 0",
        ),
    }[partial]
    if doc.times != "1":
        due, so_far = f"({due}) * times", f"({so_far}) * times"
    return {**_amounts(doc), "due": due, "due_so_far": so_far}


def _amounts(doc: ObligationDoc) -> dict[str, str]:
    """What the author wrote, and what is lacking."""
    times = {"times": doc.times} if doc.times != "1" else {}
    return {"full_due": doc.due, **times, "done": doc.done, "short": "max(due - done, 0)"}


def _by(doc: ObligationDoc) -> Expanded:
    deadline = f"({doc.by})"
    within = _in_post(doc, deadline, deadline)
    days = {"deadline": doc.by or "", "last": "min(deadline, as_of)"}
    return Expanded(
        where=(within,) if within else (),
        derive={**days, **_amounts(doc), "due": "full_due" if doc.times == "1" else "full_due * times"},
        unmet="as_of > deadline and done < due",
    )


def _between(doc: ObligationDoc) -> Expanded:
    assert doc.between is not None
    within = _in_post(doc, f"({doc.between.first})", f"({doc.between.last})")
    days = {"first": doc.between.first, "deadline": doc.between.last, "last": "min(deadline, as_of)"}
    days |= {"whole_days": "days_between(first, deadline) + 1", "passed_days": "days_between(first, last) + 1"}
    return Expanded(
        where=(within,) if within else (),
        derive={**days, **_owed(doc, "full")},
        unmet="as_of > deadline and done < due",
        behind="as_of >= first and as_of <= deadline and done < due_so_far",
    )
