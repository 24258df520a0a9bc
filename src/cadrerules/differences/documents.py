"""Compares the documents of two policy sets as data: what was added, removed or changed, by identity, not by line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher
from itertools import zip_longest

from ..model.policy_set import PolicySet
from .changes import Action, Change, Field, Key
from .elements import Element, elements
from .wording import Text


def changes(old: PolicySet, new: PolicySet) -> tuple[Change, ...]:
    """Every element that differs, in document order: set, tables, questions, each policy, clauses.

    Comments, formatting and the order of keys make no difference, nor do space and needless brackets in
    expressions. What comes, goes or changes with a policy, question or table stands in its change's `parts`.
    """
    before = {element.key: element for element in elements(old)}
    after = {element.key: element for element in elements(new)}
    found = {key: change for key in _order(before, after) if (change := _change(before.get(key), after.get(key)))}
    return tuple(_gathered(found, before, after))


def _order(before: Mapping[Key, Element], after: Mapping[Key, Element]) -> list[Key]:
    """The elements of both in one order: the new documents', what they lost after what stood before it."""
    order = list(after)
    at = {key: place for place, key in enumerate(order)}
    last = -1
    lost: list[tuple[int, int, Key]] = []
    for place, key in enumerate(before):
        if key in at:
            last = at[key]
        else:
            lost.append((last, place, key))
    ranked = [((at[key], -1), key) for key in order] + [((after_, place), key) for after_, place, key in lost]
    return [key for _, key in sorted(ranked, key=lambda entry: entry[0])]


def _change(old: Element | None, new: Element | None) -> Change | None:
    """How an element differs; None where it doesn't."""
    one = new or old
    assert one is not None
    action: Action = "changed" if old and new else "added" if new else "removed"
    fields = (*_fields(old, new), *_rows(old.rows if old else (), new.rows if new else ()))
    if action == "changed" and not fields:
        return None
    return Change(one.kind, one.policy, one.name, action, fields, one.clauses)


def _fields(old: Element | None, new: Element | None) -> Iterator[Field]:
    before, after = old.fields if old else {}, new.fields if new else {}
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if (was and was.same) != (now and now.same):
            yield Field(name, was and was.shown, now and now.shown)


def _rows(old: Sequence[Text], new: Sequence[Text]) -> Iterator[Field]:
    """Rows that differ, each under its number where it now stands, or stood."""
    matcher = SequenceMatcher(None, [row.same for row in old], [row.same for row in new], autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag != "equal":
            for i, j in zip_longest(range(a, b), range(c, d)):
                number = (i if j is None else j) + 1
                yield Field(f"row {number}", None if i is None else old[i].shown, None if j is None else new[j].shown)


def _gathered(
    found: Mapping[Key, Change], before: Mapping[Key, Element], after: Mapping[Key, Element]
) -> Iterator[Change]:
    """The changes, those of parts put into that of the whole where it comes or goes, or is a table."""
    wholes: dict[Key, list[Change]] = {}
    for key, change in found.items():
        element = after.get(key) or before[key]
        whole = element.within
        if whole and (whole[0] == "table" or (whole in found and found[whole].action != "changed")):
            wholes.setdefault(whole, []).append(change)
    inside = {change.key for parts in wholes.values() for change in parts}
    for key in _order(before, after):
        if key in wholes:
            change = found.get(key) or Change(key[0], "", key[1], "changed")
            yield replace(change, parts=tuple(wholes[key]))
        elif key in found and key not in inside:
            yield found[key]
