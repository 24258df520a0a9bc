"""The words for what would change a decision: one sentence for a way, one for all else that bears on it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from ..engines.scalar.axes import Axis
from ..engines.scalar.findings import Candidate
from ..engines.scalar.probe import Topic
from ..errors import Lang
from ..language.text import show
from ..language.types import Choice, Date, Number, Text, Truth
from ..language.values import is_known
from ..model.counterfactual import Change, Counterfactual
from ..model.facts import ColumnSpec
from ..model.policy import Rule
from ..model.trace import Trace
from .lines import settled
from .wording import Wording, choice_words, parameter_title, table_title
from .words import join, say

if TYPE_CHECKING:
    from ..engines.scalar.evaluation import Evaluation
    from ..plan import Plan

_LANGUAGES: tuple[Lang, ...] = ("en", "zh")


@dataclass(frozen=True)
class Prospects:
    """Words on one topic; every text in all languages."""

    plan: Plan
    evaluation: Evaluation
    topic: Topic

    # --- ways -----------------------------------------------------------------------------------

    def texts(self, way: Counterfactual) -> Mapping[str, str]:
        """A way in a sentence."""
        return {lang: self._text(way, lang) for lang in _LANGUAGES}

    def _text(self, way: Counterfactual, lang: Lang) -> str:
        changes = join([self._change(change, lang) for change in way.changes], lang, "change_and")
        clauses = say("change_clauses", lang, join(list(way.clauses), lang)) if way.clauses else ""
        text = say(
            f"change_{way.direction}", lang, verdict=self.verdict(way.leads_to, lang), changes=changes, clauses=clauses
        )
        met = list(dict.fromkeys(self._met(way, lang)))
        return text + (say("already_met", lang, join(met, lang, "semicolon")) if met else "")

    def verdict(self, name: str | None, lang: Lang) -> str:
        """A verdict in words."""
        return say("nothing", lang) if name is None else self.topic.question.verdicts[name].title.text(lang)

    def _change(self, change: Change, lang: Lang) -> str:
        spec = self.plan.tables[change.table].columns[change.column]
        title = spec.title.text(lang).lower() if lang == "en" else spec.title.text(lang)
        now = say("brackets", lang, _now(change, spec, lang))
        row = self._row(change.table, change.key, lang)
        if isinstance(spec.type, Text):
            return say("change_text", lang, column=title, row=row, now=now)
        return say("change", lang, column=title, row=row, need=_need(change, spec, lang), now=now)

    def _row(self, table: str, key: Sequence[Any], lang: Lang) -> str:
        """What tells a row from others: its key without what the topic says already."""
        columns = self.plan.tables[table].columns
        known = {self.topic.subject, self.topic.period}
        parts = [
            f"{columns[name].title.text(lang)} {cell}"
            for name, cell in zip(self.plan.tables[table].key, key, strict=True)
            if is_known(cell) and cell is not None and str(cell) not in known
        ]
        return say("brackets", lang, join(parts, lang, "comma")) if parts else ""

    # --- what is met already --------------------------------------------------------------------

    def _met(self, way: Counterfactual, lang: Lang) -> Iterator[str]:
        """The parts of the new verdict's conditions that hold as the facts are."""
        changed = {change.cell for change in way.changes}
        for name in way.rules if way.leads_to is not None else ():
            for trace in list(self._traces(name, way.leads_to, changed))[:1]:
                rule = self.plan.rules[name]
                yield from self._holding(trace, self._wording(rule, trace, lang), changed)

    def _traces(self, name: str, verdict: str | None, changed: set[str]) -> Iterator[Trace]:
        """The rule's condition on the rows that the changes bear on."""
        run = self.evaluation.runs.get(name.partition(".")[0])
        for bound in run.program.rules if run else ():
            if (bound.rule.id, bound.rule.verdict) != (name, verdict) or run is None:
                continue
            for candidate in run.candidates(bound, self.topic.subject):
                for row, _, _ in candidate.rows if self._concerns(candidate) else ():
                    trace = run.explainer.trace(bound.when, run.explainer.stages[bound.rule.facts], row)
                    if any(part.cell in changed for part in trace.walk()):
                        yield trace

    def _concerns(self, candidate: Candidate) -> bool:
        return (None if candidate.period is None else str(candidate.period)) == self.topic.period

    def _holding(self, trace: Trace, wording: Wording, changed: set[str]) -> Iterator[str]:
        """The largest parts that are true and rest on facts other than those changed; what is merely not so left out."""
        if settled(trace) or trace.operator == "not":
            return
        cells = set(_cells(trace))
        if trace.operator in ("and", "or") or (trace.kind == "derived" and trace.value != "true"):
            for child in trace.children:
                yield from self._holding(child, wording, changed)
        elif trace.value == "true":
            if not cells or cells & changed:
                return
            yield wording.column(trace.text) if trace.kind == "derived" else wording.expression(trace.text)
        elif trace.operator == "if":
            yield from self._holding(trace.children[-1], wording, changed)

    def _wording(self, rule: Rule, trace: Trace, lang: Lang) -> Wording:
        policy = self.plan.policies[rule.id.partition(".")[0]]
        named = (p for p in trace.walk() if p.kind == "parameter" and not p.note)
        settings = {p.text.removeprefix("param."): p.value for p in named}
        return Wording.of(policy, rule, self.plan.policy_set.context, lang, settings)

    # --- what else bears on it ------------------------------------------------------------------

    def note(self, key: str, *values: object) -> Mapping[str, str]:
        """A sentence of the table."""
        return {lang: say(key, lang, *values) for lang in _LANGUAGES}

    def open_cells(self, axes: Iterable[Axis]) -> Mapping[str, str]:
        """That nothing which can still change matters."""
        ways = list(axes)
        return {lang: say("note_proved", lang, self._columns(ways, lang)) for lang in _LANGUAGES}

    def _columns(self, axes: list[Axis], lang: Lang) -> str:
        return join(list(dict.fromkeys(axis.column.title.text(lang) for axis in axes)), lang)

    def waiver(self, rules: list[Rule]) -> Mapping[str, str]:
        """That a waiver could lift the verdict, and whose."""
        allowed = list(self.plan.policy_set.doc.waivable_by or ())
        return {
            lang: say(
                "note_waiver",
                lang,
                say("brackets", lang, join(allowed, lang)) if allowed else "",
                join([f"{rule.title.text(lang)}{say('brackets', lang, rule.id)}" for rule in rules], lang, "semicolon"),
            )
            for lang in _LANGUAGES
        }

    def row_that_counts(self, table: str, key: Sequence[Any], verdict: str | None) -> Mapping[str, str]:
        """That the presence of a row would lead to another verdict."""
        return {
            lang: say(
                "note_exists",
                lang,
                table=table_title(self.plan.tables.get(table), table, lang),
                row=self._row(table, key, lang),
                verdict=self.verdict(verdict, lang),
            )
            for lang in _LANGUAGES
        }

    def parameters(self, names: Iterable[str]) -> Mapping[str, str]:
        """The parameters that are still to be set."""
        known = [self.plan.parameters[name] for name in names]
        return {
            lang: say(
                "note_parameters",
                lang,
                join([f"{parameter_title(p, lang)}{say('brackets', lang, p.name)}" for p in known], lang),
            )
            for lang in _LANGUAGES
        }


