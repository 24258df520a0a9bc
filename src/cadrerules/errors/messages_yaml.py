"""Error texts about YAML documents."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

YAML: Mapping[str, Message] = {
    "CR-YAML-UNREADABLE": Message(
        "the file can't be read: {reason}",
        "文件无法读取：{reason}",
        "check its name and that you may read it",
        "请检查文件名和读取权限",
    ),
    "CR-YAML-TOO-LARGE": Message(
        "the document is larger than {limit} bytes",
        "文档超过 {limit} 字节",
        "split it into several documents",
        "请拆分成若干文档",
    ),
    "CR-YAML-NOT-UTF8": Message(
        "the document is not UTF-8 text",
        "文档不是 UTF-8 编码的文本",
        "save it as UTF-8",
        "请以 UTF-8 编码保存",
    ),
    "CR-YAML-CONTROL": Message(
        "the invisible character {character} has no place in a document",
        "文档中不允许出现不可见字符 {character}",
        "delete it; only spaces, tabs and line ends are allowed",
        "请删除；只允许空格、制表符和换行",
    ),
    "CR-YAML-SYNTAX": Message(
        "this is not YAML: {reason}",
        "这不是合规的 YAML：{reason}",
        "check the indentation, and quote text that has `: ` or ` #` or begins with a special character",
        "请检查缩进；含有 `: `、` #` 或以特殊符号开头的文本请加引号",
    ),
    "CR-YAML-DIRECTIVE": Message(
        "directives (`%`) are not allowed",
        "不允许使用指令（`%`）",
        "delete the line; documents are always read as YAML 1.2",
        "请删除该行；文档一律按 YAML 1.2 读取",
    ),
    "CR-YAML-TAG": Message(
        "tags (`!`) are not allowed",
        "不允许使用标签（`!`）",
        "write the plain value; put quotes around text that begins with `!`",
        "请直接写值；以 `!` 开头的文本请加引号",
    ),
    "CR-YAML-ANCHOR": Message(
        "anchors (`&`) are not allowed",
        "不允许使用锚点（`&`）",
        "write the value out where it is needed; put quotes around text that begins with `&`",
        "请在需要处完整写出该值；以 `&` 开头的文本请加引号",
    ),
    "CR-YAML-ALIAS": Message(
        "aliases (`*`) are not allowed",
        "不允许使用别名（`*`）",
        "write the value out here; put quotes around text that begins with `*`",
        "请在此处完整写出该值；以 `*` 开头的文本请加引号",
    ),
    "CR-YAML-MERGE": Message(
        "merge keys (`<<`) are not allowed",
        "不允许使用合并键（`<<`）",
        "write the entries out here",
        "请在此处完整写出各项",
    ),
    "CR-YAML-DUPLICATE-KEY": Message(
        "the key `{key}` stands here twice, first in line {line}",
        "键 `{key}` 重复，首次出现在第 {line} 行",
        "keep one of them",
        "请只保留一个",
    ),
    "CR-YAML-KEY": Message(
        "a key must be text",
        "键必须是文本",
        "put quotes around it",
        "请加引号",
    ),
    "CR-YAML-NUMBER": Message(
        "a number has more than {limit} digits",
        "数字超过 {limit} 位",
        "put quotes around it if it is an identifier",
        "如果是编号，请加引号",
    ),
    "CR-YAML-SEVERAL": Message(
        "a second document begins here",
        "此处开始了第二个文档",
        "put each document into a file of its own",
        "每个文件请只放一个文档",
    ),
    "CR-YAML-TOO-DEEP": Message(
        "the document is nested more than {limit} deep",
        "文档嵌套超过 {limit} 层",
        "write it with fewer levels",
        "请减少嵌套层次",
    ),
    "CR-YAML-TOO-MANY": Message(
        "the document has more than {limit} values",
        "文档包含的值超过 {limit} 个",
        "split it into several documents",
        "请拆分成若干文档",
    ),
}

FILE_REASONS: Mapping[type[Exception], Mapping[str, str]] = {
    FileNotFoundError: {"en": "there is no such file", "zh": "文件不存在"},
    IsADirectoryError: {"en": "it is a folder", "zh": "这是文件夹"},
    PermissionError: {"en": "permission denied", "zh": "没有读取权限"},
    Exception: {"en": "its name or the disk is at fault", "zh": "文件名或磁盘有误"},
}
"""Why a file can't be read; the first that fits counts."""

SYNTAX_REASONS: Mapping[str, Mapping[str, str]] = {
    "mapping keys are not allowed": {"en": "`?` is not expected here", "zh": "此处不应有 `?`"},
    "mapping values are not allowed": {"en": "`:` is not expected here", "zh": "此处不应有 `:`"},
    "could not find expected ':'": {"en": "a `:` is missing after this key", "zh": "此键之后缺少 `:`"},
    "'\\t' that cannot start": {"en": "indent with spaces, not tabs", "zh": "缩进须用空格，不能用制表符"},
    "that cannot start any token": {"en": "text can't begin like this", "zh": "文本不能以此字符开头"},
    "end of stream": {"en": "the quote that opens here is never closed", "zh": "此处的引号没有结束"},
    "document separator": {"en": "the quote that opens here is never closed", "zh": "此处的引号没有结束"},
    "expected ',' or": {"en": "a comma or a closing bracket is missing", "zh": "缺少逗号或右括号"},
    "block end": {"en": "this doesn't go on from what comes before", "zh": "此处与上文不衔接"},
    "sequence entries": {"en": "a list can't begin here", "zh": "此处不能开始列表"},
    "escape": {"en": "there is no such escape after `\\`", "zh": "`\\` 之后没有这样的转义"},
    "hexdecimal": {"en": "hexadecimal digits are missing after `\\`", "zh": "`\\` 之后缺少十六进制数字"},
    "line break": {"en": "only an indentation may follow `|` or `>`", "zh": "`|` 或 `>` 之后只能写缩进"},
    "indentation": {"en": "the indentation doesn't fit", "zh": "缩进不当"},
    "document start": {"en": "nothing more is expected here", "zh": "此处不应再有内容"},
    "document end": {"en": "nothing may follow `...`", "zh": "`...` 之后不应再有内容"},
    "node content": {"en": "a value is missing", "zh": "此处缺少值"},
    "": {"en": "this is not expected here", "zh": "此处内容不合语法"},
}
"""What is wrong, by a part of the parser's own words; the first that fits counts."""
