"""Error texts about simulation: distributions and populations."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

SIMULATION: Mapping[str, Message] = {
    "CR-DISTRIBUTION-TYPE": Message(
        "`{distribution}` can't give cells of column `{name}`, which holds a {type}",
        "`{distribution}` 不能用于列“{name}”，该列的类型为 {type}",
        "the page on synthetic populations says which distribution is for which type",
        "各类型可用的分布见“合成数据”一页",
    ),
    "CR-DISTRIBUTION-NAME": Message(
        "`{distribution}` can't be made from column `{name}`, which holds a {type}",
        "`{distribution}` 不能以列“{name}”为参数，该列的类型为 {type}",
        "name a column of numbers, or of days and periods for `days`",
        "请引用数字列；`days` 可引用日期列或期间列",
    ),
    "CR-DISTRIBUTION-HOLES": Message(
        "column `{name}` can't have holes: its cells must not be empty",
        "列“{name}”不允许为空，不能设定空值比例",
        "leave out `holes`",
        "请删去 `holes`",
    ),
    "CR-DISTRIBUTION-OUTSIDE": Message(
        "hardly any value that `{distribution}` gives lies within the bounds of column `{name}`",
        "`{distribution}` 给出的值几乎都在列“{name}”允许的范围之外",
        "choose other figures or bounds; `outside: clip` moves values to the bound",
        "请调整数值或上下限；`outside: clip` 可将越界值移至边界",
    ),
    "CR-NOTHING-OBSERVED": Message(
        "column `{name}` has no known cell that could be drawn again",
        "列“{name}”没有可供重抽样的已知值",
        "state a distribution instead of `observed`",
        "请改用其他分布，不用 `observed`",
    ),
    "CR-POPULATION-ASIDE": Message(
        "`{name}` is a table of the plan, so it can't be aside",
        "“{name}”是政策使用的表，不能设为辅助表",
        "leave out `aside`, or give the table another name",
        "请删去 `aside`，或改用其他名称",
    ),
    "CR-POPULATION-ORDER": Message(
        "there is no table `{name}` before this one",
        "在此之前没有表“{name}”",
        "describe a table before those that rest on it; did you mean `{nearest}`?",
        "请先描述被引用的表；是否想写 `{nearest}`？",
    ),
    "CR-POPULATION-COLUMN": Message(
        "nothing says what table `{table}` holds in {names}",
        "未说明表“{table}”的这些列如何生成：{names}",
        "state what they are drawn from; `null` leaves a column empty",
        "请说明其取值；`null` 表示留空",
    ),
    "CR-POPULATION-SPAN": Message(
        "`{value}` is no span of periods",
        "“{value}”不是期间范围",
        "write it as `2023Q1..2024Q4`, or list the values",
        "请写成 2023Q1..2024Q4，或逐一列出",
    ),
    "CR-POPULATION-TYPE": Message(
        "column `{name}`, which holds a {type}, can't take over a {given}",
        "列“{name}”的类型为 {type}，不能取自类型为 {given} 的列",
        "take it from a column of the same type",
        "请取自相同类型的列",
    ),
    "CR-POPULATION-CONDITION": Message(
        "this condition asks for more than the cells of one row",
        "该条件涉及本行以外的内容",
        "compare columns of the row with each other and with values",
        "条件只能使用本行的列和常量",
    ),
    "CR-POPULATION-ROWS": Message(
        "table `{table}` would have about {count} rows per organisation",
        "表“{table}”每个单位约有 {count} 行，过多",
        "describe at most {most} for each part",
        "每个部分至多 {most} 行",
    ),
    "CR-POPULATION-GROUP": Message(
        "nothing would keep {count} organisations apart",
        "没有列可用来区分 {count} 个单位",
        "name a grouping column, or ask for one organisation",
        "请给出分组列，或只生成一个单位",
    ),
    "CR-TOO-FEW": Message(
        "`{name}` can't be {value}",
        "“{name}”不能是 {value}",
        "it is a whole number from {least} on, and no size is above a million",
        "应为不小于 {least} 的整数，规模不超过一百万",
    ),
}