def _cells(trace: Trace) -> Iterator[str]:
    """The cells that a value rests on, without those that the readings in force leave out."""
    if trace.children and settled(trace):
        return
    if trace.cell:
        yield trace.cell
    for child in trace.children:
        yield from _cells(child)


# --- cells in words -----------------------------------------------------------------------------


def _need(change: Change, column: ColumnSpec, lang: Lang) -> str:
    """What a cell would have to hold."""
    if change.options:
        return say("be_word", lang, join([_cell(option, column, lang) for option in change.options], lang, "or"))
    if change.least is None and change.most is None:
        return say("be_word", lang, say("such_as", lang, _cell(change.to, column, lang)))
    if change.least == change.most:
        return say("be", lang, _cell(change.to, column, lang))
    if change.least is None or change.most is None:
        end = change.most if change.least is None else change.least
        beyond = _beyond(column, rising=change.most is None)
        text = say(beyond, lang, _cell(end, column, lang))
        return text if beyond in ("at_least", "at_most") else say("be", lang, text)
    return say("be", lang, say("range", lang, _cell(change.least, column, lang), _cell(change.most, column, lang)))


def _beyond(column: ColumnSpec, *, rising: bool) -> str:
    """The words for a range without one end: places are better or worse, amounts more or less."""
    if isinstance(column.type, Date):
        return "or_later" if rising else "or_earlier"
    worse = column.about.worse
    if worse and isinstance(column.type, Number) and column.type.scale == 0:
        return "or_worse" if rising == (worse == "higher") else "or_better"
    return "at_least" if rising else "at_most"


def _now(change: Change, column: ColumnSpec, lang: Lang) -> str:
    if change.standing != "known":
        return say(f"now_{change.standing}", lang)
    return say("now_none", lang) if change.before is None else say("now_known", lang, _cell(change.before, column, lang))


def _cell(cell: Any, column: ColumnSpec, lang: Lang) -> str:
    if isinstance(column.type, Truth):
        return say("yes" if cell else "no", lang)
    if isinstance(column.type, Choice):
        return choice_words(column, lang)[cell]
    return str(cell) if isinstance(cell, date) else show(column.value(cell), column.type)
