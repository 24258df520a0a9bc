"""Boards of a question before and after a reform: subjects by periods, each cell in the colour of its outcome."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import polars as pl

from ..before import boarded, most_affected
from ..comparison import Compared, Comparison
from ..outcomes import NOTHING
from .colours import outcome_colour, verdict_colours
from .figures import Figure
from .heat_maps import Cell, board
from .names import Names

MOST_PERIODS = 12
"""So many periods are drawn: the last ones."""
_KEYS = ("group", "subject", "period")


def boards(of: Comparison, reform: Compared, names: Names) -> Iterator[Figure]:
    """A board for each question of which exactly one verdict applies in each period, where any cell changes."""
    for question in boarded(of.base):
        most = most_affected(reform.affected, question)
        if len(most):
            yield _figure(_Board.of(_cells(of, reform, question, most), question, _subjects(reform, question), names), of, names)


def _subjects(reform: Compared, question: str) -> int:
    """How many have another answer to a question."""
    changed = reform.affected.filter((pl.col("question") == question) & (pl.col("old") != pl.col("new")))
    return changed.select("group", "subject").n_unique()


def _cells(of: Comparison, reform: Compared, question: str, most: pl.DataFrame) -> pl.DataFrame:
    """The outcomes before and after of those affected most; without those before, only what changes."""
    changed = reform.affected.filter(pl.col("question") == question)
    sides = changed.join(most, on=["group", "subject"], how="semi", nulls_equal=True).select(*_KEYS, "old", "new")
    if of.before is None:
        return sides
    held = of.before.filter(pl.col("question") == question).join(most, on=["group", "subject"], how="semi", nulls_equal=True)
    stays = held.join(sides, on=_KEYS, how="anti", nulls_equal=True)
    return pl.concat([sides, stays.select(*_KEYS, pl.col("outcome").alias("old"), pl.col("outcome").alias("new"))])


@dataclass(frozen=True)
class _Board:
    """The cells that are drawn, as `(subject, period, old, new)`, and of how many subjects and periods there are."""

    question: str
    cells: list[tuple[str, str, str, str]]
    subjects: list[str]
    periods: list[str]
    total: int
    all_periods: int

    @classmethod
    def of(cls, cells: pl.DataFrame, question: str, total: int, names: Names) -> _Board:
        label = pl.concat_str(["group", "subject"], separator=" ", ignore_nulls=True).alias("label")
        named = cells.with_columns(label, period=pl.col("period").fill_null(names.say("none"))).sort("label", "period")
        periods = sorted(named["period"].unique())
        kept = named.filter(pl.col("period").is_in(periods[-MOST_PERIODS:])).select("label", "period", "old", "new")
        subjects = sorted(kept["label"].unique())
        return cls(question, kept.rows(), subjects, periods[-MOST_PERIODS:], total, len(periods))


def _figure(shown: _Board, of: Comparison, names: Names) -> Figure:
    letters = _letters(shown, names)
    colours = verdict_colours(of.base, shown.question)
    legend = {letters.label(outcome): outcome_colour(colours, outcome) for outcome in letters.ordered}
    cells = [
        Cell(subject, period, letters.label(old), letters.label(new), letters.pair(old, new), _told(shown.question, old, new, names))
        for subject, period, old, new in shown.cells
    ]
    changed = sum(old != new for *_, old, new in shown.cells)
    alt = names.say("alt_board", subjects=len(shown.subjects), periods=len(shown.periods), changed=changed)
    title = names.say("board_of", names.question(shown.question))
    return Figure(f"board-{shown.question}", title, alt, partial(board, cells, shown.subjects, shown.periods, legend), _note(shown, of, names))


def _told(question: str, old: str, new: str, names: Names) -> str:
    return names.outcome(question, old) if old == new else names.transition(question, old, new)


def _note(shown: _Board, of: Comparison, names: Names) -> str:
    notes = [names.say("board_note")]
    if of.before is None:
        notes.append(names.say("board_affected"))
    if shown.total > len(shown.subjects) or shown.all_periods > len(shown.periods):
        notes.append(names.say("board_cut", shown=len(shown.subjects), total=shown.total, periods=len(shown.periods)))
    return ("" if names.lang == "zh" else " ").join(notes)


@dataclass(frozen=True)
class _Letters:
    """A letter for each outcome that is shown, in the order of the verdicts, and its title."""

    titles: Mapping[str, str]
    marks: Mapping[str, str]

    @property
    def ordered(self) -> list[str]:
        return list(self.titles)

    def key(self, outcome: str) -> str:
        """What an outcome is shown as: those of several verdicts are all one."""
        return "?" if "|" in outcome or "+" in outcome else outcome

    def label(self, outcome: str) -> str:
        """What the legend says of an outcome."""
        key = self.key(outcome)
        return f"{self.marks[key]}  {self.titles[key]}"

    def pair(self, old: str, new: str) -> str:
        """What is printed on a cell: one letter, or two in lines."""
        before, after = self.marks[self.key(old)], self.marks[self.key(new)]
        return before if old == new else f"{before}\n{after}"


def _letters(shown: _Board, names: Names) -> _Letters:
    known = names.plan.questions[shown.question].verdicts
    present = {outcome for *_, old, new in shown.cells for outcome in (old, new)}
    titles = {verdict: names.verdict(shown.question, verdict) for verdict in known if verdict in present}
    marks = dict(zip(titles, shortest(list(titles.values())), strict=True))
    if any("|" in outcome or "+" in outcome for outcome in present):
        titles, marks = {**titles, "?": names.say("undetermined")}, {**marks, "?": "?"}
    if NOTHING in present:
        titles, marks = {**titles, NOTHING: names.outcome(shown.question, NOTHING)}, {**marks, NOTHING: "–"}
    return _Letters(titles, marks)


def shortest(titles: list[str]) -> list[str]:
    """The shortest beginnings that tell titles apart, capitals first."""
    for length in range(1, max(map(len, titles), default=0) + 1):
        starts = [title[:length].strip().capitalize() for title in titles]
        if len(set(starts)) == len(starts):
            return starts
    return [str(i) for i, _ in enumerate(titles, 1)]
