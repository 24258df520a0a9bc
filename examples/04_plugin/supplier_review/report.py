"""A report of one line per decision."""

from __future__ import annotations

from cadrerules import Result
from cadrerules.errors import Lang

WORDS: dict[Lang, dict[str | None, str]] = {
    "en": {"preferred": "preferred", "on_notice": "put on notice", "barred_in_principle": "barred in principle", None: "nothing"},
    "zh": {"preferred": "优先合作", "on_notice": "限期改进", "barred_in_principle": "原则上停止合作", None: "无"},
}


def standings(result: Result, *, period: str | None = None, lang: Lang = "en", **_: object) -> str:
    """Year, supplier, standing (or those still possible) and the clauses it rests on."""
    lines = []
    for decision in result.decisions:
        if period in (None, decision.period):
            possible = decision.possible or (decision.verdict,)
            words = " / ".join(WORDS[lang][verdict] for verdict in possible)
            lines.append(f"{decision.period}  {decision.subject.id}  {words}  ({', '.join(decision.clauses)})\n")
    return "".join(lines)
