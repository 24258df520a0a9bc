"""Makes the cases that are not there yet: for each thing that no case shows, the plainest tables that show it.

What the rules decide on them now is written as the expectation, for a person to confirm or to correct.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from ..engines.solver.expressions import Row, evaluate
from ..engines.solver.search import Witness
from ..engines.solver.stages import there
from ..engines.solver.symbols import FALSE, TRUE, Bool, Thing, Truth, UnsupportedError, alike, both, either, no
from ..engines.solver.turns import one_at_a_time
from ..errors import CadreError
from ..language.bind import fold, lower
from ..language.nodes import Apply, Column, Literal, Node
from ..language.text import to_text
from ..model.policy import Rule
from ..model.result import Decision, Result
from ..plan import Plan
from ..verify.pairs import groups
from ..verify.setting import Setting
from .case_documents import CaseFile
from .case_text import flow, scalar, table_lines
from .coverage import Coverage, Report
from .coverage.atoms import Atom
from .coverage.conditions import CONNECTIVES, Condition, conditions
from .coverage.measure import Gap
from .coverage.obligations import Obligation
from .words import word

Progress = Callable[[str, int, int], None]
MOST_BLANKED = 40
"""The most cells that are emptied, one by one, to leave a condition open."""


@dataclass(frozen=True)
class Made:
    """A case that was made: what it shows, its tables and settings, and what is decided on them now."""

    gap: Gap
    tables: Mapping[str, list[dict[str, Any]]]
    params: Mapping[str, Any]
    as_of: date
    decisions: tuple[Decision, ...]
    number: int = 1

    @property
    def name(self) -> str:
        """A name that says what it shows; with a number where an earlier case shows the like."""
        of = self.gap.atom if self.gap.kind != "rule" else self.gap.rules[0]
        shown = f"{self.gap.rules[0]}: {of}, {self.gap.want}" if of != self.gap.rules[0] else f"{of} {self.gap.want}"
        return shown if self.number == 1 else f"{shown} ({self.number})"

    def as_file(self) -> CaseFile:
        """The case as a file of its own."""
        return CaseFile.model_validate({"format": 1, "as_of": self.as_of, "cases": [self._plain()]})

    def _plain(self) -> dict[str, Any]:
        given = {name: [{c: _cell(v) for c, v in row.items()} for row in rows] for name, rows in self.tables.items()}
        params = {name: _cell(value) for name, value in self.params.items()}
        told = {"name": self.name, "policies": [self.gap.policy], "params": params, "given": given}
        expected = [_fields(d) for d in self.decisions]
        return {**told, "expect": expected, "expect_none": [] if expected else self._nothing()}

    def _nothing(self) -> list[dict[str, Any]]:
        """That there is no decision by the rules that it is about."""
        return [{"because": [rule]} for rule in dict.fromkeys(rule.partition("/")[0] for rule in self.gap.rules)]

    def text(self, lang: str = "en") -> str:
        """The case as an entry of a case file's `cases`."""
        return "".join(f"  {line}\n" for line in self._lines(lang))

    def _lines(self, lang: str) -> Iterator[str]:
        yield f"- name: {scalar(self.name)}"
        if self.gap.clauses:
            yield f'  clause: "{self.gap.clauses[0]}"'
        yield f"  policies: [{self.gap.policy}]"
        yield f"  as_of: {self.as_of}"
        if self.params:
            yield f"  params: {flow(self.params)}"
        yield "  given:"
        for name, rows in self.tables.items():
            columns = [c for c in (rows[0] if rows else ()) if any(row[c] is not None for row in rows)]
            yield from (f"    {line}" for line in table_lines(name, rows, columns))
        note = f"  # {word('confirm', 'zh' if lang == 'zh' else 'en')}"
        yield f"  expect:{note}" if self.decisions else f"  expect_none:{note}"
        yield from (f"    - {flow(_fields(decision))}" for decision in self.decisions)
        yield from (f"    - {flow(none)}" for none in (() if self.decisions else self._nothing()))


def _cell(value: Any) -> Any:
    """A cell as a case file holds it."""
    return str(value) if isinstance(value, date) else value


