"""From a document as somebody wrote it to the same document in its one form, which is compared with the first before it is given out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

from ...errors import CadreError, PolicyError, Problem
from ...language.source import Source
from ...load.policies import locator, validated
from ...load.yaml import Located, read_yaml
from ..kinds import kind_of
from . import order
from .comments import attach, remarks
from .entries import Entry, entries_of
from .language import printed, same_meaning
from .layout import Layout


@dataclass(frozen=True, slots=True)
class Formatted:
    """A document before and after; `file` is its name."""

    file: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether the document had another form."""
        return self.before != self.after

    def diff(self) -> str:
        """What changes, as a unified diff; empty where nothing does."""
        before, after = self.before.splitlines(), self.after.splitlines()
        return "".join(f"{line}\n" for line in unified_diff(before, after, self.file, self.file, lineterm=""))


def formatted(source: Path | str, name: str = "") -> Formatted:
    r"""The document of a file (a `Path`), or of a text (a `str`), in its one form; nothing is written.

    Entries come in the order of the document's model, expressions as the language prints them, one step of indentation is two
    spaces, and brackets stand on one line where they fit. Lists, names that the author chose and comments stay in their order;
    line ends stay as they are. Formatting twice changes nothing more.

    `name` is shown instead of the path. Raises `PolicyError` for a document that can't be read, is of no kind that cadrerules
    knows, or doesn't fit its model, with every problem.

    >>> print(formatted("params: {board.red_to: 6}   # fewer\nreform: Fewer red flags\n").after, end="")
    reform: Fewer red flags
    params: {board.red_to: 6}  # fewer
    """
    located = read_yaml(source, name)
    model = _model(located)
    text = located.text.replace("\r\n", "\n").replace("\r", "\n")
    root = entries_of(text)
    said = remarks(root, text)
    attach(root, said, text)
    expressions, paths = _arranged(root, model, located)
    after = Layout(text, expressions).document(root)
    if after != text:
        _check(located, after, paths, sorted(remark.text for remark in said if remark.text))
    return Formatted(located.file, located.text, after.replace("\n", "\r\n") if "\r\n" in located.text else after)


def _model(located: Located) -> Any:
    """The document as its model; `PolicyError` with all that is wrong."""
    problems: list[Problem] = []
    model = validated(kind_of(located).model, located, problems)
    if problems:
        raise PolicyError(problems)
    return model


def _arranged(root: Entry, model: Any, located: Located) -> tuple[dict[Entry, str], set[order.Path]]:
    """The entries in order; the texts of expressions as the language prints them, and where they stand."""
    sources: dict[Entry, tuple[order.Path, Source]] = {}
    locate = locator(located)

    def found(entry: Entry, path: order.Path) -> None:
        sources[entry] = path, locate(path, entry.value.value)

    order.arrange(root, model, located.data, found)
    expressions, problems = dict[Entry, str](), list[Problem]()
    for entry, (_, source) in sources.items():
        try:
            expressions[entry] = printed(source)
        except CadreError as error:
            problems.extend(error.problems)
    if problems:
        raise PolicyError(problems)
    return expressions, {path for path, _ in sources.values()}


def _check(located: Located, after: str, expressions: set[order.Path], comments: list[str]) -> None:
    """Refuse to give out what says something else, or has lost a comment: it would be a fault of this program."""
    try:
        root, now = entries_of(after), read_yaml(after)
        found = sorted(remark.text for remark in remarks(root, after) if remark.text)
    except Exception:
        raise PolicyError(Problem("CR-CANT-FORMAT", located.place())) from None
    different = next(_differences(located.data, now.data, (), expressions), None)
    if different is not None or found != comments:
        raise PolicyError(Problem("CR-CANT-FORMAT", located.place(different or ())))


def _differences(old: Any, new: Any, path: order.Path, expressions: set[order.Path]) -> Iterator[order.Path]:
    """The places at which two documents say different things."""
    if isinstance(old, Mapping) and isinstance(new, Mapping) and old.keys() == new.keys():
        for name in old:
            yield from _differences(old[name], new[name], (*path, name), expressions)
    elif isinstance(old, list) and isinstance(new, list) and len(old) == len(new):
        for at, (one, other) in enumerate(zip(old, new, strict=True)):
            yield from _differences(one, other, (*path, at), expressions)
    elif not (path in expressions and isinstance(new, str) and same_meaning(old, new)) and (type(old), old) != (type(new), new):
        yield path
