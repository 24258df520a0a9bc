"""Finds known names and ids within texts: the longest at each place, and only whole words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from ..errors import Problem
from .facts import Row, Table

HIDDEN: Final = "…"
_UNSPACED: Final = "\u2e80"
"""From here on the characters of scripts that put no space between words."""


@dataclass(frozen=True)
class Mentions:
    """Known texts and what stands for each."""

    stand_in: Mapping[str, str]

    @cached_property
    def _lengths(self) -> Mapping[str, tuple[int, ...]]:
        """How long the known texts are that start with a character, the longest first."""
        found: dict[str, set[int]] = defaultdict(set)
        for text in self.stand_in:
            if text and not (len(text) == 1 and text >= _UNSPACED):  # such a one is part of countless words
                found[text[0]].add(len(text))
        return {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}

    def replaced(self, text: str) -> str:
        """The text with whatever is known in it replaced."""
        return self.replaced_by(text, self.stand_in.__getitem__)

    def replaced_by(self, text: str, stand_in: Callable[[str], str]) -> str:
        """The text with whatever is known in it replaced by what another than this one makes of it."""
        if text in self.stand_in:
            return stand_in(text)
        parts: list[str] = []
        at = 0
        while at < len(text):
            known = self._at(text, at)
            parts.append(stand_in(known) if known else text[at])
            at += len(known) or 1
        return "".join(parts)

    def _at(self, text: str, at: int) -> str:
        """The longest known text that stands at a place; empty where none does."""
        for length in self._lengths.get(text[at], ()):
            word = text[at : at + length]
            if len(word) == length and word in self.stand_in and _is_whole(text, at, at + length):
                return word
        return ""


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether no word goes on over either end."""
    before = start > 0 and _in_word(text[start - 1]) and _in_word(text[start])
    after = end < len(text) and _in_word(text[end - 1]) and _in_word(text[end])
    return not before and not after


def _in_word(character: str) -> bool:
    return character < _UNSPACED and (character.isalnum() or character == "_")


def person_names(tables: Iterable[tuple[Table, Iterable[Row]]]) -> Mapping[str, str]:
    """The names of persons that stand in tables, each with what an error shows instead."""
    return {
        row[name]: HIDDEN
        for table, rows in tables
        for name in table.personal("name")
        for row in rows
        if isinstance(row[name], str)
    }


def texts_within(problems: Iterable[Problem]) -> list[str]:
    """All texts within those that problems quote, in order."""
    texts: set[str] = set()
    waiting: list[object] = [part for problem in problems for part in (problem.place.path, problem.values)]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            texts.add(one)
        elif isinstance(one, Mapping):
            waiting.extend(one.values())
    return sorted({text[start:end] for text in texts for start in range(len(text)) for end in range(start + 1, len(text) + 1)})


def without_names(problems: Iterable[Problem], names: Mapping[str, str]) -> list[Problem]:
    """The problems with every known name taken out of what they quote."""
    hide = Mentions(names)
    return [
        replace(
            problem,
            place=replace(problem.place, path=hide.replaced(problem.place.path)),
            values={name: _hidden(value, hide) for name, value in problem.values.items()},
        )
        for problem in problems
    ]


def _hidden(value: object, hide: Mentions) -> object:
    if isinstance(value, Mapping):
        return {lang: _hidden(text, hide) for lang, text in value.items()}
    return hide.replaced(value) if isinstance(value, str) else value
