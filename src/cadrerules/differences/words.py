"""The words that a comparison is told in, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Lang

WORDS: Mapping[str, tuple[str, str]] = {
    "title": ("{name}: {old} -> {new}", "{name}：{old} → {new}"),
    "renamed": ("{was} -> {name}: {old} -> {new}", "{was} → {name}：{old} → {new}"),
    # --- documents ---
    "documents": ("Documents", "政策文档"),
    "no_changes": ("No difference in what the documents say.", "文档内容没有差异。"),
    "summary": ("{changed} changed, {added} added, {removed} removed", "修改 {changed} 项，新增 {added} 项，删除 {removed} 项"),
    "only_words": ("Only texts for people differ: no decision rests on them.", "仅说明文字不同，不影响任何结论。"),
    "shared": ("The whole set", "政策集整体"),
    "element": ("Element", "要素"),
    "field": ("Field", "字段"),
    "before": ("Before", "修改前"),
    "after": ("After", "修改后"),
    "row": ("row {0}", "第 {0} 行"),
    "clause": (" (clause {0})", "（第 {0} 条）"),
    "added": ("added", "新增"),
    "removed": ("removed", "删除"),
    "changed": ("changed", "修改"),
    "set": ("policy set", "政策集"),
    "table": ("table", "表"),
    "table_column": ("table column", "表的列"),
    "question": ("question", "问题"),
    "verdict": ("verdict", "结论"),
    "policy": ("policy", "政策"),
    "parameter": ("parameter", "参数"),
    "interpretation": ("interpretation", "条文理解"),
    "group": ("group", "对象范围"),
    "view": ("view", "视图"),
    "column": ("derived column", "派生列"),
    "title_of_column": ("title of column", "列名称"),
    "rule": ("rule", "规则"),
    "obligation": ("obligation", "职责"),
    "clause_entry": ("clause", "条款"),
    # --- for all facts ---
    "proofs": ("For all facts", "对所有可能的事实"),
    "same": ("Nothing that a decision rests on differs.", "决定结论的内容没有差异。"),
    "tables": (
        "Whether the rules decide alike for all facts was not checked: the tables differ.",
        "未检查规则对所有事实是否等价：两个版本的表不同。",
    ),
    "no_extra": (
        "Whether the rules decide alike for all facts was not checked: that needs the extra `verify`.",
        "未检查规则对所有事实是否等价：需要安装附加组件 verify。",
    ),
    "not_asked": ("Whether the rules decide alike for all facts was not checked.", "未检查规则对所有事实是否等价。"),
    "proved": ("equivalent, proved", "等价（已证明）"),
    "witness": ("differs, as this case shows", "不等价，见下例"),
    "undecided": ("undecided", "未能判定"),
    "answer": ("Answer", "结果"),
    "domain": ("Domain", "适用范围"),
    "asked": ("{question} ({rules})", "{question}（{rules}）"),
    "no_rows": (": no rows", "：没有行"),
    "case": ("the smallest case, as of {as_of}{params}", "最小的例子，截至 {as_of}{params}"),
    # --- on the facts given ---
    "flips": ("Decisions on the facts given, as of {0}", "所给事实上的结论，截至 {0}"),
    "no_flips": ("No decision flips.", "没有结论改变。"),
    "flip_count": ("{0} decisions flip: {1}", "{0} 项结论改变：{1}"),
    "one_flip": ("1 decision flips: {1}", "1 项结论改变：{1}"),
    "counted": ("{kind} {count}", "{kind} {count}"),
    "causes": ("Causes", "原因"),
    "cause": ("Cause", "原因"),
    "flip_number": ("Flips", "改变的结论"),
    "subject": ("Subject", "对象"),
    "period": ("Period", "期间"),
    "all_flips": ("All {0}", "全部 {0} 项"),
    "more": ("{0} more; `--format json` has all", "另有 {0} 项；`--format json` 可列出全部"),
    "none": ("no decision", "无结论"),
    "nothing": ("no verdict", "不适用"),
    "waived": ("none, waived", "无，已豁免"),
    "undetermined": ("undetermined: {0}", "未定：{0}"),
    "or": (" or ", "或"),
    "due": (" (due {due}, short {short})", "（应完成 {due}，尚缺 {short}）"),
    "together": ("only together: {0}", "须同时修改：{0}"),
    "either": ("each alone: {0}", "任一修改即可：{0}"),
    "share": ("{0} ({1})", "{0}（{1}）"),
    "unexplained": ("no change of the documents", "并非由文档修改引起"),
    "estimated": ("; estimated from {0} orders", "；由 {0} 种次序估计"),
    "colon": (": ", "："),
    "comma": (", ", "、"),
}


def word(key: str, lang: Lang, *values: object, **named: object) -> str:
    """A word or sentence of the table, filled in."""
    return WORDS[key][lang == "zh"].format(*values, **named)
