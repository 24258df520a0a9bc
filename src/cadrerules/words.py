"""Tables of words and sentences in English and Chinese, and how one is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from .errors import Lang

Words = Mapping[str, tuple[str, str]]
"""Under each key the text in English and the one in Chinese, with places to fill as `str.format` has them."""


class Teller(Protocol):
    """Gives the text under a key in a language, filled in."""

    def __call__(self, key: str, lang: Lang, /, *values: object, **named: object) -> str: ...


def telling(words: Words) -> Teller:
    """What tells the texts of a table; a value may itself be a pair of texts under `en` and `zh`."""

    def word(key: str, lang: Lang, /, *values: object, **named: object) -> str:
        shown = {name: value[lang] if isinstance(value, Mapping) else value for name, value in named.items()}
        return words[key][lang == "zh"].format(*values, **shown)

    return word
