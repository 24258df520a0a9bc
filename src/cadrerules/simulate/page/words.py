"""The words of a simulation's page and charts, in both languages."""

from __future__ import annotations

from collections.abc import Mapping

from ...errors import Lang

WORDS: Mapping[str, tuple[str, str]] = {
    # --- the page ---
    "eyebrow": ("Simulation · {name} · as of {as_of}", "模拟 · {name} · 截至 {as_of}"),
    "title_several": ("Simulation: {name}", "模拟：{name}"),
    "title_sweep": ("Sweep: {0}", "参数扫描：{0}"),
    "title_ambiguities": ("What the text leaves open", "条文未定之处"),
    "reminder": (
        "What a simulation gives are proposals for people to weigh: it decides on nobody, and every decision that it "
        "counts would have to be confirmed by a person.",
        "模拟结果仅供有权人员研究参考，不对任何人作出决定；所统计的每项结论均须由人确认。",
    ),
    "without_scripts": (
        "Charts, sorting and filtering need JavaScript; all their figures stand in the tables.",
        "图表、排序和筛选需要 JavaScript；全部数字均见于表格。",
    ),
    "nothing_here": ("Nothing to show.", "无内容。"),
    "cut": (
        "The first {shown:,} of {total:,} rows; `--format csv` writes all of them.",
        "仅列前 {shown:,} 行，共 {total:,} 行；用 `--format csv` 可导出全部。",
    ),
    "filter": ("Filter", "筛选"),
    "sort_by": ("Sort by", "排序"),
    "rows_shown": ("{0} of {1} rows", "显示 {0} / {1} 行"),
    "ascending": ("ascending", "升序"),
    "descending": ("descending", "降序"),
    "unsorted": ("as listed", "原顺序"),
    # --- a comparison ---
    "what_changes": ("What changes", "改了什么"),
    "no_changes": ("The reform leaves the documents as they are.", "该方案未改动政策文档。"),
    "how_many": ("How many", "影响多少"),
    "who": ("Who", "影响到谁"),
    "which_part": ("Which part of the reform", "由方案的哪一部分引起"),
    "part_note": (
        "Each change's share of the flips, whatever the order of the changes: the sum of its Shapley values.",
        "各项改动在结论变化中所占份额（沙普利值之和），与改动的先后无关。",
    ),
    "reforms": ("Reforms side by side", "各方案对照"),
    "reform": ("Reform", "方案"),
    "flips": ("decisions change", "项结论改变"),
    "one_flip": ("decision changes", "项结论改变"),
    "affected_kind": ("affected ({0})", "受影响（{0}）"),
    "gain": ("better", "变好"),
    "loss": ("worse", "变差"),
    "other": ("neither", "其他"),
    "gain_note": (
        "Better and worse are for the one concerned, by what the plan says of its verdicts: a favourable verdict is better "
        "than a neutral one or none, an adverse one worse, a graver one worse still. What is undetermined is better or "
        "worse only where all that is possible is.",
        "变好、变差均就当事人而言，以政策对结论的界定为准：有利结论优于中性结论或无结论，不利结论较差，程度越重越差。"
        "未定的结论，仅当各种可能均变好或均变差时才计入。",
    ),
    "no_flips": ("No decision changes.", "没有结论改变。"),
    "balance": ("Better and worse, by question", "各问题的变好与变差"),
    "transitions_of": ("{0}: from which outcome to which", "{0}：结论如何变化"),
    "transition_note": ("{changed:,} of {total:,} decisions change ({share}).", "{total:,} 项结论中有 {changed:,} 项改变（{share}）。"),
    "all_transitions": ("All transitions, those that stay included", "全部变化（含不变者）"),
    "board_of": ("{0}: before and after", "{0}：改前与改后"),
    "board_note": (
        "Subjects with a change; a cell is one period. Where two halves differ the outcome changes: left before, right after.",
        "列出有变化的对象，每格为一个期间。左右两半不同即结论改变：左为改前，右为改后。",
    ),
    "board_affected": ("Only what changes is shown.", "仅列有变化的格。"),
    "board_cut": (
        "Of {total:,} subjects with a change the {shown} with the most, the last {periods} periods.",
        "有变化的对象共 {total:,} 个，仅列变化最多的 {shown} 个、最近 {periods} 个期间。",
    ),
    "breakdown": ("By column", "按栏目分"),
    "affected": ("Those affected", "受影响名单"),
    # --- a sweep ---
    "sweep_of": ("{0} along {1}", "{0}随“{1}”的变化"),
    "sweep_heat": ("{0}: {1}", "{0}：{1}"),
    "present": ("now {0}", "现值 {0}"),
    "present_note": ("{title} is {value} now.", "“{title}”现值为 {value}。"),
    "present_unset": ("{title} is not set now.", "“{title}”目前未设定。"),
    "no_effect": ("No value makes a difference to: {0}.", "无论取何值均不变：{0}。"),
    "every_value": ("Every value", "全部取值"),
    "compression": ("How the values were answered", "如何计算"),
    "represented": ("Representatives", "代表数"),
    "reason": ("Remark", "说明"),
    # --- what the text leaves open ---
    "ranked": ("What to settle first", "应先明确的事项"),
    "ranked_note": (
        "For each reading of the text, and each number left out, how many decisions turn on it. An interpretation counts "
        "those that differ between any two of its readings, a number left out those that wait for it.",
        "每一处条文理解和每一个留白的数字，各决定多少项结论。条文理解统计任意两种理解下不同的结论，留白数字统计因其未定的结论。",
    ),
    "turns": ("decisions turn on it", "项结论取决于此"),
    "options": ("If read otherwise", "若作别的理解"),
    "chosen": ("in force", "现行"),
    "interpretation": ("interpretation", "条文理解"),
    "parameter": ("parameter", "参数"),
    # --- columns ---
    "question": ("Question", "问题"),
    "before": ("Before", "改前"),
    "after": ("After", "改后"),
    "direction": ("Direction", "变化方向"),
    "decisions": ("Decisions", "结论数"),
    "changed": ("Changed", "改变"),
    "subjects": ("Subjects", "对象数"),
    "share": ("Share", "占比"),
    "element": ("Element", "要素"),
    "clauses": ("Clauses", "条款"),
    "field": ("Field", "字段"),
    "policy": ("Policy", "政策"),
    "change": ("Change", "改动"),
    "weight": ("Flips put down to it", "归因的变化数"),
    "column": ("Column", "栏目"),
    "value": ("Value", "取值"),
    "group": ("Organisation", "单位"),
    "kind": ("Kind", "类别"),
    "subject": ("Subject", "对象"),
    "period": ("Period", "期间"),
    "rule": ("Rule", "规则"),
    "because": ("Because of", "原因"),
    "outcome": ("Outcome", "结论"),
    "ambiguity": ("What is open", "未定事项"),
    "of": ("Of", "总数"),
    "reading": ("Reading", "理解"),
    "differ": ("Decisions that differ", "不同的结论"),
    "none": ("(none)", "（空）"),
    "undetermined": ("undetermined", "未定"),
    # --- how to reproduce ---
    "reproduce": ("How to reproduce it", "如何重现"),
    "command": ("The command", "命令"),
    "reform_document": ("The reform as a document", "方案文档"),
    "basis": ("What it rests on", "依据"),
    "policies": ("Policies", "政策集"),
    "policies_after": ("Policies after: {0}", "改后政策集：{0}"),
    "data": ("Data (SHA-256)", "数据（SHA-256）"),
    "rows": ("Rows of {0}", "{0}行数"),
    "subjects_of": ("Different ids: {0}", "不同编号数：{0}"),
    "as_of": ("As of", "截至"),
    "engine": ("Engine", "引擎"),
    "what": ("What", "项目"),
    "and": (" and ", "且"),
    "arrow": (" → ", " → "),
    "brackets": (" ({0})", "（{0}）"),
    "dot": (" · ", " · "),
    "colon": (": ", "："),
    "comma": (", ", "、"),
    "below_share": ("< 0.1 %", "< 0.1 %"),
    # --- charts ---
    "alt_bars": ("Bars. {0}.", "条形图。{0}。"),
    "alt_lines": ("Lines along {title}, from {first} to {last}. {0}.", "沿“{title}”从 {first} 到 {last} 的折线。{0}。"),
    "alt_line": ("{0}: {1} to {2}, {3} now", "{0}：{1} 至 {2}，现为 {3}"),
    "alt_line_unset": ("{0}: {1} to {2}", "{0}：{1} 至 {2}"),
    "alt_heat": ("Heat map of {rows} by {columns}: from {low} to {high} decisions.", "“{rows}”与“{columns}”的热力图：{low} 至 {high} 项结论。"),
    "alt_board": ("Heat map of {subjects} subjects by {periods} periods; {changed} cells change.", "{subjects} 个对象、{periods} 个期间的热力图；{changed} 格改变。"),
    "alt_more": ("and {0} more", "另有 {0} 项"),
}


def word(key: str, lang: Lang, *values: object, **named: object) -> str:
    """A word or sentence of the table, filled in."""
    return WORDS[key][lang == "zh"].format(*values, **named)
