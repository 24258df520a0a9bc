"""The words of mutation testing, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ...words import Words, telling

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

WORDS: Words = {
    **OPERATORS,
    "change": ("{kind}: {old} -> {new}", "{kind}：{old} -> {new}"),
    "drop": ("{kind}: {old}", "{kind}：{old}"),
    "summary": (
        "{plan}: {mutants} mutants, {killed} killed, {survived} survived, {equivalent} proved equivalent; {score}",
        "{plan}：{mutants} 个变异体，杀死 {killed} 个，存活 {survived} 个，证明等价 {equivalent} 个；{score}",
    ),
    "score": ("score {score} %", "变异得分 {score}%"),
    "no_score": ("no score", "无得分"),
    "operator": ("{kind}: {killed} of {of} killed", "{kind}：{of} 个中杀死 {killed} 个"),
    "survivors": ("Survivors: changes that no case notices", "存活的变异体：没有用例能发现的改动"),
    "equivalents": ("Proved equivalent: changes that make no difference, left out of the score", "证明等价的变异体：改动不影响结论，不计入得分"),
    "clauses": (" (clause {clauses})", "（第 {clauses} 条）"),
    "domain": ("proved on: {domain}", "证明范围：{domain}"),
    "no_rule": ("no rule rests on it", "没有规则依据它"),
    "none": ("no difference found, and none ruled out", "未找到差别，也未能排除"),
    "mutant_decides": ("the mutant decides: {decided}", "变异体的结论：{decided}"),
    "paste": ("paste into {file}:", "可粘贴到 {file}："),
    "broken": ("fails without any change, and is left out: {case}", "未作改动即不通过，不予采用：{case}"),
    "rate": ("{rate} mutants per second", "每秒 {rate} 个变异体"),
    "under": ("the score {score} % is under {asked} %", "变异得分 {score}% 低于 {asked}%"),
    "cases": ("cases", "用例"),
    "mutants": ("mutants", "变异体"),
    "survivors_of": ("survivors", "存活的变异体"),
}

word = telling(WORDS)
