"""A text in both languages."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from ..errors import Lang


class Texts(BaseModel):
    """A title or reason in English and Chinese."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    en: str = Field(description="the text in English")
    zh: str = Field(description="the text in Chinese")

    def text(self, lang: Lang) -> str:
        """The text in one language."""
        return self.zh if lang == "zh" else self.en
