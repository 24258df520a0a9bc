"""Puts the entries of a document in the order of its model, and marks those in the rule language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_args

from pydantic.fields import FieldInfo

from ...model.documents import Document, RuleLanguage
from .entries import Entry

Path = tuple[str | int, ...]
Found = Callable[[Entry, Path], None]
"""Takes an entry in the rule language and the keys and indexes that lead to it."""


def arrange(root: Entry, model: Document, data: Any, found: Found) -> None:
    """Sort the entries of mappings that a model describes; comments go with them, but those at the top stay there.

    `model` and `data` are what the document was read as. `found` is told of each text in the rule language.
    """
    first = root.entries[0]
    _arrange(root, model, data, (), found, language=False)
    if root.entries[0] is not first:
        head, first.leading = first.leading, []
        root.entries[0].leading = [*head, *root.entries[0].leading]


def _arrange(entry: Entry, model: Any, data: Any, path: Path, found: Found, *, language: bool) -> None:
    match model:
        case Document() if isinstance(data, Mapping):
            _fields(entry, model, data, path, found)
        case Mapping() if isinstance(data, Mapping):
            for inner, value, (name, raw) in zip(entry.entries, model.values(), data.items(), strict=True):
                _arrange(inner, value, raw, (*path, name), found, language=language)
        case list() | tuple() if isinstance(data, list):
            for at, (inner, value, raw) in enumerate(zip(entry.entries, model, data, strict=True)):
                _arrange(inner, value, raw, (*path, at), found, language=language)
        case str() if language and isinstance(data, str):
            entry.language = True
            found(entry, path)


def _fields(entry: Entry, model: Document, data: Mapping[str, Any], path: Path, found: Found) -> None:
    fields = _by_entry(type(model))
    for inner, (key, raw) in zip(entry.entries, data.items(), strict=True):
        name, language = fields.get(key, (key, False))
        _arrange(inner, getattr(model, name), raw, (*path, key), found, language=language)
    places = {key: at for at, key in enumerate(fields)}
    entry.entries.sort(key=lambda inner: places.get(inner.key.value, len(places)) if inner.key else 0)


@cache
def _by_entry(model: type[Document]) -> dict[str, tuple[str, bool]]:
    """The fields by the entries that they are read from: name, and whether texts in it are in the rule language."""
    return {info.alias or name: (name, _in_language(info)) for name, info in model.model_fields.items()}


def _in_language(info: FieldInfo) -> bool:
    return any(isinstance(part, RuleLanguage) for part in (*info.metadata, *_parts(info.annotation)))


def _parts(annotation: Any) -> tuple[Any, ...]:
    """A type and all it is made of, with what annotates them."""
    return (annotation, *(part for inner in get_args(annotation) for part in _parts(inner)))
