"""The report `dossier`: all that was decided about one person, and why, with what does not apply in short."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from cadrerules import FactTables, Plan, Result
from cadrerules.errors import Lang
from cadrerules.report import ReportFormat
from cadrerules.report import outline as blocks
from cadrerules.report.explained import Basis, Dossier, Explanation
from cadrerules.report.explanation import Explainer
from cadrerules.report.formats import html_of, markdown_of, text_of
from cadrerules.report.grid import Cell, Grid, Heading
from cadrerules.report.page import render
from cadrerules.report.wording import choice_words
from cadrerules.report.words import proposal

from . import TEMPLATES
from .names import Names
from .words import joined, word

_DEPTH = 2
"""How far below a rule that does not apply its reasons are shown."""


def dossier(
    result: Result,
    *,
    plan: Plan,
    facts: FactTables,
    explainer: Explainer,
    period: str | None,
    subject: str,
    lang: Lang,
    format: str,  # noqa: A002 - the contract's name
    **_: object,
) -> str:
    """The decisions about a person, what they rest on, what is owed, and what does not apply."""
    of = explainer.dossier(subject, None, period, lang)
    shown = Shown(of, plan, facts, lang)
    if format == "text":
        return text_of(shown.whole())
    if format == "markdown":
        return markdown_of(shown.whole())
    return render(
        "dossier.html.jinja",
        lang,
        folder=TEMPLATES,
        title=shown.title,
        eyebrow=word("dossier_eyebrow", lang),
        footer=[proposal(Basis.of(result), lang)],
        grids=[grid for grid in shown.grids() if grid.rows],
        reasons=html_of(shown.reasons()),
        not_applying=html_of(shown.not_applying()),
    )


DOSSIER = ReportFormat(
    "dossier",
    "Dossier of one person",
    "个人评价档案",
    dossier,
    formats=("html", "text", "markdown"),
    subject="required",
)


@dataclass(frozen=True)
class Shown:
    """A dossier in words: tables at a glance, then the reasons in full."""

    of: Dossier
    plan: Plan
    facts: FactTables
    lang: Lang

    def _word(self, key: str, *values: object) -> str:
        return word(key, self.lang, *values)

    @property
    def title(self) -> str:
        """Whom it is about."""
        return self._word("dossier", self.of.subject)

    @cached_property
    def _names(self) -> Names:
        return Names(self.facts, self.lang)

    # --- tables ---------------------------------------------------------------------------------

    def grids(self) -> list[Grid]:
        """The posts, the decisions and what is owed."""
        owed = [row for explanation in self.of.decisions if (row := self._owed(explanation))]
        return [
            self._grid("posts", "unit:26 post:16 joined:12 left:12", self._posts()),
            self._grid("summary", "question:26 period:10 verdict:34 clauses:10 waits:46", map(self._decided, self.of.decisions)),
            self._grid("obligations", "rule:36 period:10 owed_by:14 due:10 done:10 short:10", owed),
        ]  # fmt: skip

    def _grid(self, key: str, columns: str, rows: Iterable[tuple[Cell, ...]]) -> Grid:
        split = [column.partition(":") for column in columns.split()]
        return Grid(self._word(key), tuple(Heading(self._word(n), int(w)) for n, _, w in split), list(rows))

    def _posts(self) -> Iterator[tuple[Cell, ...]]:
        roles = choice_words(self.plan.tables["staff"].columns["role"], self.lang) if "staff" in self.facts else {}
        for row in self.facts.rows.get("staff", ()):
            if row["person"] == self.of.subject:
                unit = self._names.both(row["unit"]) if row["unit"] else "–"
                yield unit, roles[row["role"]], row.get("joined"), row.get("left")

    def _decided(self, of: Explanation) -> tuple[Cell, ...]:
        waits = joined([wait.text for wait in of.waits], self.lang)
        question = of.question + (self._word("colon") + self._duty(of) if _is_owed(of) else "")
        return question, of.decision["period"], self._verdict(of), joined(of.decision["clauses"], self.lang), waits

    def _verdict(self, of: Explanation) -> str:
        if of.decision["status"] == "undetermined":
            return self._word("undetermined", self._word("or").join(of.possible))
        return of.verdict or self._word("set_aside")

    def _owed(self, of: Explanation) -> tuple[Cell, ...] | None:
        if not _is_owed(of):
            return None
        amounts = [(of.decision[name] or "").replace("..", "–") for name in ("due", "done", "short")]
        return (self._duty(of), of.decision["period"], of.decision["owed_by"], *amounts)

    def _duty(self, of: Explanation) -> str:
        """What is owed: the titles of the rules behind the decision."""
        return joined([reason.title for reason in of.reasons if reason.rule in of.decision["because"]], self.lang)

    # --- reasons --------------------------------------------------------------------------------

    def whole(self) -> Iterator[blocks.Block]:
        """The whole dossier for text and Markdown."""
        head, basis, *_ = blocks.Outliner(self.lang).outline(replace(self.of, unmet=()))
        assert isinstance(head, blocks.Heading)
        yield replace(head, text=self.title)
        yield basis
        for grid in self.grids():
            if grid.rows:
                yield blocks.Heading(2, grid.title)
                yield blocks.Items(tuple(self._item(grid, row) for row in grid.rows))
        yield from self.reasons()
        yield from self.not_applying()

    def _item(self, grid: Grid, row: Sequence[Cell]) -> blocks.Item:
        """A row of a table as an item: the first cell, then each other with its heading."""
        named = zip(grid.headings[1:], row[1:], strict=True)
        parts = [f"{heading.text}{self._word('colon')}{cell}" for heading, cell in named if cell not in (None, "")]
        return blocks.Item(self._word("comma").join([str(row[0]), *parts]))

    def reasons(self) -> list[blocks.Block]:
        """The decisions explained."""
        return blocks.Outliner(self.lang).outline(replace(self.of, unmet=()))[2:]

    def not_applying(self) -> list[blocks.Block]:
        """The rules that do not apply, each with what is not met and no further."""
        found = blocks.Outliner(self.lang).outline(replace(self.of, decisions=()))[3:]
        return [
            blocks.Items(tuple(_pruned(item, _DEPTH) for item in block.items)) if isinstance(block, blocks.Items) else block
            for block in found
        ]


def _is_owed(of: Explanation) -> bool:
    """Whether the decision is about an obligation."""
    return bool(of.decision["owed_by"] or of.decision["due"])


def _pruned(item: blocks.Item, depth: int) -> blocks.Item:
    """The item without what lies deeper."""
    return replace(item, children=tuple(_pruned(child, depth - 1) for child in item.children) if depth else ())
