"""The form of a message in the catalogue."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """The texts of one error code, with `{names}` to be filled."""

    en: str
    zh: str
    hint_en: str = ""
    hint_zh: str = ""

    def text(self, lang: str) -> str:
        """What was wrong."""
        return self.zh if lang == "zh" else self.en

    def hint(self, lang: str) -> str:
        """What to do."""
        return self.hint_zh if lang == "zh" else self.hint_en
