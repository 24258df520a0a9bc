"""A replay for people: as text, or as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from ..errors import Lang
from ..report.csv import neutral
from ..words import Words, telling
from .replayed import Answer, Difference, Replay, Why

_WORDS: Words = {
    "head": ("As known by {known}, as of {day}: {then} decisions; as now: {now}; recorded then: {decided}; {count} differ",
             "截至 {day}：按 {known} 所知共 {then} 项结论，按现在所知共 {now} 项，当时记录 {decided} 项；{count} 项不同"),
    "today": ("now", "现在"),
    "decided": ("decided then", "当时所决"),
    "then": ("as known then", "按当时所知"),
    "now": ("as now", "按现在"),
    "none": ("no decision", "无结论"),
    "waived": ("none, waived", "无，已豁免"),
    "open": ("undetermined: {0}", "未定：{0}"),
    "nothing": ("nothing", "不适用"),
    "or": (" or ", "或"),
    "known": (" (known {0})", "（{0} 得知）"),
    "fact": ("fact", "事实"),
    "policy": ("policy", "政策"),
    "as_of": ("day", "日期"),
    "colon": (": ", "："),
}  # fmt: skip
_COLUMNS = ("id", "question", "subject", "period", "decided", "then", "now", "why")


word = telling(_WORDS)


def to_text(replay: Replay, lang: Lang) -> str:
    """The replay as text: each decision that differs with its answers, and why."""
    known = replay.as_known or word("today", lang)
    sizes = {"then": replay.then, "now": replay.now, "decided": replay.decided, "count": len(replay.differences)}
    head = word("head", lang, known=known, day=replay.as_of, **sizes)
    return "\n".join([head, *(line for one in replay.differences for line in _lines(one, lang))]) + "\n"


def _lines(one: Difference, lang: Lang) -> Iterator[str]:
    yield ""
    yield one.id
    answers = {"decided": one.decided, "then": one.then, "now": one.now}
    for name, answer in answers.items():
        if name != "decided" or answer is not None:
            yield f"  {word(name, lang)}{word('colon', lang)}{_answer(answer, lang)}"
    yield from (f"    {_why(why, lang)}" for why in one.why)


def _answer(answer: Answer | None, lang: Lang) -> str:
    if answer is None:
        return word("none", lang)
    if answer.status == "undetermined":
        return word("open", lang, word("or", lang).join(v or word("nothing", lang) for v in answer.possible))
    amounts = ", ".join(f"{n} {v}" for n in ("due", "done", "short") if (v := getattr(answer, n)) is not None)
    return (answer.verdict or word("waived", lang)) + (f" ({amounts})" if amounts else "")


def _why(why: Why, lang: Lang) -> str:
    known = word("known", lang, why.known_at[:10]) if why.known_at else ""
    named = word(why.cause, lang) + ("" if why.cause == "as_of" else f" {why.what}")
    return f"{named}{word('colon', lang)}{why.before or '-'} -> {why.after or '-'}{known}"


def to_csv(replay: Replay, lang: Lang) -> bytes:
    """A row for each decision that differs, in UTF-8 with BOM, and no cell that a spreadsheet would run."""
    held = io.StringIO(newline="")
    writer = csv.writer(held)
    writer.writerow(_COLUMNS)
    for one in replay.differences:
        answers = [_answer(answer, lang) if answer else "" for answer in (one.decided, one.then, one.now)]
        why = "; ".join(_why(why, lang) for why in one.why)
        writer.writerow([neutral(cell) for cell in (one.id, one.question, one.subject.id, one.period or "", *answers, why)])
    return held.getvalue().encode("utf-8-sig")
