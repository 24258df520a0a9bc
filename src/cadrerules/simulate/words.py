"""The words that ambiguities and uncertain facts are told in, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Lang

WORDS: Mapping[str, tuple[str, str]] = {
    "colon": (": ", "："),
    "list": (", ", "、"),
    "counted": ("{kind} {count}", "{kind} {count}"),
    # --- ambiguities ---
    "ambiguities": (
        "What decisions turn on: {name}, version {version}, as of {as_of}",
        "哪些歧义影响结论：{name}，版本 {version}，截至 {as_of}",
    ),
    "ambiguity": ("{title} ({name}, clause {clauses})", "{title}（{name}，第 {clauses} 条）"),
    "turn": ("{0} of {1} decisions differ between readings ({2})", "{1} 项结论中有 {0} 项随理解而不同（{2}）"),
    "wait": ("{0} of {1} decisions wait for this number ({2})", "{1} 项结论中有 {0} 项等待该数值（{2}）"),
    "by_question": ("by question", "按问题"),
    "in_force": ("in force, adopted by nobody", "现行理解，尚无人采纳"),
    "adopted": ("in force, adopted", "现行理解，已采纳"),
    "otherwise": ("{0} decided otherwise", "{0} 项结论不同"),
    "skipped": ("{0} not counted: {1}", "{0} 未计：{1}"),
    "nothing_turns": ("No decision turns on any of them.", "没有结论受其影响。"),
    "idle": ("No decision on these facts turns on: {0}", "对这些事实没有影响：{0}"),
}


def word(key: str, lang: Lang, *values: object, **named: object) -> str:
    """A word or sentence of the table, filled in."""
    return WORDS[key][lang == "zh"].format(*values, **named)
