"""The words that commands print, in both languages."""

from __future__ import annotations

from ..words import Words, telling

WORDS: Words = {
    "colon": (": ", "："),
    "comma": (", ", "，"),
    "brackets": (" ({0})", "（{0}）"),
    "clause": ("clause {0}", "第 {0} 条"),
    # --- evaluate ---
    "as_of": ("As of {0}", "截至 {0}"),
    "reading": ("reading the tables", "正在读取数据"),
    "evaluating": ("evaluating {0}", "正在评价 {0}"),
    "drawing_facts": ("evaluating draws of {0}", "正在评价 {0} 的抽取"),
    "written": ("Written: {0}", "已写入：{0}"),
    "warning": ("Warning: {0}", "注意：{0}"),
    "left_out": ("Not evaluated: {0}, for there is no table {1}", "未评价：{0}，缺少表 {1}"),
    "subject": ("Subject", "对象"),
    "period": ("Period", "期间"),
    "verdict": ("Verdict", "结论"),
    "rules": ("Rules", "规则"),
    "waits": ("Waits for", "有待查明"),
    "more": ("{0} more", "另有 {0} 项"),
    "or": (" or ", "或"),
    "nothing": ("no verdict", "不适用"),
    "undetermined": ("undetermined", "未定"),
    "undetermined_of": ("undetermined: {0}", "未定：{0}"),
    "waived": ("none, waived", "无，已豁免"),
    "waived_by": ("waived by {0}", "{0}豁免"),
    "outranked": ("outranked", "未采用"),
    "summary": ("Summary", "汇总"),
    "total": ("{0} decisions, proposals for a person to confirm", "共 {0} 项结论，均为建议，须由有权人员确认"),
    # --- verify ---
    "verifying": ("verifying {0}", "正在检验 {0}"),
    "severity_error": ("error", "错误"),
    "severity_warning": ("warning", "警告"),
    "severity_info": ("info", "提示"),
    "answer_proved": ("proved", "已证明"),
    "answer_witness": ("witness", "有实例"),
    "answer_undecided": ("undecided", "未能判定"),
    "shown_by": ("shown by", "实例"),
    "proved_of": ("proved of {0}", "证明范围：{0}"),
    "with_settings": ("with {0}", "设定 {0}"),
    "changes": ("{0}: {1} -> {2}", "{0}：{1} -> {2}"),
    "accepted": ("accepted: {0}", "已接受：{0}"),
    "findings": ("{0} findings: {1} warnings, {2} infos, {3} accepted", "共 {0} 项：警告 {1}，提示 {2}，已接受 {3}"),
    # --- policy ---
    "hash": ("hash {0}", "哈希 {0}"),
    "counts": (
        "{policies} policies, {rules} rules, {parameters} parameters ({unset} unset), {readings} readings ({adopted} adopted)",
        "{policies} 项政策，{rules} 条规则，{parameters} 个参数（{unset} 个未设定），{readings} 项条文理解（{adopted} 项已采纳）",
    ),
    "columns": ("Columns", "派生列"),
    "parameters": ("Parameters", "参数"),
    "readings": ("Readings of the text", "条文理解"),
    "to": ("applies to each {0}", "适用于 {0} 中的每一位"),
    "to_where": ("applies to each {0} where {1}", "适用于 {0} 中符合以下条件者：{1}"),
    "not_set": ("not set", "未设定"),
    "default": ("default, adopted by nobody", "默认理解，尚无人采纳"),
    "chosen": ("chosen here, adopted by nobody", "本次选用，尚无人采纳"),
    "adopted": ("adopted by {by} on {on}", "{by}于 {on} 采纳"),
    "why": ("why it is open: {0}", "为何存疑：{0}"),
    # --- simulate synth ---
    "drawing": ("drawing {0}", "正在生成 {0}"),
    "rows": ("{0} rows", "{0} 行"),
    "fine": ("no problems", "未发现问题"),
}

word = telling(WORDS)
