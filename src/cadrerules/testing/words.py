"""What is said of cases and their coverage, in both languages."""

from __future__ import annotations

from ..words import Words, telling

WORDS: Words = {
    # --- what differs ---
    "number": ("{where}: {found} decisions instead of {expected}: {shown}", "{where}：有 {found} 项结论，应为 {expected} 项：{shown}"),
    "decision": ("{where}: the decision is not as expected", "{where}：结论与预期不符"),
    "no_decision": ("{where}: there is no decision; expected {shown}", "{where}：没有结论；预期 {shown}"),
    "unexpected": ("{where}: a decision that should not be: {shown}", "{where}：不应有此结论：{shown}"),
    "finding": ("{where}: the finding is not as expected", "{where}：认定与预期不符"),
    "no_finding": ("{where}: there is no such finding; expected {shown}", "{where}：没有此项认定；预期 {shown}"),
    "not_evaluated": ("not evaluated: {found} instead of {expected}", "未评价的内容为 {found}，应为 {expected}"),
    "warnings": ("{found} warnings instead of {expected}: {shown}", "有 {found} 条提示，应为 {expected} 条：{shown}"),
    "raised": ("an error instead of a result:\n{report}", "出现错误而没有结果：\n{report}"),
    "not_raised": ("a result instead of the error {code}", "得到了结果，而预期的是错误 {code}"),
    "other_error": ("another error than {code}:\n{report}", "出现的错误不是 {code}：\n{report}"),
    "field": ("    {name}: expected {expected}, is {found}", "    {name}：预期 {expected}，实为 {found}"),
    # --- a case ---
    "brackets": (" ({0})", "（{0}）"),
    "clause": ("clause {0}", "第 {0} 条"),
    "why": ("why:", "依据："),
    "again": ("run it again: {0}", "重新运行：{0}"),
    "change": ("{case}: {where}: {old} -> {new}", "{case}：{where}：{old} -> {new}"),
    "updated": ("expectations rewritten", "已改写的预期"),
    "coverage_of": ("coverage of the rules of {0}", "{0} 的规则覆盖情况"),
    # --- coverage ---
    "figure": ("{percent} % covered: {covered} of {obligations} obligations", "覆盖率 {percent}%：{obligations} 项要求中已满足 {covered} 项"),
    "rule": ("Rule", "规则"),
    "clauses": ("Clauses", "条款"),
    "held": ("Held", "成立"),
    "failed": ("Failed", "不成立"),
    "undetermined": ("Undetermined", "未定"),
    "covered": ("Covered", "已覆盖"),
    "kinds": ("By kind of obligation", "按要求类别"),
    "by_rule": ("By rule", "按规则"),
    "by_clause": ("By clause", "按条款"),
    "gaps": ("Not covered", "尚未覆盖"),
    "no_gaps": ("Nothing is left out.", "没有遗漏。"),
    "kind_rule": ("outcomes of rules", "规则结果"),
    "kind_row": ("rows of decision tables", "决策表行"),
    "kind_atom": ("truths of comparisons", "比较的真假"),
    "kind_boundary": ("values at boundaries", "边界取值"),
    "kind_independence": ("comparisons that decide by themselves (MC/DC)", "单独决定结果的比较（MC/DC）"),
    "rule_held": ("never held", "从未成立"),
    "rule_failed": ("never failed", "从未不成立"),
    "rule_undetermined": ("never undetermined", "从未未定"),
    "row_hit": ("never hit", "从未命中"),
    "row_not_hit": ("never passed over", "从未不命中"),
    "atom_true": ("never true", "从未为真"),
    "atom_false": ("never false", "从未为假"),
    "atom_unknown": ("never unknown", "从未未知"),
    "boundary_at": ("no value at the bound", "没有恰在边界上的取值"),
    "boundary_beside": ("no value one step beyond the bound", "没有越过边界一步的取值"),
    "independence_decides": ("never decides the outcome by itself", "从未单独决定结果"),
    "within": ("in {0}", "见 {0}"),
    "cannot": ("not asked", "不作要求"),
    "yes": ("yes", "是"),
    "no": ("no", "否"),
    "masking": (
        "An obligation counts once. MC/DC is the masking form; what a table can't hold, or other comparisons rule out, is no obligation.",
        "每项要求只计一次。MC/DC 采用屏蔽形式；数据表不可能出现、或被其他比较排除的情形不计入要求。",
    ),
    "coverage_title": ("Coverage of the rules", "规则覆盖情况"),
    # --- the command ---
    "ran": ("{passed} of {cases} cases passed in {seconds} s", "{cases} 个用例中通过 {passed} 个，用时 {seconds} 秒"),
    "skipped": ("skipped: {case}: {reason}", "跳过：{case}：{reason}"),
    "under": ("coverage is {percent} %, under the {asked} % asked for", "覆盖率为 {percent}%，低于所要求的 {asked}%"),
    "confirm": ("as the rules decide now; a person confirms that the clause says so", "现行规则得出的结果，须由人员确认与条款相符"),
    "making": ("making cases of {0}", "正在生成 {0} 的用例"),
    "made": ("{made} cases made for {gaps} gaps; {left} are left", "针对 {gaps} 处未覆盖生成了 {made} 个用例，仍余 {left} 处"),
    "failures": ("Failures", "未通过的用例"),
    "running": ("running {0}", "正在运行 {0}"),
}

word = telling(WORDS)
