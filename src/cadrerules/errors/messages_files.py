"""Error texts about the files and frames that facts stand in: where they are, and what form they have."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

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

FILES: Mapping[str, Message] = {**_SOURCES, **_FORMATS}
