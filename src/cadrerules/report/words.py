"""The words that reports are made of, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ..errors import Lang
from .explained import Basis

WORDS: Mapping[str, tuple[str, str]] = {
    # --- punctuation ---
    "colon": (": ", "："),
    "comma": (", ", "，"),
    "list": (", ", "、"),
    "stop": (". ", "。"),
    "brackets": (" ({0})", "（{0}）"),
    "quoted": ('"{0}"', "“{0}”"),
    # --- headings and sentences of an explanation ---
    "heading": ("{question}: {kind} {subject}", "{question}：{kind} {subject}"),
    "heading_period": ("{question}: {kind} {subject}, {period}", "{question}：{kind} {subject}，{period}"),
    "verdict": ("Verdict: {0}", "结论：{0}"),
    "verdict_none": ("none; what applied was set aside", "无；符合的规则已被豁免"),
    "undetermined": ("Undetermined. Still possible: {0}", "尚未确定。仍有可能：{0}"),
    "nothing": ("no verdict", "不适用"),
    "of_organisation": ("{0} {1}. {2}", "{0}：{1}。{2}"),
    "proposal": (
        "This is a proposal for a person to confirm. As of {as_of}; policies {name}, version {version}.",
        "本结论为建议，须由有权人员确认。截至 {as_of}；政策集 {name}，版本 {version}。",
    ),
    "obligation": (
        "Owed by {by}; due {due}, done {done}, short {short}.",
        "责任方：{by}；应完成 {due}，已完成 {done}，尚缺 {short}。",
    ),
    "waits": ("What it waits for", "有待查明"),
    "behind": ("Why", "依据"),
    "behind_open": ("What may apply", "可能适用的规则"),
    "overridden": ("Applies too, but does not decide", "同样符合、但不决定结论的规则"),
    "waived": ("Set aside by a waiver", "已被豁免的规则"),
    "open": ("Still open, but can't change the verdict", "尚未确定、但不影响结论的规则"),
    "parameters": ("Numbers used", "所用数值"),
    "readings": ("Readings of the text it rests on", "所依据的条文理解"),
    "rule": ("{title} ({id}, clause {clauses})", "{title}（{id}，第 {clauses} 条）"),
    "rule_plain": ("{title} ({id})", "{title}（{id}）"),
    "leads_to": ("leads to: {0}", "结论：{0}"),
    "waived_by": ("set aside by {authority} on {on}: {reason}", "{authority}于 {on} 决定豁免：{reason}"),
    "waived_until": (
        "set aside by {authority} on {on}, until {until}: {reason}",
        "{authority}于 {on} 决定豁免，有效期至 {until}：{reason}",
    ),
    "outranked": ("the verdict above outranks it", "上述结论优先"),
    "no_trace": (
        "computed by a plugin in Python; there are no steps to show",
        "由插件以 Python 代码得出，没有可展示的步骤",
    ),
    "named": ("{title} ({name}): {value}", "{title}（{name}）：{value}"),
    "named_clause": ("{title} ({name}, clause {clauses}): {value}", "{title}（{name}，第 {clauses} 条）：{value}"),
    "not_set": ("not set", "未设定"),
    "not_set_why": ("not set; {0}", "未设定；{0}"),
    "is_not_set": ("{0} (not set)", "{0}（未设定）"),
    "adopted": ("adopted by {by} on {on}", "{by}于 {on} 采纳"),
    "default": ("default; adopted by nobody", "默认理解，尚无人采纳"),
    "chosen": ("chosen for this evaluation; adopted by nobody", "本次选用，尚无人采纳"),
    "from_day": ("{value} from {day}", "{day} 起为 {value}"),
    # --- in a notebook ---
    "result": ("Result of an evaluation", "评估结果"),
    "in_columns": (
        "Its decisions are in columns; `to_frame()` gives them as a frame.",
        "结论以列的形式保存，可用 `to_frame()` 取得数据框。",
    ),
    "left_out": ("Not evaluated: {0} ({1})", "未评估：{0}（{1}）"),
    "plan": ("Plan", "政策集"),
    "question_word": ("Question", "问题"),
    "verdict_word": ("Verdict", "结论"),
    "decisions_word": ("Decisions", "结论数"),
    "policy_word": ("Policy", "政策"),
    "title_word": ("Title", "名称"),
    "clauses_word": ("Clauses", "条款"),
    "rules_word": ("Rules", "规则数"),
    "rule_word": ("Rule", "规则"),
    "condition_word": ("Condition", "条件"),
    # --- the register of clauses ---
    "register": ("Clauses: {0}", "条款登记表：{0}"),
    "register_basis": ("Policies {name}, version {version}.", "政策集 {name}，版本 {version}。"),
    "register_counts": ("{total} entries ({counts}).", "共 {total} 项（{counts}）。"),
    "register_several": ("An entry may have several statuses.", "同一事项可兼有几种状态。"),
    "status_count": ("{status} {count}", "{status} {count} 项"),
    "encoded": ("encoded", "已编码"),
    "open_status": ("open", "待编码"),
    "redacted": ("redacted", "原文留白"),
    "ambiguous": ("ambiguous", "有歧义"),
    "needs_judgement": ("needs judgement", "须由人判断"),
    "clause_heading": ("Clause {0}", "第 {0} 条"),
    "by_rule": ("rule: {0}", "规则：{0}"),
    "through_rule": ("takes effect through: {0}", "体现于规则：{0}"),
    "missing_rule": ("no such rule yet: {0}", "尚无规则：{0}"),
    "parameter": ("parameter: {0}", "参数：{0}"),
    "reading": ("reading: {0}", "条文理解：{0}"),
    "note": ("note: {0}", "说明：{0}"),
    "outside": ("Rules outside the register", "未登记的规则"),
    "unlisted": ("{0}: no entry of a clause that it cites lists it", "{0}：所引条款均未列出该规则"),
    "uncited": ("{0}: cites no clause", "{0}：未引用条款"),
    # --- why not ---
    "about": ("{kind} {subject}", "{kind} {subject}"),
    "no_decisions": ("No rule applies.", "没有规则适用。"),
    "why_not": ("What does not apply, and why", "不适用的规则及原因"),
    "why_not_head": ("{question}, {period}", "{question}，{period}"),
    "fails": ("what is not met", "未满足的条件"),
    "no_row": ("no row of the facts bears on this {kind}", "数据中没有与该{kind}有关的记录"),
    "not_evaluated": ("not evaluated: there is no table {0}", "未作评价：缺少表 {0}"),
    # --- lines ---
    "all_of": ("all of these", "同时满足"),
    "one_of": ("one of these", "至少满足一项"),
    "as_above": ("as above", "同上"),
    "more_rows": ("{0} more rows", "其余 {0} 行略"),
    "more_cases": ("{0} more rows like these", "另有 {0} 行情形类似"),
    "own": ("this one", "本对象"),
    "disputed": ("disputed, so it counts as unknown", "存在争议，视为未知"),
    "empty": ("the cell is empty", "单元格为空"),
    "no_table": ("there is no such table", "没有该表"),
    "no_row_there": ("there is no such row", "没有该行"),
    "no_earlier": ("there is no row for the earlier period", "没有更早一期的记录"),
    "unsure": ("perhaps doesn't count", "不确定是否计入"),
    "this_row": ("this row's {0}", "本行的{0}"),
    "rows_of": ("the rows of {0}", "“{0}”各行"),
    "rows_where": ("{0} with {1}", "{0}（限{1}）"),
    "table": ("table {0}", "表“{0}”"),
    # --- what would change it ---
    "changes": ("What would change it", "哪些变化会改变结论"),
    "change_better": ("{verdict}: needs {changes}{clauses}", "要使结论为“{verdict}”，须{changes}{clauses}"),
    "change_worse": ("{verdict}: with {changes}{clauses}", "若{changes}，则结论为“{verdict}”{clauses}"),
    "change_other": ("{verdict}: with {changes}{clauses}", "若{changes}，则结论为“{verdict}”{clauses}"),
    "change_settled": ("{verdict}: with {changes}{clauses}", "若{changes}，则结论为“{verdict}”{clauses}"),
    "change": ("{column}{row} {need}{now}", "{column}{row}{need}{now}"),
    "be": ("{0}", "为 {0}"),
    "be_word": ("{0}", "为{0}"),
    "change_text": ("{column}{row} filled in{now}", "{column}{row}已填写{now}"),
    "change_and": (" and ", "，且"),
    "change_clauses": (" (clause {0})", "（第 {0} 条）"),
    "already_met": (". Already met: {0}", "。已满足：{0}"),
    "semicolon": ("; ", "；"),
    "or_better": ("{0} or better", "{0} 或更优"),
    "or_worse": ("{0} or worse", "{0} 或更差"),
    "or_earlier": ("{0} or earlier", "{0} 或更早"),
    "or_later": ("{0} or later", "{0} 或更晚"),
    "such_as": ("such as {0}", "（例如）{0}"),
    "now_known": ("now {0}", "现为 {0}"),
    "now_none": ("none so far", "尚无"),
    "now_empty": ("not known yet", "尚未知"),
    "now_disputed": ("in dispute", "有争议"),
    "now_no_row": ("there is no row yet", "尚无该行"),
    "note_waiver": (
        "A waiver by an authority{0} could set aside: {1}",
        "有权机关{0}可以豁免：{1}",
    ),
    "note_exists": ("A row in {table}{row} would lead to: {verdict}", "若“{table}”中有相应记录{row}，则结论为“{verdict}”"),
    "note_over": (
        "Nothing can change it: as of {0} the facts that it rests on are known and their periods over",
        "已无可改变结论的事实：截至 {0}，所依据的事实均已知，所属期间均已结束",
    ),
    "note_proved": (
        "Nothing can change it: whatever becomes of the facts still open, the verdict stays ({0})",
        "已无可改变结论的事实：尚可变动的事实无论结果如何，结论不变（{0}）",
    ),
    "note_none": (
        "No change of up to {0} cells was found that leads to another verdict",
        "未找到改动不超过 {0} 个单元格即可改变结论的办法",
    ),
    "note_no_rows": (
        "What would change it can't be told: no row of the facts bears on it yet",
        "尚无法说明：数据中还没有与此有关的记录",
    ),
    "note_more": (
        "It is met in full with {0} more by {1}",
        "在 {1} 之前再完成 {0}，即全部完成",
    ),
    "note_too_late": (
        "The period is over: what wasn't done in it can't be made up for",
        "期间已结束，期内未完成的无法补做",
    ),
    "note_duty": (
        "Without a decision an obligation is met, or nothing is due yet",
        "没有结论的职责，即已完成或尚未到期",
    ),
    "note_parameters": ("It also waits for numbers that aren't set: {0}", "另有数值尚未设定：{0}"),
    "note_others": (
        "The others in the ranking are taken as they stand",
        "排名中其他对象的数据按现状计算",
    ),
    "note_further": ("There are {0} more ways of the same kind", "另有 {0} 种类似的办法"),
    "note_limit": (
        "The search stopped at its limit of {0} evaluations for one verdict; there may be other ways",
        "每项结论的试算已达 {0} 次上限，可能还有其他办法",
    ),
    "note_python": (
        "A plugin computes part of it in Python; what would change that can't be told",
        "其中部分由插件以 Python 代码得出，无法说明哪些变化会改变结论",
    ),
    # --- values ---
    "true": ("true", "成立"),
    "false": ("false", "不成立"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "unknown": ("unknown", "未知"),
    "none": ("none", "无"),
    "range": ("{0} to {1}", "{0} 至 {1}"),
    "at_least": ("at least {0}", "不小于 {0}"),
    "at_most": ("at most {0}", "不大于 {0}"),
    "or": (" or ", "或"),
    "and": (" and ", "且"),
    "period": ("the period", "期间"),
    "as_of": ("the day of evaluation", "评价日期"),
}

PHRASES: Mapping[str, tuple[str, str]] = {
    "==": ("{0} is {1}", "{0}为{1}"),
    "!=": ("{0} is not {1}", "{0}不为{1}"),
    "<": ("{0} < {1}", "{0} < {1}"),
    "<=": ("{0} ≤ {1}", "{0} ≤ {1}"),
    ">": ("{0} > {1}", "{0} > {1}"),
    ">=": ("{0} ≥ {1}", "{0} ≥ {1}"),
    "+": ("{0} + {1}", "{0} + {1}"),
    "-": ("{0} - {1}", "{0} - {1}"),
    "*": ("{0} × {1}", "{0} × {1}"),
    "negate": ("-{0}", "-{0}"),
    "not": ("not {0}", "并非{0}"),
    "in": ("{0} is one of {1}", "{0}属于{1}之一"),
    "if": ("{1} if {0}, else {2}", "若{0}则{1}，否则{2}"),
    "known": ("{0} is known", "{0}已知"),
    "min": ("the least of {all}", "{all}中最小者"),
    "max": ("the greatest of {all}", "{all}中最大者"),
    "abs": ("{0} without its sign", "{0}的绝对值"),
    "months_between": ("whole months from {0} to {1}", "{0}至{1}的整月数"),
    "days_between": ("days from {0} to {1}", "{0}至{1}的天数"),
    "add_months": ("{1} months after {0}", "{0}之后 {1} 个月"),
    "first_day": ("first day of {0}", "{0}第一日"),
    "last_day": ("last day of {0}", "{0}最后一日"),
    "exists": ("there is a row in {0}", "“{0}”中有相应记录"),
    "rank": ("place by {0} among those of the same {per}", "同一{per}内按{0}排列的名次"),
    "run": ("periods in a row in which {0}", "连续符合以下条件的期数：{0}"),
    "previous": ("one period earlier: {0}", "上一期：{0}"),
    "previous_back": ("{back} periods earlier: {0}", "往前第 {back} 期：{0}"),
    "total": ("total of {0} for the same {per}", "同一{per}的{0}合计"),
    "mean": ("mean of {0} for the same {per}", "同一{per}的{0}平均值"),
    "count": ("rows of the same {per} in which {0}", "同一{per}中符合以下条件的行数：{0}"),
    "lowest": ("least {0} for the same {per}", "同一{per}中最小的{0}"),
    "highest": ("greatest {0} for the same {per}", "同一{per}中最大的{0}"),
    "distinct": ("different values of {0} for the same {per}", "同一{per}中{0}的不同取值数"),
    "days_covered": ("days from {0} to {1} for the same {per}, each once", "同一{per}中自{0}至{1}的天数（不重复计算）"),
    "year_of": ("year of {0}", "{0}所在年度"),
    "quarter_of": ("quarter of {0}", "{0}所在季度"),
    "month_of": ("month of {0}", "{0}所在月份"),
    "week_of": ("week of {0}", "{0}所在周"),
    "pro_rata": ("{0} × {1} / {2}, rounded", "{0} × {1} ÷ {2}（四舍五入）"),
    "across_total": ("total of {0} over {rows}", "{rows}的{0}合计"),
    "across_mean": ("mean of {0} over {rows}", "{rows}的{0}平均值"),
    "across_count": ("how many {rows} have: {0}", "{rows}中符合以下条件的数量：{0}"),
    "across_distinct": ("different values of {0} over {rows}", "{rows}中{0}的不同取值数"),
    "across_days_covered": ("days from {0} to {1} over {rows}, each once", "{rows}中自{0}至{1}的天数（不重复计算）"),
    "across_lowest": ("least {0} of {rows}", "{rows}中最小的{0}"),
    "across_highest": ("greatest {0} of {rows}", "{rows}中最大的{0}"),
    "across_any": ("one of {rows} has: {0}", "{rows}中有一行符合：{0}"),
    "across_all": ("each of {rows} has: {0}", "{rows}中各行均符合：{0}"),
    "any": ("in one row of the same {per}: {0}", "同一{per}中有一行符合：{0}"),
    "all": ("in every row of the same {per}: {0}", "同一{per}中各行均符合：{0}"),
}


def say(key: str, lang: Lang, *values: object, **named: object) -> str:
    """A word or sentence of the table, filled in."""
    return _pick(WORDS[key], lang).format(*values, **named)


def proposal(basis: Basis, lang: Lang) -> str:
    """That it is a proposal, the day, the policies, and of several organisations which one it is about."""
    text = say("proposal", lang, as_of=basis.as_of, name=basis.name, version=basis.hash[:12])
    one = basis.organisation
    return say("of_organisation", lang, one.column, one.name, text) if one else text


def phrase(operator: str, lang: Lang, *values: object, **named: object) -> str:
    """What an operator or function says of its arguments."""
    return _pick(PHRASES[operator], lang).format(*values, **named)


def join(parts: list[str], lang: Lang, key: str = "list") -> str:
    """The parts with the language's comma, or another joining word, between them."""
    return say(key, lang).join(parts)


def _pick(texts: tuple[str, str], lang: Lang) -> str:
    return texts[1] if lang == "zh" else texts[0]
