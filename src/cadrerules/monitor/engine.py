"""Which engine a monitor works with, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

MonitorEngine = Literal["auto", "scalar", "stream"]


@dataclass(frozen=True)
class EngineNote:
    """What decides a monitor's rules: `stream` (durable_rules, beside the scalar engine) or `scalar`, and why, in both languages."""

    name: Literal["stream", "scalar"]
    en: str
    zh: str


WITHOUT = EngineNote(
    "scalar",
    "the scalar engine decides all rules: durable_rules isn't used (extra `stream`; Python below 3.13)",
    "全部规则由标量引擎判定：未使用 durable_rules（附加包 stream，需 Python 3.13 以下）",
)


def streaming(rules: Sequence[str]) -> EngineNote:
    """The note where durable_rules decides these rules."""
    named = ", ".join(rules) or "-"
    return EngineNote(
        "stream",
        f"durable_rules decides {named}; the scalar engine all else",
        f"durable_rules 判定 {named}；其余由标量引擎判定",
    )


def broken(reason: str) -> EngineNote:
    """The note where durable_rules failed."""
    return EngineNote(
        "scalar",
        f"durable_rules failed ({reason}); since then the scalar engine decides what it did",
        f"durable_rules 出错（{reason}），此后改由标量引擎判定",
    )
