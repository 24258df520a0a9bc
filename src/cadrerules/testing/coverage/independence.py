"""Masking MC/DC: whether each atomic part of a condition was seen to decide the outcome by itself, and whether it ever can."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...language.nodes import Apply, Literal, Node
from ...language.text import to_text
from ...language.types import Choice
from .atoms import base_of, ordered
from .conditions import Condition, outcome

MOST_COMBINATIONS = 20_000
"""Of so many combinations at most it is looked into what is possible; beyond that everything counts as possible."""

Truths = Mapping[str, "bool | None"]
_COMPARED = {"<": int.__lt__, "<=": int.__le__, ">": int.__gt__, ">=": int.__ge__}


def independent(condition: Condition, seen: Iterable[Truths]) -> set[str]:
    """The atoms of which a pair of rows shows that they decide the outcome by themselves.

    In both rows turning the atom alone turns the outcome, the others masked or not; it is true in one and false in
    the other, and so are the outcomes opposite. (Masking MC/DC, the form that DO-178C's CAST-10 allows beside
    unique cause.) An outcome that is unknown shows nothing.
    """
    shown: dict[str, set[tuple[bool, bool]]] = {atom: set() for atom in condition.atoms}
    for truths in seen:
        whole = outcome(condition.tree, truths)
        if whole is None:
            continue
        for atom, pairs in shown.items():
            value = truths[atom]
            if value is not None and len(pairs) < 4 and outcome(condition.tree, {**truths, atom: not value}) is (not whole):
                pairs.add((value, whole))
    return {atom for atom, pairs in shown.items() if any((not value, not whole) in pairs for value, whole in pairs)}


def can_be_independent(condition: Condition, options: Mapping[str, Sequence[str]]) -> set[str]:
    """The atoms that could be shown to decide the outcome by themselves.

    Left out are those that others rule out: a place of at most 7 is one of at most 10 too. `options` are the words
    of each interpretation by its name. What isn't related by form counts as free.
    """
    groups = list(_groups(condition, options))
    combinations = 1
    for group in groups:
        combinations *= len(group)
    if combinations > MOST_COMBINATIONS:
        return set(condition.atoms)
    return independent(condition, (_merged(parts) for parts in itertools.product(*groups)))


def _merged(parts: Iterable[Truths]) -> dict[str, bool | None]:
    return {atom: truth for part in parts for atom, truth in part.items()}


def _groups(condition: Condition, options: Mapping[str, Sequence[str]]) -> Iterator[Sequence[Truths]]:
    """Atoms that bear on one another, with the combinations of truths that they can have."""
    lines: dict[frozenset[str], dict[str, Line]] = {}
    words: dict[str, dict[str, Apply]] = {}
    for text, atom in condition.atoms.items():
        if isinstance(atom, Apply) and ordered(atom) and (line := _line(atom, condition.stage.written)):
            lines.setdefault(frozenset((line.left[0], line.right[0])), {})[text] = line
        elif isinstance(atom, Apply) and atom.operator in ("==", "!=", "in") and _words(atom) is not None:
            words.setdefault(to_text(atom.args[0]), {})[text] = atom
        else:
            yield [{text: True}, {text: False}]
    for related in lines.values():
        yield from _on_one_line(related)
    yield from (_of_a_choice(atoms, condition, options) for atoms in words.values())


@dataclass(frozen=True, slots=True)
class Line:
    """A comparison of two values, each a base and a distance from it; of a number the base is empty."""

    operator: str
    left: tuple[str, Any]
    right: tuple[str, Any]

    @property
    def turned(self) -> Line:
        """The same with its sides changed over."""
        return Line({"<": ">", "<=": ">=", ">": "<", ">=": "<="}[self.operator], self.right, self.left)


def _line(atom: Apply, written: Mapping[str, Node]) -> Line | None:
    sides = [base_of(arg, written) for arg in atom.args]
    if None in sides or sides[0][0] == sides[1][0]:  # type: ignore[index]
        return None
    return Line(atom.operator, *sides)  # type: ignore[arg-type]


def _on_one_line(related: Mapping[str, Line]) -> Iterator[Sequence[Truths]]:
    """Comparisons of the same two values, where one of them is always the plain one; otherwise each by itself."""
    first = next(iter(related.values()))
    for plain in (first.left[0], first.right[0]):
        turned = {text: line if line.left[0] == plain else line.turned for text, line in related.items()}
        if plain and all(not line.left[1] for line in turned.values()):
            yield _passing(turned)
            return
    yield from ([{text: True}, {text: False}] for text in related)


def _passing(lines: Mapping[str, Line]) -> Sequence[Truths]:
    """The combinations as the left value passes the right ones, one after the other."""
    places = {bound: 2 * n for n, bound in enumerate(sorted({line.right[1] for line in lines.values()}))}
    return [
        {text: _COMPARED[line.operator](value, places[line.right[1]]) for text, line in lines.items()}
        for value in range(-1, 2 * len(places))
    ]


def _words(atom: Apply) -> list[str] | None:
    """The words that something is compared with; None where it is compared with more than words."""
    found = [arg.value for arg in atom.args[1:] if isinstance(arg, Literal) and isinstance(arg.value, str)]
    return found if len(found) == len(atom.args) - 1 else None


def _of_a_choice(atoms: Mapping[str, Apply], condition: Condition, options: Mapping[str, Sequence[str]]) -> Sequence[Truths]:
    """The combinations as a word is each of those that it may be."""
    first = next(iter(atoms.values())).args[0]
    named = [word for atom in atoms.values() for word in _words(atom) or ()]
    possible = _possible_words(first, condition, options) or (*dict.fromkeys(named), "")
    return [dict(map(partial(_truth_for, word), atoms.items())) for word in possible]


def _truth_for(word: str, item: tuple[str, Apply]) -> tuple[str, bool]:
    text, atom = item
    return text, (word in (_words(atom) or ())) is not (atom.operator == "!=")


def _possible_words(node: Node, condition: Condition, options: Mapping[str, Sequence[str]]) -> Sequence[str]:
    if isinstance(node, Literal):
        return options.get(node.origin.removeprefix("interpretation."), ())
    of = condition.stage.types.get(to_text(node))
    return of.options if isinstance(of, Choice) else ()
