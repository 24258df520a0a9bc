"""The report `board`: a quarter's board as a page for the wall, a picture, or text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from cadrerules import FactTables, Plan, Result
from cadrerules.errors import Lang
from cadrerules.report import ReportFormat
from cadrerules.report.explained import Basis
from cadrerules.report.explanation import Explainer
from cadrerules.report.grid import padded, width
from cadrerules.report.page import render
from cadrerules.report.words import proposal

from . import TEMPLATES
from .board import FLAGS, Board, Boards, Named, Row
from .words import quarter_in_words, word

MARKS = {"red": "●", "yellow": "▲", "black": "■", "open": "◇"}
_PERCENT_UP_TO = 2
"""Means up to here are shares of the whole and shown as percentages; greater ones are points."""
_HEIGHTS = {"A4": 535, "A3": 780}
"""The height of a page turned on its side, in points, without its margins."""
_COLUMN, _ONE_LINE = 18, 24
"""The most rows in a column, and the widest name that stays on a line."""
_LEAST, _READABLE, _MOST = 5.5, 7.5, 10.0
"""Sizes of print in points: never less, still good on A4, never more."""


def board(
    result: Result,
    *,
    plan: Plan,
    facts: FactTables,
    explainer: Explainer,
    period: str | None,
    lang: Lang,
    format: str,  # noqa: A002 - the contract's name
    **_: object,
) -> str:
    """The board of a quarter, the latest that has flags where none is given."""
    made = Boards(result, plan, facts, explainer, lang).board(period)
    shown = Shown(made, plan, lang, proposal(Basis.of(result), lang))
    if format == "text":
        return "\n".join(shown.lines()) + "\n"
    template = "board.svg.jinja" if format == "svg" else "board.html.jinja"
    return render(template, lang, folder=TEMPLATES, title=shown.title, eyebrow=shown.quarter, footer=(), board=made, shown=shown, word=word)


BOARD = ReportFormat(
    "board",
    "Red and black board",
    "红黑榜",
    board,
    formats=("html", "svg", "text"),
    period="quarter",
    subject="none",
    tables=("progress",),
)


@dataclass(frozen=True)
class Shown:
    """A board in words: titles, places, figures and how large it prints."""

    board: Board
    plan: Plan
    lang: Lang
    basis: str

    def _word(self, key: str, *values: object) -> str:
        return word(key, self.lang, *values)

    @property
    def title(self) -> str:
        """The title with the quarter."""
        return f"{self._word('board')} {self.quarter}"

    @property
    def quarter(self) -> str:
        """The quarter as people say it."""
        return quarter_in_words(self.board.quarter, self.lang)

    @property
    def total(self) -> str:
        """How many were ranked."""
        key = "total_rows" if any(row.indicator for row in self.board.rows) else "total"
        return self._word(key, len(self.board.rows))

    def flag(self, flag: str) -> str:
        """What a flag is called."""
        if flag == "open":
            return self._word("open")
        title = self.plan.questions["flag"].verdicts[flag].title.text(self.lang)
        return title[:1].upper() + title[1:]

    def marked(self, flag: str) -> str:
        """A flag with its mark: `● 红旗`."""
        return f"{MARKS[flag]} {self.flag(flag)}"

    def places(self, flag: str) -> str:
        """The places a flag is given for; empty where the numbers aren't set."""
        low, high = self.board.limits.get(flag, (0, 0))
        if high == 0 or (high is not None and high < low):
            return ""
        return self._word("places_from", low) if high is None else self._word("places_to", low, high)

    def possible(self, row: Row) -> str:
        """The flags a row may have, with their marks."""
        return self._word("or").join(self.marked(flag) for flag in row.flags)

    def place(self, row: Row) -> str:
        """The place, `10–11` where it is only known so far."""
        return row.place.replace("..", "–") or "–"

    def mean(self, row: Row) -> str:
        """The mean progress to one decimal, for reading; places rest on the exact one."""
        if row.mean is None:
            return self._word("not_known")
        return f"{_one_decimal(row.mean * 100)}%" if self._in_percent else _one_decimal(row.mean)

    @property
    def _in_percent(self) -> bool:
        return self._greatest <= _PERCENT_UP_TO

    @property
    def _greatest(self) -> Fraction:
        return max((row.mean for row in self.board.rows if row.mean is not None), default=Fraction(1))

    def share(self, row: Row) -> int:
        """How long the bar of a row is, in hundredths."""
        whole = max(self._greatest, Fraction(1) if self._in_percent else Fraction(0))
        return 0 if row.mean is None or whole == 0 else round(row.mean / whole * 100)

    def label(self, row: Row | Named) -> str:
        """The id beside a name, with the indicator where those are ranked; empty where the name is the id."""
        indicator = row.indicator if isinstance(row, Row) else ""
        return " ".join(filter(None, ("" if row.name == row.unit else row.unit, indicator)))

    def cut(self, text: str, to: int) -> str:
        """The text, or its beginning where it is wider than so many columns."""
        if width(text) <= to:
            return text
        kept = ""
        for character in text:
            if width(kept + character) > to - 1:
                break
            kept += character
        return f"{kept}…"

    # --- paper ----------------------------------------------------------------------------------

    @property
    def paper(self) -> str:
        """A4 where the board is readable on it, else A3."""
        return "A4" if _HEIGHTS["A4"] / self._high >= _READABLE else "A3"

    @property
    def points(self) -> float:
        """The size of print, in points, at which all of it stands on one page; never too small to read."""
        return round(max(_LEAST, min(_MOST, _HEIGHTS[self.paper] / self._high)), 2)

    @property
    def _high(self) -> float:
        """How high the printed board is, in lines: its longest column, spread flags, and what stands around them."""
        panels = {flag: 5.5 + sum(map(self._row_height, self.parts(flag)[0])) for flag in FLAGS}
        in_column = {flag: 0 if flag in self.spread else panels[flag] for flag in FLAGS}
        columns = [
            in_column["red"] + _listed(self.board.commended),
            in_column["yellow"] + sum(4 + 2.4 * len(row.waits) for row in self.board.of("open")) + 5,
            in_column["black"] + _listed(self.board.interviews),
        ]
        return 11 + max(columns) + sum(panels[flag] + 1 for flag in self.spread) + 0.8 * len(self.board.readings)

    def _row_height(self, row: Row) -> float:
        """How high a row is in print: two lines where the name is long."""
        return 2.4 if width(row.name) + width(self.label(row)) <= _ONE_LINE else 3.3

    @property
    def spread(self) -> list[str]:
        """The flags with too many rows for a column; they go below, over the whole width."""
        return [flag for flag in FLAGS if len(self.board.of(flag)) > _COLUMN]

    def parts(self, flag: str) -> list[list[Row]]:
        """The rows of a flag, in three tables where they are spread."""
        rows = self.board.of(flag)
        each = -(-len(rows) // 3) if flag in self.spread else max(1, len(rows))
        return [rows[at : at + each] for at in range(0, max(1, len(rows)), each)]

    # --- text -----------------------------------------------------------------------------------

    def lines(self) -> Iterator[str]:
        """The board for a terminal."""
        yield self.title
        yield "=" * width(self.title)
        yield self.total
        for flag in FLAGS:
            places = self.places(flag)
            yield from ("", self.marked(flag) + (self._word("brackets", places) if places else ""))
            yield from self._listed([self._line(row) for row in self.board.of(flag)])
        yield from self._section("open", [self._open(row) for row in self.board.of("open")])
        yield from self._section("commended", [self._named(named) for named in self.board.commended])
        yield from self._section("interviews", [self._named(named) for named in self.board.interviews])
        if self.board.readings:
            yield from self._section("readings", list(self.board.readings))
        yield from ("", self.basis)

    def _section(self, key: str, lines: list[str]) -> Iterator[str]:
        if lines or key != "open":
            yield from ("", self._word(key), *self._listed(lines))

    def _listed(self, lines: list[str]) -> list[str]:
        return [f"  {line}" for line in lines] or [f"  {self._word('nobody')}"]

    def _line(self, row: Row) -> str:
        return f"{self.place(row):>5}  {padded(self._titled(row), 34)}  {self.mean(row)}"

    def _open(self, row: Row) -> str:
        return f"{self._line(row)}  {self.possible(row)}{self._waiting(row.waits)}"

    def _titled(self, of: Row | Named) -> str:
        return of.name + (self._word("brackets", self.label(of)) if self.label(of) else "")

    def _named(self, named: Named) -> str:
        head = [self._word("head_of", named.person)] if named.person else []
        return self._word("list").join([self._titled(named), *head]) + self._waiting(named.waits)

    def _waiting(self, waits: tuple[str, ...]) -> str:
        if not waits:
            return ""
        return f" [{self._word('waits')}{self._word('colon')}{self._word('list').join(waits)}]"


def _listed(named: tuple[Named, ...]) -> float:
    """How high a list of units is in print, in lines."""
    return 4 + sum(2 + 1.6 * len(each.waits) for each in named)


def _one_decimal(value: Fraction) -> str:
    """Rounded half up, as figures on a wall are.

    >>> _one_decimal(Fraction(1, 8)), _one_decimal(Fraction(5, 20))
    ('0.1', '0.3')
    """
    tenths = (value * 20 + 1) // 2
    return f"{tenths // 10}.{tenths % 10}"
