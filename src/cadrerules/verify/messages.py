"""What verification says, in both languages."""

from __future__ import annotations

from ..model.texts import Texts

_MESSAGES = {
    "gap": (
        "no verdict on {question} for {subject}",
        "{subject}没有关于{question}的结论",
    ),
    "gap_verdict": (
        "the text has no answer on {question} here: {verdict}",
        "对{question}，原文在此没有答案：{verdict}",
    ),
    "overlap_exact": (
        "{first} and {second} both answer {question}, which must have one answer",
        "{first}与{second}同时回答{question}，而该问题只应有一个答案",
    ),
    "overlap_rows": (
        "rows {first} and {second} of the table both fit, with different verdicts ({verdicts}), and only their order decides",
        "表中第{first}行与第{second}行同时符合而结论不同（{verdicts}），只凭先后决定",
    ),
    "overlap_adverse": (
        "{first} and {second} both hold for one person on one row: {verdicts}",
        "{first}与{second}就同一行同时适用于同一对象：{verdicts}",
    ),
    "conflict_row": (
        "{first} and {second} hold for the same subject on one row: {verdicts}",
        "{first}与{second}就同一行对同一对象同时成立：{verdicts}",
    ),
    "conflict_rows": (
        "{first} and {second} hold for the same subject, each on a row of its own: {verdicts}",
        "{first}与{second}就不同的行对同一对象同时成立：{verdicts}",
    ),
    "dead": ("{first} can never hold", "{first}永远不能成立"),
    "dead_row": ("row {row} of the table is never reached: earlier rows take all it fits", "表中第{row}行永远轮不到：前面的行已全部涵盖"),
    "dead_small": (
        "{verdict} can't occur where {most} or fewer are ranked; the first that it can has {least}",
        "参加排名者不超过{most}个时不可能出现“{verdict}”，至少须有{least}个",
    ),
    "one_verdict": (
        "with {most} or fewer ranked, every one gets {verdict}",
        "参加排名者不超过{most}个时，全部为“{verdict}”",
    ),
    "subsumed": (
        "{first} says nothing that {second} doesn't: whenever it holds, {second} leads to the same verdict",
        "{first}没有增加内容：凡其成立，{second}都得出同样的结论",
    ),
    "lost_penalty": (
        "a worse {column} loses the penalty: {before} at {from_}, {after} at {to}",
        "{column}变差反而免除后果：{from_}时为{before}，{to}时为{after}",
    ),
    "depends_on_unset": (
        "{rules} waits for {name}, which the source leaves out: {from_} and {to} lead to different outcomes",
        "{rules}取决于原文未给出的{name}：取{from_}与取{to}结果不同",
    ),
    "depends_on_interpretation": (
        "{question} depends on {name}: read as {from_}, {before}; read as {to}, {after}",
        "{question}取决于{name}：按{from_}为{before}，按{to}为{after}",
    ),
    "unmeetable": ("{first} can't be met: nothing that can be recorded fulfils what is due", "{first}无法完成：没有任何记录能满足应完成的数量"),
    "python": (
        "findings that {plugin} computes in Python can't be looked into",
        "{plugin}用Python计算的结论无法检验",
    ),
    "inexpressible": ("{first} couldn't be expressed: {reason}", "{first}无法表达：{reason}"),
    "undecided": ("undecided within the limit: {about}", "在限度内未能判定：{about}"),
    "nothing": ("nothing", "无"),
}


def told(key: str, **values: object) -> Texts:
    """A message with its values; a value that is a text in two languages stands in each as its own."""
    en, zh = _MESSAGES[key]
    return Texts(en=en.format(**_in(values, "en")), zh=zh.format(**_in(values, "zh")))


def _in(values: dict[str, object], lang: str) -> dict[str, object]:
    return {name: (value.zh if lang == "zh" else value.en) if isinstance(value, Texts) else value for name, value in values.items()}


def joined(texts: list[Texts]) -> Texts:
    """Several texts as one."""
    return Texts(en=", ".join(t.en for t in texts), zh="、".join(t.zh for t in texts))
