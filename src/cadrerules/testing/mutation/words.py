"""The words of mutation testing, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import Lang

OPERATORS: Mapping[str, tuple[str, str]] = {
    "threshold": ("number shifted by one step", "数值移动一步"),
    "comparison": ("comparison flipped", "比较符改变"),
    "polarity": ("condition negated", "条件取反"),
    "conjunct": ("condition dropped", "去掉一个并列条件"),
    "disjunct": ("alternative dropped", "去掉一个选择条件"),
    "option": ("value dropped from a list", "去掉列表中的一个值"),
    "branch": ("branches swapped", "两个分支互换"),
    "arithmetic": ("sum and difference swapped", "加减互换"),
    "aggregate": ("another aggregate", "改用另一汇总函数"),
    "grouping": ("grouped by one column less", "少按一列分组"),
    "sequence": ("gaps, ties, order or the period before taken otherwise", "间断、并列、次序或上期取法改变"),
    "reading": ("reading of the text fixed or switched", "条文理解固定或切换"),
    "case": ("case swapped or dropped", "分档互换或去掉"),
    "cell": ("cell of a decision table widened", "放宽决策表的一格"),
    "row": ("row of a decision table dropped or swapped", "去掉或互换决策表的行"),
    "hit": ("hit policy changed", "命中策略改变"),
    "precedence": ("precedence changed", "优先次序改变"),
    "waivable": ("whether it can be waived changed", "可否豁免改变"),
    "addressee": ("addressees changed", "适用人员改变"),
    "every": ("how often it is owed changed", "履职周期改变"),
    "partial": ("partial periods counted otherwise", "不完整期间计算方式改变"),
}
"""The kinds of change, by the name that `--only` takes."""

WORDS: Mapping[str, tuple[str, str]] = {
    **OPERATORS,
    "change": ("{kind}: {old} -> {new}", "{kind}：{old} -> {new}"),
    "drop": ("{kind}: {old}", "{kind}：{old}"),
}


def word(key: str, lang: Lang, **named: object) -> str:
    """A word or sentence of the table, filled in."""
    return WORDS[key][lang == "zh"].format(**named) if named else WORDS[key][lang == "zh"]
