"""The words that a comparison with reforms is told in, in both languages."""

from __future__ import annotations

from ..words import Words, telling

WORDS: Words = {
    "reform": ("Reform: {title} (version {version})", "改动方案：{title}（版本 {version}）"),
    "unchanged": ("The documents do not differ.", "文档没有差异。"),
    "affected": ("Affected: {count} decisions; {subjects}", "受影响：{count} 项结论；{subjects}"),
    "one_affected": ("Affected: 1 decision; {subjects}", "受影响：1 项结论；{subjects}"),
    "none_affected": ("Affected: no decision.", "受影响：无。"),
    "question": ("{title}, {kind}: {count} decisions", "{title}（{kind}）：{count} 项结论"),
    "before": ("Before", "改动前"),
    "after": ("After", "改动后"),
    "decisions": ("Decisions", "结论数"),
    "subjects": ("Subjects", "对象数"),
    "share": ("Share", "占比"),
    "stays": ("stays", "不变"),
    "stays_amounts": ("stays, {0} with other amounts", "不变，其中 {0} 项数额不同"),
    "no_change": ("No decision changes: {0}", "结论均不变：{0}"),
    "by": ("By {0}", "按 {0}"),
    "no_value": ("(none)", "（无）"),
    "nobody": ("Nobody changes.", "均不变。"),
    "parts": ("Put down to", "归因"),
    "asked": ("Question", "问题"),
    "change": ("Change", "修改"),
    "weight": ("Its share", "占"),
    "takes_part": ("Takes part in", "涉及"),
    "estimated": ("about {0}", "约 {0}"),
    "list": ("Decisions that change", "改变的结论"),
    "more": ("{0} more; `--format csv` has all", "另有 {0} 项；`--format csv` 可列出全部"),
    "unexplained": ("no change of the documents", "并非由文档修改引起"),
    "comma": (", ", "、"),
}

word = telling(WORDS)
