"""Error texts about uncertain facts: what can be drawn, and how often."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

UNCERTAINTY: Mapping[str, Message] = {
    "CR-DRAWN-KEY": Message(
        "column `{name}` can't be drawn: it tells rows apart",
        "列“{name}”不能抽取：该列用于区分各行",
        "draw a column that is no part of the key",
        "请选择主键以外的列",
    ),
    "CR-DRAWN-REMEDY": Message(
        "column `{name}` can't be drawn: the rows of table `{table}` say what was decided about others",
        "列“{name}”不能抽取：表“{table}”的各行记载的是对其他行的处理",
        "draw the cell that it is about",
        "请抽取其所涉及的单元格",
    ),
    "CR-DRAWN-EMPTY": Message(
        "an empty cell of column `{name}` means something, so none is missing",
        "列“{name}”的空单元格有确定含义，不属于缺失",
        "name it under `replace` to draw all of its cells",
        "如需抽取该列全部单元格，请写在 `replace` 之下",
    ),
    "CR-NOISE-TYPE": Message(
        "noise of column `{name}` must be a distribution of numbers, without `holes`, `low`, `high` and `outside`",
        "列“{name}”的扰动须为数值分布，且不带 `holes`、`low`、`high` 和 `outside`",
        "a normal distribution around 0 is usual: `{{normal: {{mean: 0, sd: 0.5}}}}`",
        "通常采用均值为 0 的正态分布：`{{normal: {{mean: 0, sd: 0.5}}}}`",
    ),
    "CR-DRAW-CONTRADICTS": Message(
        "in {tries} tries no draw of {columns} was found that contradicts no row of table `{table}`",
        "抽取 {columns} 共 {tries} 次，均与表“{table}”中某行的其他单元格矛盾",
        "choose distributions whose values can stand beside the other cells of the row",
        "请选择取值能与同一行其他单元格相容的分布",
    ),
    "CR-DRAWS": Message(
        "{draws} is no number of draws: give 1 to {most}",
        "{draws} 不是有效的抽取次数：请给出 1 至 {most}",
        "200 draws tell shares to about seven in a hundred, 10,000 to one",
        "200 次抽取可将比例估计到约百分之七，10000 次约百分之一",
    ),
}
