"""From a trace to lines in words: constants and branches not taken left out, what is repeated shown once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ..model.trace import Trace
from .explained import Line
from .wording import Wording
from .words import say

MOST_ROWS = 8
_NEAR = 3
_NOTES = {"unsure": "unsure", "disputed": "disputed", "no table": "no_table", "no row": "no_row_there"}
_SEQUENCES = ("run(", "previous(")
_CONNECTIVES = ("and", "or")


@dataclass(frozen=True)
class Liner:
    """Puts traces of one rule into lines."""

    wording: Wording

    def lines(self, trace: Trace) -> tuple[Line, ...]:
        """The lines of a condition: one for each part that must hold, or fails."""
        if settled(trace):
            return ()
        match trace.kind:
            case "constant" | "interpretation":
                return ()
            case "parameter":
                return self._parameter(trace)
            case "fact" | "lookup":
                return self._fact(trace)
            case "derived":
                return (self._derived(trace),)
            case "cohort":
                return (self._cohort(trace),)
            case "condition" | "rows":
                return self._condition(trace)

    def _say(self, key: str, *values: object) -> str:
        return say(key, self.wording.lang, *values)

    def _line(self, trace: Trace, text: str, children: Iterable[Line] = ()) -> Line:
        value = self.wording.value(trace.value, self.wording.spec(trace.cell))
        return Line(text, value, trace.text, trace.value, trace.cell, self._note(trace), children=tuple(children))

    def _note(self, trace: Trace) -> str:
        if trace.note in _NOTES:
            return self._say(_NOTES[trace.note])
        spec = self.wording.spec(trace.cell)
        unknown = spec is not None and self.wording.value(trace.value, spec) == self._say("unknown")
        return self._say("empty") if unknown else ""

    # --- leaves ---------------------------------------------------------------------------------

    def _parameter(self, trace: Trace) -> tuple[Line, ...]:
        """A parameter that is set stands in the text of its condition; one that isn't gets a line."""
        if trace.note != "not set" or not trace.text.startswith("param."):
            return ()
        name = trace.text.removeprefix("param.")
        return (Line(self.wording.parameter(name), self._say("not_set"), trace.text, trace.value, name),)

    def _fact(self, trace: Trace) -> tuple[Line, ...]:
        if trace.text == "period" and not trace.cell:
            return ()
        if trace.kind == "lookup" and not self.wording.spec(trace.cell):
            return (self._line(trace, self.wording.expression(trace.text)),)
        return (self._line(trace, self.wording.column(trace.text, trace.cell)),)

    # --- inner parts ----------------------------------------------------------------------------

    def _derived(self, trace: Trace) -> Line:
        """A derived column with what is below its definition; the title stands for a lone fact, run or earlier value."""
        line = self._line(trace, self.wording.column(trace.text), self._below(trace))
        if len(line.children) != 1 or line.children[0].raw != line.raw:
            return line
        (only,) = line.children
        if (only.cell and not only.children) or only.expression.startswith(_SEQUENCES):
            return replace(only, text=line.text)
        return line

    def _below(self, trace: Trace) -> list[Line]:
        return [line for child in trace.children for line in self.lines(child)]

    def _condition(self, trace: Trace) -> tuple[Line, ...]:
        match trace.operator:
            case "and":
                return tuple(line for part in _telling(trace) for line in self.lines(part))
            case "or":
                parts = [line for part in _telling(trace) for line in self.grouped(part)]
                return tuple(parts) if len(parts) < 2 else (self._line(trace, self._say("one_of"), parts),)
            case "if":
                return tuple(self._below(trace))
            case _:
                below = [line for child in trace.children for line in self.grouped(child)]
                return (self._merged(self._line(trace, self.wording.expression(trace.text), below), trace.operator),)

    def _merged(self, line: Line, operator: str) -> Line:
        """The line without what it says itself: values that no fact stands behind, and the one part of an equality."""
        for child in line.children:
            if not child.cell and not child.children and child.raw != "unknown":
                line = replace(
                    line, text=line.text.replace(child.text, child.text + self._say("brackets", child.value))
                )
        line = replace(line, children=tuple(c for c in line.children if c.cell or c.children or c.raw == "unknown"))
        if len(line.children) == 1 and (operator == "not" or (operator == "==" and line.raw == "true")):
            (only,) = line.children
            return replace(line, cell=only.cell, note=only.note, children=only.children)
        return line

    def grouped(self, trace: Trace) -> tuple[Line, ...]:
        """The lines of a part; several that belong together under one heading."""
        lines = self.lines(trace)
        together = trace.operator == "and" and len(lines) > 1
        return (self._line(trace, self._say("all_of"), lines),) if together else lines

    # --- cohorts --------------------------------------------------------------------------------

    def _cohort(self, trace: Trace) -> Line:
        rows = _unbroken(trace) if trace.text.startswith("run(") else list(trace.children)
        shown = _shortened(rows)
        lines = [self._row(row, trace) for row in shown]
        total = int(trace.note.split()[0]) if trace.note else len(rows)
        if total > len(shown):
            lines.append(Line(self._say("more_rows", total - len(shown))))
        if not rows and trace.text.startswith("previous("):
            lines.append(Line(self._say("no_earlier")))
        return Line(
            self.wording.expression(trace.text),
            self.wording.value(trace.value),
            trace.text,
            trace.value,
            children=tuple(lines),
        )

    def _row(self, row: Trace, cohort: Trace) -> Line:
        label = self.wording.label(row.row)
        if row.kind == "fact":
            title = self.wording.column(row.text, row.cell)
            return self._line(row, title + self._say("brackets", label) if label else title)
        below = self._below(row) if row.kind == "derived" else self.lines(row) if row.children else ()
        line = self._line(row, label or self.wording.expression(row.text), below)
        return replace(line, note=self._say("own")) if row.own and cohort.text.startswith("rank(") else line


