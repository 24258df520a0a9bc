"""Every error code with both texts, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from cadrerules.errors import CATALOGUE, Lang
from generating.notes import NOTE

HEADS: dict[Lang, str] = {
    "en": """# Errors
{note}
Every error has a stable code, a place, what was wrong and what to do. Bad input is refused whole, in one report.""",
    "zh": """# 错误
{note}
每个错误都有固定的代码，并说明位置、错在哪里、如何处理。输入有误的整体拒绝，所有错误一次报齐。""",
}


def errors(lang: Lang = "en") -> Iterator[str]:
    """Every error code with both texts, that of the page's language first."""
    yield HEADS[lang].format(note=NOTE)
    for code, message in sorted(CATALOGUE.items()):
        texts, hints = (message.en, message.zh), (message.hint_en, message.hint_zh)
        if lang == "zh":
            texts, hints = texts[::-1], hints[::-1]
        yield f"\n## {code}\n"
        yield f"{_plain(texts[0])}  \n{_plain(texts[1])}\n"
        yield f"*{_plain(hints[0])}*  \n*{_plain(hints[1])}*"


def _plain(text: str) -> str:
    """A message's text with its places to fill in brackets of their own."""
    return (
        text.replace("{{", "«")
        .replace("}}", "»")
        .replace("{", "⟨")
        .replace("}", "⟩")
        .replace("«", "{")
        .replace("»", "}")
        .replace("<", "&lt;")
    )
