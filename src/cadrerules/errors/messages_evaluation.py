"""Error texts about evaluations and what is asked of their results."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

EVALUATION: Mapping[str, Message] = {
    "CR-UNKNOWN-RULE": Message(
        "a waiver names the rule `{rule}`, which no policy has",
        "豁免所指的规则“{rule}”不存在",
        "`cadrerules policy show` lists the rules",
        "`cadrerules policy show` 可列出全部规则",
    ),
    "CR-WAIVER-REFUSED": Message(
        "the waiver is refused: {reason}",
        "豁免不予接受：{reason}",
        "take the row out, or have it decided by an authority that may",
        "请删除该行，或由有权机关作出决定",
    ),
    "CR-UNKNOWN-OUTCOME-OF-PLUGIN": Message(
        "a plugin found `{rule}` with the outcome `{outcome}`, which no question has",
        "插件给出的结果“{rule}”的结论“{outcome}”不属于任何问题",
        "update the plugin",
        "请更新该插件",
    ),
    "CR-BAD-FINDING": Message(
        "a plugin's finding of `{rule}` can't be used: {reason}",
        "插件给出的结果“{rule}”无法使用：{reason}",
        "update the plugin",
        "请更新该插件",
    ),
    "CR-ENGINE-CANNOT": Message(
        "the engine `{engine}` can't do this: {what} (`{where}`)",
        "引擎“{engine}”无法处理：{what}（“{where}”）",
        "evaluate with `--engine scalar`, or leave the choice to `auto`",
        "请改用 `--engine scalar`，或以 `auto` 自动选择",
    ),
    "CR-SQL-NOTHING": Message(
        "there is no SQL for the {what} of {policies}: none of these policies has rules on tables",
        "{policies} 没有可写成 SQL 的内容（{what}）：这些政策均没有以表为依据的规则",
        "name a policy that has rules; `cadrerules policy show` lists them",
        "请指定含有规则的政策；可用 `cadrerules policy show` 查看",
    ),
    "CR-NO-TRACE": Message(
        "`{rule}` was computed in Python and has no trace",
        "“{rule}”由 Python 代码得出，没有推导过程",
        "ask the plugin's author",
        "请咨询该插件的作者",
    ),
    "CR-NO-DECISION": Message(
        "there is no decision on `{question}` about `{subject}` in period {period}",
        "没有关于“{subject}”在期间 {period} 的“{question}”结论",
        "nothing applies there; `cadrerules explain DATA {subject}` says why not",
        "没有规则适用；可用 `cadrerules explain DATA {subject}` 查看原因",
    ),
    "CR-SEVERAL-DECISIONS": Message(
        "there are {count} decisions on `{question}` about `{subject}`",
        "关于“{subject}”的“{question}”有 {count} 项结论",
        "name the period",
        "请指明期间",
    ),
    "CR-UNKNOWN-POLICY": Message(
        "there is no policy `{name}`",
        "没有名为“{name}”的政策",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-UNKNOWN-QUESTION": Message(
        "there is no question `{name}`",
        "没有名为“{name}”的问题",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-UNKNOWN-SUBJECT": Message(
        "no table has a subject `{name}`",
        "各表中没有对象“{name}”",
        "use an id that stands in the tables, such as a person's or a unit's",
        "请使用表中已有的编号，例如人员或科室编号",
    ),
    "CR-ENGINE-MISSING": Message(
        "there is no engine `{name}` here",
        "此处没有引擎“{name}”",
        "it takes {known}",
        "可用：{known}",
    ),
    "CR-EXTRA-MISSING": Message(
        "{what} must be installed for this",
        "此功能需要安装 {what}",
        'pip install "cadrerules[{extra}]"',
        'pip install "cadrerules[{extra}]"',
    ),
    "CR-NO-CHINESE-FONT": Message(
        "a chart with Chinese characters can't become PNG: no font here has them",
        "无法生成含汉字的 PNG 图片：本机没有含汉字的字体",
        "install such a font, such as Noto Sans CJK, or write SVG, which is drawn with the reader's fonts",
        "请安装含汉字的字体（如 Noto Sans CJK），或改用 SVG 格式（由读者的字体显示）",
    ),
    "CR-NOT-FOR-COMPILING": Message(
        "`{name}` has no rules to compile",
        "“{name}”没有可编译的规则",
        "compile a policy that has rules",
        "请编译含有规则的政策",
    ),
    "CR-MISSING-INPUT": Message(
        "the row has no `{name}`",
        "该行缺少“{name}”",
        "give None where the value isn't known; `.inputs` lists what is needed",
        "未知的值请写 None；`.inputs` 列出所需的输入",
    ),
}
