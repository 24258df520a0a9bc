"""Error texts about facts: cells, rows, tables and the files they stand in."""

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

_SOURCES: Mapping[str, Message] = {
    "CR-NO-SUCH-PATH": Message(
        "there is no file or folder of this name",
        "没有此名称的文件或文件夹",
        "check the path; it is taken from the current folder",
        "请检查路径；相对路径从当前文件夹算起",
    ),
    "CR-UNREADABLE": Message(
        "this can't be read: no permission, not a regular file, or a fault of the disk",
        "无法读取：没有权限、不是普通文件或磁盘故障",
        "check its permissions, and that no other program holds it",
        "请检查权限，并确认没有被其他程序占用",
    ),
    "CR-NEEDS-FOLDER": Message(
        "this is the file of a single table",
        "这是单个表的文件",
        "pass the folder that it stands in",
        "请传入它所在的文件夹",
    ),
    "CR-UNKNOWN-FORMAT": Message(
        "tables are not read from this kind of file",
        "不能从此类文件读取表",
        "pass a folder of .csv, .jsonl or .parquet files, or an .xlsx, .json or .yaml file",
        "请传入含 .csv、.jsonl 或 .parquet 文件的文件夹，或 .xlsx、.json、.yaml 文件",
    ),
    "CR-NOT-TABLES": Message(
        "tables can't be read from a {found}",
        "不能从 {found} 读取表",
        "pass a path, or a mapping of table names to rows",
        "请传入路径，或“表名: 行”的映射",
    ),
    "CR-NOT-ROWS": Message(
        "the rows of a table must be a list of objects or a frame, not a {found}",
        "表的行应为对象列表或数据框，而不是{found}",
        "pass dicts, models, or a polars, pandas or pyarrow frame",
        "请传入字典、模型，或 polars、pandas、pyarrow 数据框",
    ),
    "CR-NO-SUCH-TABLE": Message(
        "`{name}` is not a table of these policies",
        "“{name}”不是这些政策使用的表",
        "did you mean `{nearest}`?",
        "是否想写 `{nearest}`？",
    ),
    "CR-UNKNOWN-FILE": Message(
        "this file is no table: tables stand in .csv, .jsonl or .parquet files",
        "此文件不是表：表应为 .csv、.jsonl 或 .parquet 文件",
        "move it elsewhere; only README and hidden files may stand beside the tables",
        "请移到别处；除 README 和隐藏文件外，表旁不能有其他文件",
    ),
    "CR-SUBFOLDER": Message(
        "there is a folder within the folder of tables",
        "表所在的文件夹中还有文件夹",
        "move it elsewhere, or pass it if its tables are meant",
        "请移到别处；若要读取其中的表，请传入该文件夹",
    ),
    "CR-TABLE-TWICE": Message(
        "table `{table}` is given twice, in `{first}` and `{second}`",
        "表 `{table}` 出现两次：`{first}` 和 `{second}`",
        "keep one of the two",
        "两者只能保留一个",
    ),
    "CR-NO-TABLE": Message(
        "no table is here",
        "此处没有任何表",
        "the tables are {tables}; a table without rows still has its heading",
        "可用的表有 {tables}；没有数据的表也要有标题行",
    ),
    "CR-EMPTY-FILE": Message(
        "there is no heading, so this is not an empty table but no table",
        "没有标题行，因此不是空表，而是没有表",
        "give it its heading row, or remove it",
        "请加上标题行，或删除",
    ),
    "CR-FILE-TOO-LARGE": Message(
        "this has more than {limit}, the most that is read row by row",
        "超过 {limit}，无法逐行读取",
        "split it, or evaluate it as a frame",
        "请拆分，或以数据框方式计算",
    ),
}

_FORMATS: Mapping[str, Message] = {
    "CR-BAD-ENCODING": Message(
        "the text is in none of the encodings that are read here: {encodings}",
        "文本不是可读取的编码：{encodings}",
        "save it as UTF-8",
        "请另存为 UTF-8 编码",
    ),
    "CR-NUL-BYTE": Message(
        "the file has NUL bytes, so it is not plain text (or is UTF-16)",
        "文件含有 NUL 字节，不是纯文本（或为 UTF-16 编码）",
        "save it as CSV UTF-8",
        "请另存为“CSV UTF-8”",
    ),
    "CR-WRONG-DELIMITER": Message(
        "the cells seem to be separated by {found}, not by commas",
        "单元格似乎以{found}分隔，而不是逗号",
        "save it again with commas between the cells",
        "请另存为以逗号分隔的文件",
    ),
    "CR-UNCLOSED-QUOTE": Message(
        "the quotation mark that a cell of this row opens is never closed",
        "该行单元格开头的引号没有闭合",
        "close it; a quotation mark within a quoted cell is written twice",
        "请补上引号；引号内的引号须写两次",
    ),
    "CR-BAD-QUOTE": Message(
        "something follows a closing quotation mark where a comma must",
        "闭合引号后应为逗号，却有其他内容",
        "a quotation mark within a quoted cell is written twice",
        "引号内的引号须写两次",
    ),
    "CR-BAD-JSON": Message(
        "this is not JSON, or nests or counts beyond the limits",
        "这不是 JSON，或嵌套过深、数字过长",
        "check the place named; `NaN` and `Infinity` are not JSON, an unknown value is `null`",
        "请检查所指位置；NaN 和 Infinity 不是 JSON，未知的值请写 null",
    ),
    "CR-JSON-KEY-TWICE": Message(
        "an object has the name `{name}` twice",
        "同一对象中名称“{name}”出现两次",
        "keep one of the two",
        "两者只能保留一个",
    ),
    "CR-NOT-AN-OBJECT": Message(
        "the file must hold one object of tables, each a list of rows, not a {found}",
        "文件应为一个对象，每个表名对应一个行的列表，而不是{found}",
        'write it as {{"units": [{{"unit": "U01"}}], ...}}',
        '请写成 {{"units": [{{"unit": "U01"}}], ...}}',
    ),
    "CR-NOT-A-WORKBOOK": Message(
        "this is not an .xlsx workbook, or it is damaged",
        "这不是 .xlsx 工作簿，或文件已损坏",
        "open it in a spreadsheet program and save it again as .xlsx",
        "请用表格软件打开后另存为 .xlsx",
    ),
    "CR-WORKBOOK-LOCKED": Message(
        "the workbook is encrypted, or in the old .xls format",
        "工作簿已加密，或为旧的 .xls 格式",
        "save it as .xlsx without a password",
        "请取消密码并另存为 .xlsx",
    ),
    "CR-WORKBOOK-TOO-LARGE": Message(
        "unpacked, the workbook would be too large",
        "工作簿解压后过大",
        "remove cells far from the table, or give the tables as .csv or .parquet files",
        "请删除远离表格的单元格，或改用 .csv、.parquet 文件",
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
    "CR-BAD-FRAME": Message(
        "this frame can't be read: the library that it is of refuses to give its rows",
        "无法读取此数据框：其所属的库拒绝给出数据行",
        "look at the frame in that library first, or give it with plain types",
        "请先用该库查看此数据框，或改用基本类型",
    ),
    "CR-BAD-PARQUET": Message(
        "this is not a Parquet file, or it is damaged",
        "这不是 Parquet 文件，或文件已损坏",
        "write it again",
        "请重新生成",
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

FACTS: Mapping[str, Message] = {**_PERSONS, **_CELLS, **_ROWS, **_HEADINGS, **_SOURCES, **_FORMATS}