def settled(trace: Trace) -> bool:
    """Whether the readings in force alone give the value, whatever the facts are."""
    match trace.kind:
        case "interpretation":
            return True
        case "derived":
            return settled(trace.children[0])
        case "condition" if trace.operator in _CONNECTIVES:
            decisive = "false" if trace.operator == "and" else "true"
            return any(settled(c) and c.value == decisive for c in trace.children) or all(map(settled, trace.children))
        case "condition" if trace.operator == "if":
            return settled(trace.children[0]) and settled(trace.children[1])
        case "condition":
            return all(c.kind == "constant" or settled(c) for c in trace.children)
        case _:
            return False


def _telling(trace: Trace) -> list[Trace]:
    """The parts of a conjunction or disjunction that make it come out as it does."""
    decisive = "false" if trace.operator == "and" else "true"
    if trace.value != decisive:
        return list(trace.children)
    return [part for part in trace.children if part.value == decisive]


def _unbroken(trace: Trace) -> list[Trace]:
    """Of a run, the rows since it was last broken, that one included."""
    broken = [i for i, row in enumerate(trace.children) if row.value == "false"]
    return list(trace.children[broken[-1] :] if broken else trace.children)


def _shortened(rows: list[Trace]) -> list[Trace]:
    """Of a long cohort the rows round the own one, and a few whose value isn't certain."""
    if len(rows) <= MOST_ROWS:
        return rows
    at = next((i for i, row in enumerate(rows) if row.own), 0)
    near = set(range(at - _NEAR, at + _NEAR + 1))
    open_rows = [i for i, row in enumerate(rows) if not _certain(row.value)][:_NEAR]
    return [row for i, row in enumerate(rows) if i in near or i in open_rows]


def _certain(value: str) -> bool:
    return value != "unknown" and not value.startswith(("at least ", "at most ")) and ".." not in value


def once(lines: tuple[Line, ...], seen: set[Line]) -> tuple[Line, ...]:
    """The lines with every part that was shown before cut short."""
    shown = []
    for line in lines:
        if line.children and line in seen:
            shown.append(replace(line, children=(), repeated=True))
        else:
            seen.add(line)
            shown.append(replace(line, children=once(line.children, seen)))
    return tuple(shown)