def _fields(decision: Decision) -> dict[str, Any]:
    """What is expected of a decision: its verdict, or those still possible, and for whom."""
    plain = decision.model_dump(mode="json")
    told = {"question": decision.question, "subject": decision.subject.id, "period": decision.period}
    told |= {"status": "undetermined", "possible": plain["possible"]} if decision.verdict is None and decision.possible else {"verdict": decision.verdict}
    told |= {"because": plain["because"], "short": plain["short"]} if decision.due is not None else {}
    return {name: value for name, value in told.items() if value is not None}


@dataclass(frozen=True)
class Missing:
    """The cases that were made, and what no tables were found for."""

    cases: tuple[Made, ...]
    left: tuple[Gap, ...]


@one_at_a_time
def missing_cases(plan: Plan, report: Report, progress: Progress = lambda *_: None) -> Missing:
    """Cases that show what a coverage report lacks: each obligation for which plain tables were found.

    A case that was made for one may show several; none is made for what an earlier one shows. Needs the extra `verify`.
    """
    makers: dict[str, _Maker] = {}
    made: list[Made] = []
    for done, due in enumerate(report.lacking):
        policy = due.obligation.policy
        progress(policy, done, len(report.lacking))
        if policy not in makers:
            makers[policy] = _Maker(plan, policy)
        if due.obligation not in makers[policy].coverage.shown():
            made += makers[policy].make(due.obligation, report.gap(due))
    shown = {what for maker in makers.values() for what in maker.coverage.shown()}
    return Missing(tuple(_numbered(made)), tuple(report.gap(due) for due in report.lacking if due.obligation not in shown))


def _numbered(made: list[Made]) -> Iterator[Made]:
    """The cases with names that differ."""
    names: dict[str, int] = {}
    for case in made:
        names[case.name] = names.get(case.name, 0) + 1
        yield replace(case, number=names[case.name])


class _Maker:
    """Makes cases of one policy."""

    def __init__(self, plan: Plan, policy: str) -> None:
        self.plan, self.policy = plan, policy
        self.settings = [Setting(plan, focus) for focus, _ in groups(plan, plan, policy)]
        self.coverage = Coverage(plan, [policy])

    def make(self, wanted: Obligation, gap: Gap) -> list[Made]:
        """The cases that show a gap: one, or two where a comparison must turn an outcome; none where nothing was found."""
        for setting in self.settings:
            if {rule.key for rule in setting.rules} & {*gap.rules}:
                cases = (made for goal in self._goals(setting, gap) if (made := self._case(setting, wanted, gap, goal)))
                if found := list(itertools.islice(cases, 2 if gap.want == "decides" else 1)):
                    return found
        return []

    def _case(self, setting: Setting, wanted: Obligation, gap: Gap, goal: Bool) -> Made | None:
        answer = setting.search.find(goal) if goal is not False else None
        if answer is None or answer.witness is None:
            return None
        witnesses = self._blanked(answer.witness) if gap.want in ("unknown", "undetermined") else [answer.witness]
        for witness in witnesses:
            made = self._made(setting, gap, witness)
            if made and self._serves(made, wanted):
                self.coverage.add(file := made.as_file(), file.cases[0])
                return made
        return None

    def _serves(self, made: Made, wanted: Obligation) -> bool:
        """Whether the case shows what it was made for; of two that only do so together, each is taken."""
        if wanted.kind == "independence":
            return True
        alone = Coverage(self.plan, [self.policy])
        alone.add(file := made.as_file(), file.cases[0])
        return wanted in alone.shown()

    def _blanked(self, witness: Witness) -> Iterator[Witness]:
        """The tables with one cell emptied, each in turn."""
        count = 0
        for name, rows in witness.tables.items():
            table = self.plan.tables[name]
            for n, row in enumerate(rows):
                for column, value in row.items():
                    if value is None or column in table.key or count >= MOST_BLANKED:
                        continue
                    count += 1
                    emptied = [{**r, column: None} if i == n else r for i, r in enumerate(rows)]
                    yield Witness({**witness.tables, name: emptied}, witness.params)
        yield Witness(witness.tables, {})  # an unset parameter left as it is

    def _made(self, setting: Setting, gap: Gap, witness: Witness) -> Made | None:
        example = setting.example(witness)
        try:
            result: Result = self.plan.amend(params=dict(example.params)).evaluate(
                dict(example.tables), as_of=example.as_of, policies=[self.policy], engine="scalar"
            )
        except CadreError:
            return None
        return Made(gap, example.tables, example.params, example.as_of, tuple(self._about(gap, result)))

    def _about(self, gap: Gap, result: Result) -> Iterator[Decision]:
        """The decisions that the rules of a gap have a part in."""
        ids = {rule.partition("/")[0] for rule in gap.rules}
        yield from (d for d in result.decisions if ids & {*d.because, *d.overridden})

    # --- what is wanted -----------------------------------------------------------------------------

    def _goals(self, setting: Setting, gap: Gap) -> Iterator[Bool]:
        """The conditions on tables that show a gap, of which each needs tables of its own."""
        rules = [rule for rule in setting.rules if rule.key in gap.rules]
        if gap.kind == "rule":
            yield from (_outcome(setting, rule, gap.want) for rule in rules)
            return
        program = setting.run.policies[self.policy].program
        for condition in conditions(program):
            if condition.text == gap.condition or (gap.kind == "row" and condition.owner in gap.rules):
                for rule in rules:
                    for row in _rows(setting, condition, rule):
                        yield from _wanted(setting, condition, gap, row)


