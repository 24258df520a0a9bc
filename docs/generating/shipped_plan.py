"""The shipped plan in English and Chinese: its tables with Chinese headings and words, and its register of clauses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import cadrerules as cr
from cadrerules.errors import Lang
from cadrerules.language.types import Choice, Number, describe
from cadrerules.model.clauses import Entry
from cadrerules.model.facts import ColumnSpec
from cadrerules.report.clauses import status_word
from cadrerules.report.wording import parameter_value
from generating.notes import NOTE

TABLES: Final[dict[Lang, str]] = {
    "en": """# Tables of the market-supervision plan
{note}
Headings and words may be written in English or Chinese; `?` marks a column that may be left out.
A further column of any name may stand first or last in every table to keep organisations apart: see [results](results.md#many-organisations).""",
    "zh": """# 市场监管方案的数据表
{note}
表头和取值可用英文或中文；`?` 表示该列可以省略。
每个表可在最前或最后另加一列，列名任意，用以区分多个单位，见[结果](results.md#多个单位)。""",
}
COLUMNS: Final[dict[Lang, str]] = {
    "en": "| column | heading | also | holds | empty | personal |\n|---|---|---|---|---|---|",
    "zh": "| 列 | 表头 | 又作 | 内容 | 空单元格 | 个人信息 |\n|---|---|---|---|---|---|",
}
CLAUSES: Final[dict[Lang, str]] = {
    "en": """---
hide: [toc]
---

# Clauses of the market-supervision plan
{note}
Everything that the plan asks for, in our own words, and what of it is encoded. *Encoded*: rules decide it.
*Open*: rules could, but one is still to be written. *Redacted*: the source leaves a number out, so that it is an unset
parameter. *Ambiguous*: a reading had to be chosen. *Needs judgement*: it stays with people. Several may hold at once.

{entries} entries: {counts}.
`cadrerules policy clauses` prints them with the titles of rules, numbers and readings.

| clause | asks for | 条款内容 | status | by |
|---|---|---|---|---|""",
    "zh": """---
hide: [toc]
---

# 市场监管方案的条款登记
{note}
方案要求的全部内容（用我们自己的话），以及其中哪些已写成规则。同一条可有几种状态：有的已编码，由规则判断；有的规则可写而尚未写；有的原文略去数字，成为未设定的参数；有的存在歧义，须选定一种理解；有的须由人判断。

共 {entries} 项：{counts}。
`cadrerules policy clauses --lang zh` 列出全部内容，并附规则名称、数字和所取的理解。

| 条款 | 条款内容 | asks for | 状态 | 依据 |
|---|---|---|---|---|""",
}
WORDS: Final[dict[str, str]] = {
    "ids": "编号",
    "names": "姓名",
    "perhaps ids": "可能是编号",
    "may mention persons": "可能提到人",
    "(key)": "（主键）",
    "text": "文本",
    "truth": "是否",
    "date": "日期",
    "year": "年",
    "quarter": "季",
    "month": "月",
    "week": "周",
    "period": "期间",
    "number, step": "数，步长",
    ", from": "，不小于",
    "never": "永不",
    "always": "一直",
    "yes": "是",
    "none": "无",
    "unknown": "未知",
    "refused": "拒绝",
    "every": "全部",
    "through": "经由",
    "not yet:": "尚未编写：",
    "not set": "未设定",
}
"""The Chinese of single words in tables."""
PERSONAL = {"": "", "id": "ids", "name": "names", "maybe_id": "perhaps ids", "text": "may mention persons"}


def tables(lang: Lang = "en") -> Iterator[str]:
    """Tables, columns, Chinese headings and words of the shipped plan."""
    yield TABLES[lang].format(note=NOTE)
    for table in cr.load_policies("market-supervision").tables.values():
        yield f"\n## {table.name} ({table.title.zh})\n"
        yield COLUMNS[lang]
        for name, column in table.columns.items():
            mark = f" {_word('(key)', lang)}" if column.about.key else " ?" if column.about.optional else ""
            personal = _word(PERSONAL[column.about.personal], lang)
            yield f"| `{name}`{mark} | {column.title.zh} | {', '.join(column.about.aliases)} | {_holds(column, lang)} | {_empty(column, lang)} | {personal} |"


def _word(word: str, lang: Lang) -> str:
    return WORDS.get(word, word) if lang == "zh" else word


def _holds(column: ColumnSpec, lang: Lang) -> str:
    of = column.type
    if isinstance(of, Choice):
        words = column.about.words
        return "; ".join(f"`{o}` {'/'.join(words.get(o, ()))}".strip() for o in of.options)
    if isinstance(of, Number):
        low = column.about.low
        least = "" if low is None else f"{_word(', from', lang)} {low}"
        return f"{_word('number, step', lang)} {column.about.step}{least}"
    return _word({"any": "period"}.get(describe(of), describe(of)), lang)


def _empty(column: ColumnSpec, lang: Lang) -> str:
    names = {"9999-12-31": "never", "0001-01-01": "always", "True": "yes", "": "none"}
    return _word(names.get(str(column.empty), str(column.empty).lower()), lang)


def clauses(lang: Lang = "en") -> Iterator[str]:
    """Every clause of the shipped plan with what answers it."""
    register = cr.load_policies("market-supervision").clauses
    comma = ", " if lang == "en" else "，"
    counts = comma.join(f"{count} *{status_word(status, lang)}*" for status, count in register.counts.items())
    yield CLAUSES[lang].format(note=NOTE, entries=len(register.entries), counts=counts)
    other: Lang = "zh" if lang == "en" else "en"
    for entry in register.entries:
        statuses = comma.join(status_word(status, lang) for status in entry.statuses)
        basis = "<br>".join(_basis(entry, lang))
        yield f"| {entry.clause} | {_noted(entry, lang)} | {_noted(entry, other)} | {statuses} | {basis} |"


def _noted(entry: Entry, lang: Lang) -> str:
    return entry.title.text(lang) + (f"<br>*{entry.note.text(lang)}*" if entry.note else "")


def _basis(entry: Entry, lang: Lang) -> Iterator[str]:
    """Rules, numbers and readings, by name."""
    yield from (f"`{rule.id}`" for rule in entry.rules)
    yield from (f"{_word('through', lang)} `{rule.id}`" for rule in entry.through)
    yield from (f"{_word('not yet:', lang)} `{name}`" for name in entry.missing)
    yield from (f"`{p.name}`: {parameter_value(p, lang) or _word('not set', lang)}" for p in entry.parameters)
    yield from (f"`{reading.name}`: {reading.option}" for reading in entry.interpretations)
