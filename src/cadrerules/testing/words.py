"""What is said of cases and their coverage, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Lang

WORDS: Mapping[str, tuple[str, str]] = {
    # --- what differs ---
    "number": ("{where}: {found} decisions instead of {expected}: {shown}", "{where}：有 {found} 项结论，应为 {expected} 项：{shown}"),
    "decision": ("{where}: the decision is not as expected", "{where}：结论与预期不符"),
    "no_decision": ("{where}: there is no decision; expected {shown}", "{where}：没有结论；预期 {shown}"),
    "unexpected": ("{where}: a decision that should not be: {shown}", "{where}：不应有此结论：{shown}"),
    "finding": ("{where}: the finding is not as expected", "{where}：认定与预期不符"),
    "no_finding": ("{where}: there is no such finding; expected {shown}", "{where}：没有此项认定；预期 {shown}"),
    "not_evaluated": ("not evaluated: {found} instead of {expected}", "未评价的内容为 {found}，应为 {expected}"),
    "warnings": ("{found} warnings instead of {expected}: {shown}", "有 {found} 条提示，应为 {expected} 条：{shown}"),
    "raised": ("an error instead of a result:\n{report}", "出现错误而没有结果：\n{report}"),
    "not_raised": ("a result instead of the error {code}", "得到了结果，而预期的是错误 {code}"),
    "other_error": ("another error than {code}:\n{report}", "出现的错误不是 {code}：\n{report}"),
    "field": ("    {name}: expected {expected}, is {found}", "    {name}：预期 {expected}，实为 {found}"),
}


def word(key: str, lang: Lang, *values: object, **named: object) -> str:
    """A sentence of the table, filled in; a value may itself be a pair of texts, one per language."""
    shown = {name: value[lang] if isinstance(value, Mapping) else value for name, value in named.items()}
    return WORDS[key][lang == "zh"].format(*values, **shown)