def _outcome(setting: Setting, rule: Rule, want: str) -> Bool:
    places = setting.places(rule.question)
    holds = [setting.holds(rule, place) for place in places]
    if want == "failed":
        rows = setting.run.policies[rule.id.rpartition(".")[0]].frames[rule.facts]
        return both(either(*(there(row).sure for row in rows)), *(no(truth.possible) for truth in holds))
    return either(*(truth.sure for truth in holds))


def _rows(setting: Setting, condition: Condition, rule: Rule) -> list[Row]:
    """The rows that a condition is looked at on; with those of its addressees, where it is about these."""
    if condition.kind == "addressee":
        applied = setting.applications(rule)
        return [{**a.row, **(a.addressee or {}), **({"period": a.period} if a.period else {})} for a in applied]
    run = setting.run.policies[rule.id.rpartition(".")[0]]
    return list(run.computed.get(condition.stage.name, ())) if not condition.other else []


def _wanted(setting: Setting, condition: Condition, gap: Gap, row: Row) -> Iterator[Bool]:
    leaf = condition.atoms.get(gap.atom)
    if leaf is None:
        return
    try:
        atom = _truth(setting, leaf, row)
        match gap.want:
            case "at" | "beside":
                yield both(there(row).sure, _distance(setting, leaf, row, gap.want))
            case "decides":
                tree = condition.tree
                sides = [_under(setting, tree, row, gap.atom, side) for side in (TRUE, FALSE)]
                turns = either(both(sides[0].sure, no(sides[1].possible)), both(sides[1].sure, no(sides[0].possible)))
                yield both(there(row).sure, turns, atom.sure)
                yield both(there(row).sure, turns, no(atom.possible))
            case "false" | "not_hit":
                yield both(there(row).sure, no(atom.possible))
            case _:
                yield both(there(row).sure, atom.sure)
    except (KeyError, UnsupportedError):
        return  # a part that is computed on rows that aren't kept


def _truth(setting: Setting, leaf: Node, row: Row) -> Truth:
    found = evaluate(_ready(leaf), row, setting.world)
    assert isinstance(found, Truth)
    return found


def _ready(node: Node) -> Node:
    """An atom with what other rows are needed for read where the run has put it."""
    target = fold(node)
    if isinstance(target, Apply):
        return lower("", target)[-1].node
    return target if isinstance(target, Literal | Column) else Column(to_text(target))


def _distance(setting: Setting, leaf: Node, row: Row, want: str) -> Bool:
    """That a comparison stands at its bound, or one step beyond."""
    atom, ready = Atom.of(leaf), _ready(leaf)
    assert isinstance(ready, Apply)
    left, right = (evaluate(arg, row, setting.world) for arg in ready.args)
    if not (isinstance(left, Thing) and isinstance(right, Thing)):
        return False
    one, other = alike(left.value, right.value)
    shift = 0 if want == "at" else atom.turn * atom.step
    return both(left.known, right.known, one == other + shift)


def _under(setting: Setting, tree: Node, row: Row, atom: str, side: Truth) -> Truth:
    """A condition on a row if one atom were true, or false."""
    from ..engines.solver.operators import apply

    if isinstance(tree, Apply) and tree.operator in CONNECTIVES:
        found = apply(tree.operator, [_under(setting, arg, row, atom, side) for arg in tree.args])
        assert isinstance(found, Truth)
        return found
    return side if to_text(tree) == atom else _truth(setting, tree, row)
