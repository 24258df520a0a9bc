"""What would change a decision: cells, the values that they would need, and the verdict that follows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from ..errors import Lang
from .cells import Cell
from .facts import FactTables, Row, Table, written_key
from .policy import Question

Before = Literal["known", "empty", "disputed", "no_row"]
Direction = Literal["better", "worse", "other", "settled"]


@dataclass(frozen=True, slots=True)
class Change:
    """One cell and what it would have to hold.

    `before` is the validated cell as it is (None where it is empty), `standing` whether that is
    known, empty, in dispute, or the row isn't there yet. `to` is the nearest value that does; so
    does every one from `least` to `most` (None: however low or high), or every one of `options`.
    """

    table: str
    key: tuple[Cell, ...]
    column: str
    before: Cell
    standing: Before
    to: Cell
    least: Cell = None
    most: Cell = None
    options: tuple[Cell, ...] = ()

    @property
    def cell(self) -> str:
        """The cell's name, `results[2024/U05/I03].deducted`."""
        return f"{self.table}[{written_key(self.key)}].{self.column}"

    def to_dict(self) -> dict[str, Any]:
        """The change as plain data; numbers that aren't whole as text."""
        return {
            "cell": self.cell,
            "table": self.table,
            "key": [plain(part) for part in self.key],
            "column": self.column,
            "from": plain(self.before),
            "to": plain(self.to),
            "least": plain(self.least),
            "most": plain(self.most),
            "options": [plain(option) for option in self.options],
            "standing": self.standing,
        }


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """Changes of facts, none of them superfluous, and the verdict that they lead to together.

    `leads_to` is None where no verdict is left; `direction` compares it with the verdict as it is.
    `rules` and `clauses` are those behind the new verdict, or behind the one that falls away.
    """

    changes: tuple[Change, ...]
    leads_to: str | None
    direction: Direction
    rules: tuple[str, ...]
    clauses: tuple[str, ...]
    texts: Mapping[str, str] = field(default_factory=dict, compare=False, repr=False)

    def apply(self, facts: FactTables) -> FactTables:
        """The facts with the changes made: rows that aren't there added, disputes about the cells settled."""
        rows = dict(facts.rows)
        for change in self.changes:
            rows[change.table] = tuple(_changed(facts.tables[change.table], rows[change.table], change))
        if "disputes" in rows:
            cells = {(c.table, written_key(c.key), c.column) for c in self.changes}
            open_ones = (d for d in rows["disputes"] if (d["table"], d["key"], d["column"]) not in cells)
            rows["disputes"] = tuple(open_ones)
        return replace(facts, rows=rows)

    def text(self, lang: Lang = "en") -> str:
        """What it would take, in one sentence."""
        return self.texts[lang]

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The counterfactual as the JSON of `explain` has it."""
        return {
            "changes": [change.to_dict() for change in self.changes],
            "leads_to": self.leads_to,
            "status": "decided",
            "direction": self.direction,
            "rules": list(self.rules),
            "clauses": list(self.clauses),
            "text": self.text(lang),
        }


@dataclass(frozen=True, slots=True)
class Outlook:
    """What would change the answer to one question about a subject: `counterfactuals`, better verdicts first.

    `notes` say in each language what else bears on it: why nothing can change, a waiver that could
    lift the verdict, a limit that was reached.
    """

    question: str
    subject: str
    period: str | None
    counterfactuals: tuple[Counterfactual, ...]
    notes: tuple[Mapping[str, str], ...]


def _changed(table: Table, rows: Iterable[Row], change: Change) -> Iterator[Row]:
    """The rows with one cell changed, in a row of its own where none has the key."""
    found = False
    for row in rows:
        same = tuple(row[name] for name in table.key) == change.key
        found |= same
        yield {**row, change.column: change.to} if same else row
    if not found:
        empty: dict[str, Cell] = dict.fromkeys(table.columns)
        yield {**empty, **dict(zip(table.key, change.key, strict=True)), change.column: change.to}


def plain(cell: Cell) -> Any:
    """A cell as JSON has it: whole numbers and truths as they are, all else as text."""
    return cell if cell is None or isinstance(cell, bool | int) else str(cell)


def merit(question: Question, verdict: str | None) -> tuple[int, int]:
    """How good a verdict is for the one concerned, for comparing; no verdict is as good as a neutral one."""
    if verdict is None:
        return 0, 0
    doc = question.verdicts[verdict]
    if doc.polarity == "neutral":
        return 0, 0
    good = doc.polarity == "favourable"
    return (1, doc.severity) if good else (-1, -doc.severity)
