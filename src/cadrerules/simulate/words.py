"""The words that ambiguities and uncertain facts are told in, in both languages."""

from __future__ import annotations

from ..words import Words, telling

WORDS: Words = {
    "colon": (": ", "："),
    "list": (", ", "、"),
    "counted": ("{kind} {count}", "{kind} {count}"),
    # --- ambiguities ---
    "ambiguities": (
        "What decisions turn on: {name}, version {version}, as of {as_of}",
        "哪些歧义影响结论：{name}，版本 {version}，截至 {as_of}",
    ),
    "ambiguity": ("{title} ({name}, clause {clauses})", "{title}（{name}，第 {clauses} 条）"),
    "turn": ("{0} of {1} decisions differ between readings ({2})", "{1} 项结论中有 {0} 项随理解而不同（{2}）"),
    "wait": ("{0} of {1} decisions wait for this number ({2})", "{1} 项结论中有 {0} 项等待该数值（{2}）"),
    "by_question": ("by question", "按问题"),
    "in_force": ("in force, adopted by nobody", "现行理解，尚无人采纳"),
    "adopted": ("in force, adopted", "现行理解，已采纳"),
    "otherwise": ("{0} decided otherwise", "{0} 项结论不同"),
    "skipped": ("{0} not counted: {1}", "{0} 未计：{1}"),
    "nothing_turns": ("No decision turns on any of them.", "没有结论受其影响。"),
    "idle": ("No decision on these facts turns on: {0}", "对这些事实没有影响：{0}"),
    # --- outcomes ---
    "or": (" or ", "或"),
    "and": (" and ", "和"),
    "nothing": ("nothing", "不适用"),
    "question": ("Question", "问题"),
    "outcome": ("Outcome", "结论"),
    "now": ("Now", "目前"),
    "mean": ("Expected", "期望"),
    "most_draws": ("95 % of draws", "95% 的抽取"),
    "all_draws": ("All draws", "全部抽取"),
    "range": ("{0} to {1}", "{0} 至 {1}"),
    "subject": ("Subject", "对象"),
    "period": ("Period", "期间"),
    "share": ("Probability", "概率"),
    "interval": ("95 % interval", "95% 区间"),
    "more": ("{0} more; `--format json` has all", "另有 {0} 项；`--format json` 可列出全部"),
    # --- draws ---
    "uncertainty": (
        "Uncertain facts: {name}, version {version}, as of {as_of}; {draws} draws, seed {seed}",
        "不确定的事实：{name}，版本 {version}，截至 {as_of}；抽取 {draws} 次，种子 {seed}",
    ),
    "drawn_distributions": ("{name}: {cells} missing cells drawn", "{name}：抽取 {cells} 个缺失单元格"),
    "drawn_replace": ("{name}: all {cells} cells drawn", "{name}：抽取全部 {cells} 个单元格"),
    "drawn_noise": ("{name}: noise added to {cells} known cells", "{name}：对 {cells} 个已知单元格加入扰动"),
    "counts": ("How many decisions have which outcome", "各结论的数量"),
    "open_decisions": ("Decisions that draws change", "随抽取而变的结论"),
    "settled": ("{0} further decisions come out as now in every draw.", "另有 {0} 项结论在每次抽取中都与目前相同。"),
    "none_open": ("No draw changes any decision.", "任何抽取都不改变结论。"),
    # --- noise ---
    "noise": (
        "Noise: {name}, version {version}, as of {as_of}; {draws} draws, seed {seed}",
        "扰动：{name}，版本 {version}，截至 {as_of}；抽取 {draws} 次，种子 {seed}",
    ),
    "noise_of": ("{0}: {1}", "{0}：{1}"),
    "how_many_turn": ("How many decisions turn", "改变的结论数量"),
    "decisions": ("Decisions", "结论数"),
    "turn_mean": ("Turn in a draw", "每次改变"),
    "turn_ever": ("In any draw", "曾经改变"),
    "turning": ("Decisions that turn most often", "最常改变的结论"),
    "turns": ("Turns", "改变的比例"),
    "mostly": ("Mostly to", "多变为"),
    "none_turn": ("No decision turns in any draw.", "任何抽取都不改变结论。"),
    # --- bounds ---
    "bounds": (
        "Best and worst case: {name}, version {version}, as of {as_of}",
        "最好和最坏情形：{name}，版本 {version}，截至 {as_of}",
    ),
    "least": ("At least", "至少"),
    "greatest": ("At most", "至多"),
    "best": ("Best case", "最好"),
    "worst": ("Worst case", "最坏"),
    "bounds_note": (
        "Whatever missing facts and unset parameters turn out to be, no count lies outside.\nAn end need not be reached, and the ends of different counts hardly ever are together: one place can't be had twice.",
        "无论缺失的事实和未设定的参数最终如何，数量都不会超出范围。\n端点未必能够达到，各端点一般也不会同时出现：一个名次不能由两者同得。",
    ),
    "undetermined": ("{0} decisions are undetermined.", "{0} 项结论未定。"),
    # --- margins ---
    "margins": (
        "Margins to the next outcome: {name}, version {version}, as of {as_of}",
        "距下一结论的差距：{name}，版本 {version}，截至 {as_of}",
    ),
    "place": ("Place", "名次"),
    "place_of": ("{0} of {1}", "第 {0} 名，共 {1}"),
    "value": ("Value", "数值"),
    "next": ("Next", "下一结论"),
    "places": ("Places", "名次差"),
    "gap": ("Value apart", "数值差"),
    "more_than": ("more than {0}", "超过 {0}"),
    "rivals": ("From", "相邻者"),
    "up": ("up to {0}", "升至{0}"),
    "down": ("down to {0}", "降至{0}"),
    "no_margins": ("No decision on these facts rests on the place of a row in a ranking.", "对这些事实，没有结论取决于某一行的名次。"),
    "margins_note": (
        "As the rules have it, all other values as they are; waivers aren't asked.",
        "按规则计算，其他数值保持不变；不考虑豁免。",
    ),
    "unknown_rows": (
        "{question}: {count} rows stand in rankings with values that aren't known; nothing is told of these.",
        "{question}：{count} 行所在的排名含有未知数值，未列出。",
    ),
    "through_others": (
        "{question}: {rules} also rests on places of other rows (earlier periods, say), so it has no margin of one row.",
        "{question}：{rules} 还取决于其他行的名次（如以前各期），没有单独一行的差距。",
    ),
    "addressed": (
        "{question}: {rules} goes to others than the row that is ranked, so it isn't told.",
        "{question}：{rules} 的对象并非被排名的行，未列出。",
    ),
    # --- displacements ---
    "displacements": (
        "Who took whose place: {name}, from version {version} to {after}, as of {as_of}",
        "名次更替：{name}，由版本 {version} 到 {after}，截至 {as_of}",
    ),
    "from_to": ("{0} -> {1}", "{0} → {1}"),
    "why": ("Why", "原因"),
    "replaced": ("{0} came in", "{0}进入"),
    "passed_by": ("passed by {0}", "被{0}超过"),
    "passed": ("passed {0}", "超过{0}"),
    "own_value": ("own value {0} -> {1}", "自身数值 {0} → {1}"),
    "rules_changed": ("the rules changed", "规则有变"),
    "no_displacements": ("No outcome in a ranking changed.", "排名中的结论均未改变。"),
    "unknown_rankings": (
        "{0} rankings have values that aren't known, before or after; nothing is told of these.",
        "{0} 个排名在变动前或变动后含有未知数值，未列出。",
    ),
}

word = telling(WORDS)
