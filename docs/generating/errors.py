"""Every error code with both texts, from the catalogue."""

from __future__ import annotations

from collections.abc import Iterator

from cadrerules.errors import CATALOGUE
from generating.notes import NOTE


def errors() -> Iterator[str]:
    """Every error code with both texts."""
    yield "# Errors"
    yield NOTE
    yield "Every error has a stable code, a place, what was wrong and what to do. Bad input is refused whole, in one report."
    for code, message in sorted(CATALOGUE.items()):
        yield f"\n## {code}\n"
        yield f"{_plain(message.en)}  \n{_plain(message.zh)}\n"
        yield f"*{_plain(message.hint_en)}*  \n*{_plain(message.hint_zh)}*"


def _plain(text: str) -> str:
    """A message's text with its places to fill shown in capitals."""
    return (
        text.replace("{{", "«")
        .replace("}}", "»")
        .replace("{", "⟨")
        .replace("}", "⟩")
        .replace("«", "{")
        .replace("»", "}")
        .replace("<", "&lt;")
    )
