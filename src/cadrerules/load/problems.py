"""Gathers what is wrong in all files, so that one report says it all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn

from ..errors import CadreError, DataError, Place, Problem
from ..model.mentions import without_names

MAX_PROBLEMS: Final = 1_000


def fail(code: str, place: Place = Place(), **values: object) -> NoReturn:
    """Raise a `DataError` with one problem."""
    raise DataError(Problem(code, place, values))


@dataclass
class Problems:
    """The problems found so far: the first thousand, and how many more."""

    kept: list[Problem] = field(default_factory=list)
    more: int = 0
    _files: dict[tuple[str, str], int] = field(default_factory=dict)

    def expect(self, place: Place) -> None:
        """Take note of a file or sheet: its problems are reported before those of later ones."""
        self._files.setdefault((place.file, place.sheet), len(self._files))

    def add(self, code: str, place: Place, **values: object) -> None:
        """Note one problem."""
        self.note([Problem(code, place, values)])

    def note(self, problems: Sequence[Problem]) -> None:
        """Note problems that another part of the reading found."""
        room = max(0, MAX_PROBLEMS - len(self.kept))
        self.kept.extend(problems[:room])
        self.more += len(problems[room:])
        for problem in problems[:room]:
            self.expect(problem.place)

    def absorb(self, error: CadreError) -> None:
        """Note the problems of an error that ended the reading of one table."""
        self.note(error.problems)

    def hide(self, names: Mapping[str, str]) -> None:
        """Take the names of persons out of what the problems quote."""
        self.kept = without_names(self.kept, names)

    def raise_any(self) -> None:
        """Raise one `DataError` with all of them, in the order of files, then rows."""
        if self.kept:
            more = [Problem("CR-MORE-PROBLEMS", values={"count": self.more})] if self.more else []
            raise DataError([*sorted(self.kept, key=self._order), *more])

    def _order(self, problem: Problem) -> tuple[int, int]:
        return self._files[problem.place.file, problem.place.sheet], problem.place.row or 0
