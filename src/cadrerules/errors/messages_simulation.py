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
}
