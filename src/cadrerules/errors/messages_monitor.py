"""Error texts about facts that arrive one at a time."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

MONITOR: Mapping[str, Message] = {
    "CR-MONITOR-OTHER-ROW": Message(
        "another row with the same {key} is there",
        "已有 {key} 相同的另一行",
        "to replace it, call `correct`",
        "若要更正，请改用 `correct`",
    ),
    "CR-MONITOR-NO-ROW": Message(
        "no row has this {key}",
        "没有 {key} 与此相同的行",
        "a row that isn't there yet is to be told with `post`",
        "尚不存在的行请用 `post` 提交",
    ),
    "CR-MONITOR-BAD-KEY": Message(
        "this is no key of the table",
        "这不是该表的主键",
        "give a mapping of {key}, or their cells in this order",
        "请给出 {key} 的映射，或按此顺序给出各单元格",
    ),
    "CR-MONITOR-KEYLESS": Message(
        "table `{table}` has no key, so that its rows can't be told apart",
        "表“{table}”没有主键，各行无法区分",
        "give the table a key, or evaluate its rows together with `evaluate`",
        "请为该表设定主键，或用 `evaluate` 一并评估",
    ),
    "CR-MONITOR-STILL-NAMED": Message(
        "column `{column}` of table `{table}` still names {value}, which would be gone",
        "表“{table}”的“{column}”列仍引用{value}，而它将不复存在",
        "retract or correct those rows first",
        "请先撤回或更正那些行",
    ),
    "CR-MONITOR-DISPUTED": Message(
        "the `{column}` of this row is in dispute",
        "该行的“{column}”正有争议",
        "retract the dispute first",
        "请先撤回该争议",
    ),
    "CR-MONITOR-GROUPED": Message(
        "the facts are of several organisations, kept apart by `{name}`",
        "这些事实属于由“{name}”区分的多个单位",
        "make a monitor for each organisation",
        "请为每个单位各建一个监测",
    ),
    "CR-MONITOR-BACK": Message(
        "{day} lies before {now}, the day it is already",
        "{day} 早于当前日期 {now}",
        "days only go forward; to look back, evaluate the facts as of that day",
        "日期只能向前；要回看，请以该日评估事实",
    ),
    "CR-MONITOR-CALLBACK": Message(
        "the fact was applied, but the callback failed: {reason}",
        "事实已采纳，但回调失败：{reason}",
        "the error's `changes` are what it was to be told",
        "错误的 `changes` 即应通知的变化",
    ),
    "CR-MONITOR-EXPLAIN": Message(
        "a monitor keeps what was found, not what explains it",
        "监测只保留结果，不保留其依据",
        "call `result()` of the monitor and ask the decision of that",
        "请调用监测的 `result()`，再由其中的决定作出说明",
    ),
    "CR-MONITOR-JOURNAL-USED": Message(
        "the journal holds entries already",
        "日志中已有记录",
        "go on with `Monitor.resume(plan, journal)`, or give an empty journal",
        "请用 `Monitor.resume(plan, journal)` 继续，或改用空日志",
    ),
    "CR-MONITOR-NOTHING-KEPT": Message(
        "the journal is empty",
        "日志为空",
        "begin with `plan.monitor(journal)`",
        "请以 `plan.monitor(journal)` 开始",
    ),
    "CR-MONITOR-BAD-ENTRY": Message(
        "an entry `{kind}` of the journal doesn't fit those before it",
        "日志中的记录“{kind}”与此前的记录不符",
        "the journal is damaged, or was written by something else",
        "日志已损坏，或由其他程序写入",
    ),
    "CR-MONITOR-NO-STREAM": Message(
        "durable_rules can't be used here",
        "此处无法使用 durable_rules",
        "install the extra `stream` on Python below 3.13, or leave `engine` out: the scalar engine does the same",
        "请在 Python 3.13 以下安装附加包 `stream`，或不指定 `engine`：标量引擎结果相同",
    ),
    "CR-NO-FACT": Message(
        "this tells no fact",
        "这不是一项事实",
        "an object with `kind`: `post` or `correct` with `table` and `row`, `retract` with `table` and `key`, "
        "`table` with `table`, `advance` with `day`, and nothing else",
        "应为含 `kind` 的对象：`post` 或 `correct` 附 `table` 和 `row`，`retract` 附 `table` 和 `key`，"
        "`table` 附 `table`，`advance` 附 `day`，此外不得有其他内容",
    ),
    "CR-LINE-TOO-LONG": Message(
        "the line has more than {limit} bytes",
        "该行超过 {limit} 字节",
        "a fact is one row; give each a line of its own",
        "每项事实为一行；请各占一行",
    ),
    "CR-WATCH-OPTION": Message(
        "{option} goes only with {what}",
        "{option} 只能与{what}一起使用",
        "leave it out",
        "请去掉该选项",
    ),
}
