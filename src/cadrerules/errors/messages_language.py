"""Error texts about expressions of the rule language."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

LANGUAGE: Mapping[str, Message] = {
    "CR-TEXT-TOO-LONG": Message(
        "the expression has {length} characters, more than {limit}",
        "表达式有 {length} 个字符，超过上限 {limit}",
        "split it into derived columns",
        "请拆成若干派生列",
    ),
    "CR-NESTING-TOO-DEEP": Message(
        "the expression is nested more than {limit} deep",
        "表达式嵌套超过 {limit} 层",
        "split it into derived columns",
        "请拆成若干派生列",
    ),
    "CR-NUMBER-TOO-LONG": Message(
        "a number has more than {limit} digits",
        "数字超过 {limit} 位",
        "no plan needs such a number; check it for a slip",
        "请检查是否笔误",
    ),
    "CR-SYNTAX": Message(
        "this is not an expression: {reason}",
        "这不是表达式：{reason}",
        "write it as a Python expression, such as `deducted >= 2 and not completed`",
        "请写成 Python 表达式，例如 `deducted >= 2 and not completed`",
    ),
    "CR-NOT-IN-LANGUAGE": Message(
        "{what} is not part of the rule language",
        "规则语言中没有 {what}",
        "the language has names, literals, comparisons, and/or/not, in, + - *, if/else and the functions {functions}",
        "规则语言只有名称、字面值、比较、and/or/not、in、+ - *、if/else 和函数 {functions}",
    ),
    "CR-UNKNOWN-FUNCTION": Message(
        "there is no function `{name}`",
        "没有函数 `{name}`",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-UNKNOWN-NAME": Message(
        "there is no {kind} `{name}` here",
        "此处没有名称 `{name}`",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-WRONG-TYPE": Message(
        "`{operator}` takes {takes}, not {given}",
        "`{operator}` 需要 {takes}，而不是 {given}",
        "compare and combine values of one kind",
        "请只比较或组合同一类的值",
    ),
    "CR-WRONG-COUNT": Message(
        "`{operator}` takes {expected} arguments, not {given}",
        "`{operator}` 需要 {expected} 个参数，而不是 {given} 个",
        "see the operator table in the documentation",
        "请参阅文档中的运算符表",
    ),
    "CR-NO-SUCH-WORD": Message(
        '"{word}" is none of {options}',
        "“{word}”不在 {options} 之中",
        'did you mean "{nearest}"?',
        "是否想写“{nearest}”？",
    ),
    "CR-BAD-OPTION": Message(
        "`{function}` has no such use of `{option}`",
        "`{function}` 不能这样使用 `{option}`",
        "it takes {allowed}",
        "可用的有 {allowed}",
    ),
    "CR-ONE-OTHER-TABLE": Message(
        "`{function}` with `where`, or of `table.column`, is of the rows of exactly one other table, not of: {tables}",
        "带 `where` 或引用“表.列”的 `{function}` 只能汇总另外一张表的行，而这里引用的是：{tables}",
        'name the columns of one table, as in `count(activities.kind == "lecture")`',
        "请只引用一张表的列，如 `count(activities.kind == \"lecture\")`",
    ),
    "CR-NEEDS-COHORT": Message(
        "`{function}` needs `{option}=[..]` here",
        "`{function}` 在此处需要 `{option}=[..]`",
        "name the columns that the rows to be taken together share",
        "请列出这些行共有的列",
    ),
    "CR-NO-PERIOD": Message(
        "`{function}` follows periods, but the rows of this table have none among their keys",
        "`{function}` 需按期间推算，但该表的键中没有期间",
        "use it on a table whose key has a year, quarter, month or week",
        "请用于键中含有年、季、月或周的表",
    ),
    "CR-NO-SHARED-KEY": Message(
        "table `{table}` shares no key column with these rows",
        "表 `{table}` 与这些行没有共同的键列",
        "a look-up needs at least one key column that both tables have",
        "查找要求两表至少有一个共同的键列",
    ),
    "CR-AMBIGUOUS-LOOKUP": Message(
        "the key of `{table}` also has `{columns}`, so a row here may match several of its rows",
        "`{table}` 的键还包含 `{columns}`，一行可能对应其多行",
        "use `exists({table})`, or a view with a coarser grain",
        "请使用 `exists({table})`，或较粗粒度的视图",
    ),
    "CR-NOT-A-TRUTH": Message(
        "a condition is needed here, but this is a {given}",
        "此处需要条件，但这是 {given}",
        "compare it with something, such as `x >= 2`",
        "请与某个值比较，例如 `x >= 2`",
    ),
    "CR-NOT-IN-GRAIN": Message(
        "`{name}` may differ between the rows that the view takes together",
        "`{name}` 在视图合并的各行之间可能不同",
        "take its mean, total, lowest or highest, or add it to `by`",
        "请取 mean、total、lowest 或 highest，或加入 `by`",
    ),
}
