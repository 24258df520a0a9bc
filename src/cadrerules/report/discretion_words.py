"""The words of the discretion ledger, in both languages."""

from __future__ import annotations

from ..words import Words, telling

WORDS: Words = {
    "title": ("Discretion ledger", "裁量台账"),
    "eyebrow": ("Where people decide", "须由人决定之处"),
    "entries": ("Findings that may be waived", "可豁免的认定"),
    "entries_note": (
        "Each of them applies unless somebody with authority sets it aside for a reason.",
        "以下各项除非由有权机关说明理由予以豁免，否则适用。",
    ),
    "no_entries": ("Nothing that may be waived was found.", "没有可豁免的认定。"),
    "resting": ("Decisions that rest on a reading nobody has adopted", "依据尚无人采纳之理解的结论"),
    "resting_note": (
        "The text leaves these points open. The reading used is the default, or was chosen for this evaluation.",
        "以下各处原文未予明确，所用理解为默认理解，或为本次评价所选。",
    ),
    "no_resting": ("Every reading that decisions rest on has been adopted.", "结论所依据的理解均已采纳。"),
    "waiting": ("Numbers not set that decisions wait for", "结论所等待的未设定数值"),
    "waiting_note": (
        "Until somebody sets them, the decisions stay undetermined.",
        "在有人设定之前，相关结论一直未定。",
    ),
    "no_waiting": ("No decision waits for a number.", "没有结论在等待数值。"),
    # --- headings ---
    "state": ("State", "状态"),
    "subject": ("Subject", "对象"),
    "period": ("Period", "期间"),
    "finding": ("Finding", "认定"),
    "leads_to": ("Leads to", "结论"),
    "clause": ("Clause", "条款"),
    "waiver": ("Waiver", "豁免"),
    "waits": ("Waits for", "有待查明"),
    "open_point": ("Open point", "存疑之处"),
    "in_force": ("Reading in force", "所用理解"),
    "others": ("Other readings", "其他理解"),
    "why": ("Why it is open", "为何存疑"),
    "decisions": ("Decisions", "结论"),
    "count": ("Number", "数量"),
    "which": ("Which", "涉及"),
    "parameter": ("Number", "数值"),
    # --- states ---
    "stands": ("stands", "有效"),
    "waived": ("waived", "已豁免"),
    "disputed": ("disputed", "有争议"),
    "awaits": ("awaits a decision", "待定"),
    "idle": ("not in force: {0}", "未生效或已失效：{0}"),
    "undetermined": ("undetermined ({0})", "未定（{0}）"),
    "set_aside": ("none, waived", "无，已豁免"),
    "apart": ("; ", "；"),
    "dash": (" – ", "——"),
    "subject_only": ("Only {0}.", "仅限 {0}。"),
}

word = telling(WORDS)
