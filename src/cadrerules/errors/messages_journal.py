"""Error texts about journals."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

_EDITED_EN = "the journal has been changed by other means; compare with an export or a backup"
_EDITED_ZH = "日志曾被以其他方式改动；请与导出文件或备份对照"

JOURNAL: Mapping[str, Message] = {
    "CR-JOURNAL-URL": Message(
        "`{found}` is no database that a journal can be kept in",
        "“{found}”不是可用来保存日志的数据库",
        "give the path of a file, or `postgresql+psycopg://USER@HOST/DATABASE`",
        "请给出文件路径，或 `postgresql+psycopg://用户@主机/数据库`",
    ),
    "CR-JOURNAL-FORMAT": Message(
        "the journal has format {found}; this version knows formats up to {known}",
        "该日志为第 {found} 版格式；本版本最高支持第 {known} 版",
        "install a later version of cadrerules",
        "请安装更新版本的 cadrerules",
    ),
    "CR-JOURNAL-BUSY": Message(
        "others have been writing to the journal for {seconds} seconds; nothing was entered",
        "其他程序占用日志写入已达 {seconds} 秒；未写入任何内容",
        "try again with the same id",
        "请用同一编号重试",
    ),
    "CR-JOURNAL-FAILED": Message(
        "the journal's database fails: {reason}",
        "日志的数据库出错：{reason}",
        "a call that failed may be repeated with the same id; it is entered once",
        "失败的调用可用同一编号重试，只会写入一次",
    ),
    "CR-JOURNAL-VALUE": Message(
        "this can't be entered: {reason}",
        "该内容无法写入日志：{reason}",
        "enter text, whole numbers, `Decimal`, truth values, dates, periods, and lists and objects of them",
        "可写入文本、整数、`Decimal`、真假值、日期、期间，以及由它们组成的列表和对象",
    ),
    "CR-JOURNAL-KEY": Message(
        "the key of a row of table `{table}` has these cells: {key}",
        "表“{table}”的主键由下列单元格组成：{key}",
        "give a cell for each, in this order or by column; without a plan, give the key beside the row",
        "请逐一给出，按此顺序或按列名；未给出政策集时，请在行之外另给主键",
    ),
    "CR-JOURNAL-MOVED-ON": Message(
        "the journal has {found} entries, not {known} as the caller knew it; nothing was entered",
        "日志现有 {found} 条记录，而非调用方所知的 {known} 条；未写入任何内容",
        "read the new entries, decide again and repeat the call",
        "请先读取新增记录，据此重新判断后再提交",
    ),
    "CR-JOURNAL-ROW-THERE": Message(
        "a row of table `{table}` with this key is there already",
        "表“{table}”中已有此主键的行",
        "correct it, or retract it first",
        "请更正该行，或先将其撤回",
    ),
    "CR-JOURNAL-NO-ROW": Message(
        "no row of table `{table}` has this key",
        "表“{table}”中没有此主键的行",
        "post it first",
        "请先写入该行",
    ),
    "CR-JOURNAL-ID-REUSED": Message(
        "id `{id}` belongs to entry {sequence}, which says something else",
        "编号“{id}”已属于第 {sequence} 条，且内容不同",
        "give each fact an id of its own",
        "请为每项事实使用各自的编号",
    ),
    "CR-JOURNAL-NEEDS-PLAN": Message(
        "without a plan nobody knows which columns hold personal data",
        "未给出政策集，无从得知哪些列含有个人数据",
        "open the journal with the plan whose tables it keeps",
        "请用该日志所属的政策集打开",
    ),
    "CR-JOURNAL-GAP": Message(
        "entry {expected} should stand here",
        "此处应为第 {expected} 条",
        "entries are missing or stand in another order; compare with an export or a backup",
        "有条目缺失或次序改变；请与导出文件或备份对照",
    ),
    "CR-JOURNAL-LINK": Message(
        "the entry doesn't name the digest of the one before",
        "该条所记的上一条摘要不符",
        _EDITED_EN,
        _EDITED_ZH,
    ),
    "CR-JOURNAL-DIGEST": Message("the entry isn't what its digest says", "该条与其摘要不符", _EDITED_EN, _EDITED_ZH),
    "CR-JOURNAL-TIME": Message(
        "the entry became known before the one before it",
        "该条的获知时间早于上一条",
        _EDITED_EN,
        _EDITED_ZH,
    ),
    "CR-JOURNAL-PAYLOAD": Message(
        "what the entry says isn't what its digest says",
        "该条的内容与其摘要不符",
        _EDITED_EN,
        _EDITED_ZH,
    ),
    "CR-JOURNAL-PAYLOAD-LOST": Message(
        "the entry's content is gone, and no entry says that it was erased",
        "该条的内容已不在，且没有条目记载其已被清除",
        _EDITED_EN,
        _EDITED_ZH,
    ),
    "CR-JOURNAL-NOT-ERASED": Message(
        "the entry's content is there, though it was erased",
        "该条的内容已被清除，却仍然存在",
        "a backup may have brought it back; erase it again",
        "可能因恢复备份而重现；请再次清除",
    ),
    "CR-JOURNAL-TAIL": Message(
        "the journal should end with entry {expected} as it was written, but ends with entry {found}",
        "日志应以写入时的第 {expected} 条结束，现以第 {found} 条结束",
        "its end is lost or changed, and nothing more is entered; compare with an export or a backup",
        "其末尾丢失或被改动，不再写入；请与导出文件或备份对照",
    ),
    "CR-JOURNAL-ANCHOR": Message(
        "the entry isn't the one that stood here when the head was taken",
        "该条不是当初记下日志末尾时所在的那一条",
        "the journal has been rewritten since; compare with an export or a backup",
        "日志此后被重写；请与导出文件或备份对照",
    ),
    "CR-JOURNAL-ROWS": Message(
        "the list of rows doesn't follow from the entries",
        "行的清单与各条目不一致",
        _EDITED_EN,
        _EDITED_ZH,
    ),
    "CR-JOURNAL-LINE": Message(
        "the line is not one of an exported journal",
        "该行不是导出日志的内容",
        "export the journal again; the file is cut off or was changed",
        "请重新导出日志；该文件不完整或被改动",
    ),
}
