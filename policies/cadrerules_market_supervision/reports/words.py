"""The words of the plan's reports, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from cadrerules.errors import Lang
from cadrerules.language.periods import Month, Quarter

WORDS: Mapping[str, tuple[str, str]] = {
    # --- board ---
    "board": ("Red and black board", "红黑榜"),
    "quarter": ("Quarter {1} of {0}", "{0}年第{2}季度"),
    "place": ("Place", "名次"),
    "unit": ("Unit", "科室"),
    "mean": ("Mean progress", "平均进度"),
    "places_to": ("places {0} to {1}", "第 {0} 至 {1} 名"),
    "places_from": ("place {0} and below", "第 {0} 名及以后"),
    "open": ("Not yet decided", "尚未确定"),
    "possible": ("Possible", "可能"),
    "waits": ("Waits for", "有待查明"),
    "commended": ("Commended in a circular", "通报表扬"),
    "interviews": ("Heads to be interviewed", "约谈负责人"),
    "head_of": ("head {0}", "负责人 {0}"),
    "may_be": ("perhaps", "待定"),
    "nobody": ("none this quarter", "本季度无"),
    "or": (" or ", " 或 "),
    "not_known": ("not known", "未知"),
    "readings": ("Readings of the text that nobody has adopted", "尚无人采纳的条文理解"),
    "legend": ("Colours, shapes and words say the same.", "颜色、图形与文字含义一致。"),
    "total": ("{0} units ranked", "共 {0} 个科室参加排名"),
    "total_rows": ("{0} indicators ranked", "共 {0} 项指标参加排名"),
    "brackets": (" ({0})", "（{0}）"),
    "colon": (": ", "："),
    "list": (", ", "、"),
    "comma": (", ", "，"),
    # --- dossier ---
    "dossier": ("Dossier of {0}", "{0} 个人评价档案"),
    "dossier_eyebrow": ("Decisions about one person", "个人评价结论"),
    "posts": ("Posts", "任职情况"),
    "post": ("Post", "职务"),
    "joined": ("From", "到任"),
    "left": ("Until", "离任"),
    "summary": ("Decisions at a glance", "结论一览"),
    "question": ("Question", "事项"),
    "period": ("Period", "期间"),
    "verdict": ("Verdict", "结论"),
    "clauses": ("Clause", "条款"),
    "obligations": ("What is owed", "应履行的事项"),
    "rule": ("Rule", "规则"),
    "owed_by": ("Owed by", "责任方"),
    "due": ("Due", "应完成"),
    "done": ("Done", "已完成"),
    "short": ("Short", "尚缺"),
    "undetermined": ("undetermined ({0})", "未定（{0}）"),
    "set_aside": ("none, waived", "无，已豁免"),
    "nothing": ("no verdict", "不适用"),
    "no_decisions": ("No rule applies.", "没有规则适用。"),
    # --- ledger ---
    "ledger": ("Rectification ledger", "问题整改台账"),
    "month": ("Month {1} of {0}", "{0}年{1}月"),
    "ledger_note": (
        "Problems listed by the end of the month and not closed before it began.",
        "截至月末已列入、且在该月之前尚未销号的问题。",
    ),
    "no_problems": ("No problem was open in this month.", "本月没有在办问题。"),
    "problem": ("Problem", "问题"),
    "aspect": ("Aspect", "方面"),
    "goal": ("Goal", "目标任务"),
    "measures": ("Measures", "具体措施"),
    "lead_unit": ("Lead unit", "牵头单位"),
    "responsible_unit": ("Responsible unit", "责任单位"),
    "listed_on": ("Listed on", "列入日期"),
    "due_on": ("Deadline", "完成时限"),
    "class": ("Class", "期限类别"),
    "state": ("State", "状态"),
    "days_left": ("Days left", "剩余天数"),
    "closed": ("closed", "已销号"),
    "in_time": ("in time", "正常推进"),
    "not_judged": ("not judged", "未作判断"),
}
_DIGITS = {1: "一", 2: "二", 3: "三", 4: "四"}


def word(key: str, lang: Lang, *values: object) -> str:
    """A word or sentence of the table, filled in."""
    return WORDS[key][lang == "zh"].format(*values)


def joined(parts: list[str], lang: Lang) -> str:
    """The parts with the language's comma between them."""
    return word("list", lang).join(parts)


def quarter_in_words(text: str, lang: Lang) -> str:
    """`2024Q3` as people say it.

    >>> quarter_in_words("2024Q3", "zh")
    '2024年第三季度'
    """
    year, index = divmod(Quarter.parse(text).ordinal, 4)
    return word("quarter", lang, year, index + 1, _DIGITS[index + 1])


def month_in_words(text: str, lang: Lang) -> str:
    """`2024-09` as people say it.

    >>> month_in_words("2024-09", "zh")
    '2024年9月'
    """
    year, index = divmod(Month.parse(text).ordinal, 12)
    return word("month", lang, year, index + 1)
