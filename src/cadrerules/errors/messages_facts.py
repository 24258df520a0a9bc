"""Error texts about facts: cells, rows, headings and persons."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

_CELLS: Mapping[str, Message] = {
    "CR-EMPTY-CELL": Message(
        "this cell must not be empty",
        "此单元格不能为空",
        "fill it in, or remove the row",
        "请填写，或删除该行",
    ),
    "CR-CELL-TOO-LONG": Message(
        "the cell has more than {limit} characters",
        "单元格超过 {limit} 个字符",
        "shorten it; in a CSV file, also look for a quotation mark that is not closed",
        "请缩短；若是 CSV 文件，也请检查引号是否未闭合",
    ),
    "CR-BAD-CHARACTER": Message(
        "the cell has a character that no text may have (NUL, or half of a character)",
        "单元格含有文本中不允许的字符（NUL 或不完整的字符）",
        "enter the text again",
        "请重新输入该文本",
    ),
    "CR-NOT-TEXT": Message(
        "this cell needs text, but holds a {found}",
        "此单元格应为文本，而不是{found}",
        "format the column as text and enter it again; in JSON, put it in quotes",
        "请把该列设为文本格式后重新输入；在 JSON 中请加引号",
    ),
    "CR-ID-BECAME-NUMBER": Message(
        "a spreadsheet turned this id into a number, and its last digits may be lost",
        "表格软件把该编号变成了数字，末尾几位可能已丢失",
        "format the column as text and enter the id again from its source; in JSON, put it in quotes",
        "请把该列设为文本格式，并按原始资料重新输入编号；在 JSON 中请加引号",
    ),
    "CR-NOT-A-NUMBER": Message(
        "`{value}` is not a number",
        "“{value}”不是数字",
        "write digits, such as `0.85` or `85%`; leave the cell empty if the number is not known",
        "请填写数字，例如 0.85 或 85%；数字未知时请留空",
    ),
    "CR-NUMBER-TOO-LARGE": Message(
        "`{value}` has more than {limit} digits",
        "“{value}”超过 {limit} 位",
        "check it for a slip",
        "请检查是否笔误",
    ),
    "CR-OFF-STEP": Message(
        "`{value}` is finer than the step {step}",
        "“{value}”比最小单位 {step} 更细",
        "round it where it comes from; nothing is rounded silently here",
        "请在数据来源处取整，这里不会自动取整",
    ),
    "CR-TOO-LOW": Message(
        "`{value}` is below {low}, the lowest that can be",
        "“{value}”小于最小值 {low}",
        "check it for a slip",
        "请检查是否笔误",
    ),
    "CR-TOO-HIGH": Message(
        "`{value}` is above {high}, the highest that can be",
        "“{value}”大于最大值 {high}",
        "check it for a slip",
        "请检查是否笔误",
    ),
    "CR-NOT-A-TRUTH-VALUE": Message(
        "`{value}` is neither true nor false",
        "“{value}”既不是“是”也不是“否”",
        "write `true` or `false` (also 是/否, `yes`/`no`, `1`/`0`); leave the cell empty if it is not known",
        "请填写“是”或“否”（也可用 true/false、yes/no、1/0）；未知时请留空",
    ),
    "CR-NOT-A-DATE": Message(
        "`{value}` is not a date",
        "“{value}”不是日期",
        "write it as `2024-09-01`, `2024/9/1` or 2024年9月1日; in a spreadsheet, format the cell as a date",
        "请写成 2024-09-01、2024/9/1 或 2024年9月1日；在表格软件中请设为日期格式",
    ),
    "CR-DATE-WITH-TIME": Message(
        "`{value}` has a time of day or a time zone, but a day is needed",
        "“{value}”带有时刻或时区，此处只需日期",
        "write the day alone, as `2024-09-01`",
        "请只写日期，例如 2024-09-01",
    ),
    "CR-DATE-OUT-OF-RANGE": Message(
        "`{value}` is not between the years {first} and {last}",
        "“{value}”不在 {first} 年至 {last} 年之间",
        "check it for a slip; leave the cell empty for a date that has not come",
        "请检查是否笔误；日期尚未到来时请留空",
    ),
    "CR-NOT-A-PERIOD": Message(
        "`{value}` is not a {kind}",
        "“{value}”不是{kind}",
        "write it as {example}; in a spreadsheet, format the cell as text",
        "请写成 {example}；在表格软件中请设为文本格式",
    ),
    "CR-NOT-A-CHOICE": Message(
        "`{value}` is none of {options}",
        "“{value}”不在 {options} 之中",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-CONTRADICTION": Message(
        "the row contradicts itself: {meaning}",
        "该行自相矛盾：{meaning}",
        "correct one of the two cells",
        "请更正其中一个单元格",
    ),
    "CR-CELL-ERROR": Message(
        "cell {cell} holds an error such as #N/A or #DIV/0!",
        "单元格 {cell} 是错误值，如 #N/A 或 #DIV/0!",
        "correct its formula, or clear the cell",
        "请更正公式，或清空单元格",
    ),
    "CR-NOT-CALCULATED": Message(
        "cell {cell} holds a formula whose result is not in the file",
        "单元格 {cell} 是公式，但文件中没有其结果",
        "open the workbook in a spreadsheet program and save it again",
        "请用表格软件打开工作簿后重新保存",
    ),
}

_ROWS: Mapping[str, Message] = {
    "CR-RAGGED-ROW": Message(
        "the row has {found} cells, but the heading has {expected}",
        "该行有 {found} 个单元格，而标题行有 {expected} 个",
        "a cell that contains a comma must stand in quotation marks",
        "含有逗号的单元格须加引号",
    ),
    "CR-NOT-A-ROW": Message(
        "a row must be an object of column names and cells, not a {found}",
        "每一行应为“列名: 值”的对象，而不是{found}",
        'write it as {{"unit": "U01", ...}}',
        '请写成 {{"unit": "U01", ...}}',
    ),
    "CR-DUPLICATE-ROW": Message(
        "the row has the same key ({key}) as row {first}",
        "该行与第 {first} 行的主键（{key}）相同",
        "keep one of the two rows",
        "两行只能保留一行",
    ),
    "CR-KEY-REPEATED": Message(
        "{count} rows have the same key ({key}): {cells}",
        "有 {count} 行的主键（{key}）相同：{cells}",
        "keep one of the rows",
        "只能保留其中一行",
    ),
    "CR-OTHER-FORM": Message(
        "`{value}` isn't in the form that is read where tables stay in Spark",
        "“{value}”的写法不是表留在 Spark 中时可读取的形式",
        "write it as {example}, or read the rows with `read_tables`, which takes other forms as well",
        "请写成 {example} 的形式，或改用 `read_tables` 读取，它还接受其他写法",
    ),
    "CR-NO-SUCH-REFERENCE": Message(
        "{value} is not in column `{column}` of table `{table}`",
        "{value}不在表 `{table}` 的列 `{column}` 中",
        "add it there, or correct it here; `01` and `1` are different ids",
        "请在那里补上，或在此更正；`01` 与 `1` 是不同的编号",
    ),
    "CR-DISPUTED-TABLE": Message(
        "`{value}` is not a table",
        "没有名为“{value}”的表",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-DISPUTED-COLUMN": Message(
        "`{value}` is not a column of table `{table}` that can be disputed",
        "“{value}”不是表 `{table}` 中可以争议的列",
        "name a column that is not part of the key: `{nearest}`?",
        "请写主键以外的列：是否想写 `{nearest}`？",
    ),
    "CR-DISPUTED-ROW": Message(
        "table `{table}` has no row with this key",
        "表 `{table}` 中没有此主键的行",
        "write the key cells in this order, joined by a slash: {key}",
        "请按此顺序写主键单元格，并以斜杠连接：{key}",
    ),
    "CR-MORE-PROBLEMS": Message(
        "{count} more problems are not listed",
        "另有 {count} 处问题未列出",
        "correct the ones above and read the tables again",
        "请先更正以上问题，再重新读取",
    ),
}

_HEADINGS: Mapping[str, Message] = {
    "CR-UNKNOWN-HEADING": Message(
        "table `{table}` has no column `{heading}`",
        "表 `{table}` 没有列“{heading}”",
        "did you mean `{nearest}`? Further columns are allowed with extra columns set to `ignore` or `keep`",
        "是否想写 `{nearest}`？若要允许其他列，请把多余列的处理设为 ignore 或 keep",
    ),
    "CR-HEADING-TWICE": Message(
        "the headings `{first}` and `{second}` name the same column",
        "标题“{first}”与“{second}”是同一列",
        "keep one of the two columns",
        "两列只能保留一列",
    ),
    "CR-NO-HEADING": Message(
        "column {number} has cells but no heading",
        "第 {number} 列有内容但没有标题",
        "give it a heading, or clear its cells",
        "请加上标题，或清空该列",
    ),
    "CR-MISSING-COLUMNS": Message(
        "table `{table}` lacks {columns}",
        "表 `{table}` 缺少列 {columns}",
        "add them to the first row; where values are not known, the cells may be empty",
        "请在第一行补上这些标题；值未知时单元格可以留空",
    ),
    "CR-GROUP-MISSING": Message(
        "table `{table}` lacks the grouping column `{name}`",
        "表 `{table}` 缺少分组列 `{name}`",
        "every table needs it where organisations are kept apart, and no cell of it may be empty",
        "按单位分别评价时，每个表都要有这一列，且每行都须填写",
    ),
    "CR-GROUP-IS-COLUMN": Message(
        "`{name}` is a column of table `{table}`, so tables can't be grouped by it",
        "`{name}` 是表 `{table}` 的列，不能用于分组",
        "group by a further column that stands in every table",
        "请用每个表中都另外加上的列来分组",
    ),
}

_PERSONS: Mapping[str, Message] = {
    "CR-PSEUDONYMS-COLLIDE": Message(
        "under this key two persons would go by the same pseudonym, or one by another's id",
        "用此密钥，会有两人的代号相同，或某人的代号与他人的编号相同",
        "use another key",
        "请换一个密钥",
    ),
    "CR-ID-OF-TWO": Message(
        "the ids of {count} cells are a person's and also something else's, so it is open which of the two to replace",
        "{count} 个单元格的编号既是人员编号，又是其他对象的编号，无法判断应替换哪一个",
        "give persons ids that nothing else has, such as `P001` instead of `1`",
        "请使人员编号不与其他编号相同，例如用 P001 代替 1",
    ),
}

FACTS: Mapping[str, Message] = {**_PERSONS, **_CELLS, **_ROWS, **_HEADINGS}
