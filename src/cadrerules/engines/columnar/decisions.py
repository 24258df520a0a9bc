"""From findings to decisions, in columns: waivers, precedence, and the verdicts that are still possible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...model.policy import Question
from .expressions import (
    FALSE,
    NULL,
    TRUE,
    Aggregate,
    Col,
    Const,
    Expr,
    both,
    call,
    case,
    coalesce,
    either,
    equal,
    is_null,
    known,
    less,
    negation,
    plus,
    surely,
    text,
    whole,
)
from .findings import only_option
from .frames import Frame
from .operators import MEANINGS
from .policies import Compiled, Numbered
from .relations import Extend, Group, Join, Keep, Pick, Relation, Union, column
from .tables import period_text
from .values import Span, Word

CONFLICT = "conflict"
KEYS = ("group", "subject", "period")
ONE, ZERO = whole(1), whole(0)


@dataclass(frozen=True)
class Asked:
    """Findings that are decided together: a question about one kind of subject, perhaps on one verdict or rule alone."""

    place: int
    question: Question
    kind: str
    suffix: str
    rules: tuple[tuple[int, Numbered], ...]

    @property
    def verdicts(self) -> tuple[str, ...]:
        """The verdicts that its rules lead to, in the question's order."""
        led = {numbered.rule.verdict for _, numbered in self.rules}
        return tuple(verdict for verdict in self.question.verdicts if verdict in led)


def asked(rules: Sequence[Numbered], questions: Mapping[str, Question]) -> list[Asked]:
    """What is decided, in the order of the questions."""
    found: list[Asked] = []
    for name, question in questions.items():
        own = [(at, numbered) for at, numbered in enumerate(rules) if numbered.rule.question == name]
        for kind in sorted({numbered.rule.kind for _, numbered in own}):
            for suffix, together in _together(question, [r for r in own if r[1].rule.kind == kind]):
                found.append(Asked(len(found), question, kind, suffix, tuple(together)))
    return found


def _together(question: Question, own: list[tuple[int, Numbered]]) -> Iterator[tuple[str, list[tuple[int, Numbered]]]]:
    match question.decide:
        case "each_rule":
            for rule in dict.fromkeys(numbered.rule.id for _, numbered in own):
                yield rule.rpartition(".")[2], [r for r in own if r[1].rule.id == rule]
        case "each":
            for verdict in question.verdicts:
                if same := [r for r in own if r[1].rule.verdict == verdict]:
                    yield verdict, same
        case _:
            if own:
                yield "", own


def decisions(compiled: Compiled, questions: Mapping[str, Question]) -> Relation | None:
    """All decisions."""
    found = tuple(_told(outlook) for outlook in outlooks(compiled, questions))
    return Union(found) if found else None


def outlooks(compiled: Compiled, questions: Mapping[str, Question]) -> list[Outlook]:
    """What is decided, in the order of the questions, and which verdicts are possible for whom."""
    standing = _lifted(compiled)
    return [_outlook(one, standing) for one in asked(compiled.rules, questions)]


# --- waivers ------------------------------------------------------------------------------------


def _lifted(compiled: Compiled) -> Mapping[int, Relation]:
    """The findings of each rule, with whether they stand after waivers, and who waived them."""
    lifted = _waivers(compiled.tables["waivers"]) if "waivers" in compiled.tables else None
    return {at: _standing(relation, compiled.rules[at], lifted) for at, relation in enumerate(compiled.by_rule)}


def _waivers(frame: Frame) -> Relation:
    """The waivers: whether each is in force, and by whose authority."""
    rule, subject, period = (frame.values[name] for name in ("rule", "subject", "period"))
    authority = frame.values["authority"]
    assert isinstance(rule, Word)
    assert isinstance(subject, Word)
    assert isinstance(authority, Word)
    assert isinstance(period, Span)
    told = both(*(MEANINGS["known"](frame.values[name]).expr for name in ("decided_on", "expires_on", "authority", "reason")))
    lifts = both(frame.present or TRUE, case((told, TRUE), otherwise=NULL))
    group = Col(frame.group[0], "text") if frame.group else Const(None, "text")
    chosen = {
        "of_group": coalesce(group, text("")),
        "of_rule": rule.options[0],
        "of_subject": subject.options[0],
        "of_period": coalesce(period_text(period.expr, period.kind), text("")),
        "lifts": lifts,
        "waives": only_option(authority),
    }
    return Pick(frame.relation, chosen)


def _standing(findings: Relation, numbered: Numbered, waivers: Relation | None) -> Relation:
    keys = {name: column(findings, name) for name in findings.columns}
    if waivers is None or not numbered.rule.waivable:
        return Pick(findings, {**keys, "stands": case((Col("holds", "truth"), TRUE), otherwise=NULL), "authority": text(None)})
    own = Pick(
        Keep(waivers, equal(Col("of_rule", "text"), text(numbered.rule.id))),
        {"found": TRUE, **{n: column(waivers, n) for n in ("of_group", "of_subject", "of_period", "lifts", "waives")}},
    )
    named = Extend(findings, {"in_group": coalesce(Col("group", "text"), text("")), "in_period": coalesce(Col("period", "text"), text(""))})
    pairs = Join(named, own, (("in_group", "of_group"), ("subject", "of_subject"), ("in_period", "of_period")), "left")
    there = Extend(pairs, {"lifted": case((known(Col("found", "truth")), Col("lifts", "truth")), otherwise=FALSE)})
    stands = both(case((Col("holds", "truth"), TRUE), otherwise=NULL), negation(Col("lifted", "truth")))
    authority = case((Col("lifts", "truth"), Col("waives", "text")), otherwise=text(None))
    return Pick(there, {**keys, "stands": stands, "authority": authority})


# --- verdicts -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """The columns of one rule's finding in a decision: whether there is one, stands, is open, or was there before waivers."""

    numbered: Numbered
    there: Expr
    sure: Expr
    open: Expr
    set_aside: Expr
    authority: Expr

    @property
    def verdict(self) -> str:
        """The verdict it leads to."""
        return self.numbered.rule.verdict


@dataclass(frozen=True)
class Outlook:
    """Which verdicts are possible, None for nothing: a column of truths each in `relation`, a row for each of `KEYS`."""

    asked: Asked
    relation: Relation
    possible: Mapping[str | None, Expr]
    standings: Sequence[Standing]
    amounts: Mapping[str, Expr]


def _outlook(one: Asked, standing: Mapping[int, Relation]) -> Outlook:
    together = Union(tuple(standing[at] for at, _ in one.rules))
    aggregates: dict[str, Aggregate] = {}
    standings = [_gathered(at, numbered, aggregates) for at, numbered in one.rules]
    amounts = _amounts(one, aggregates)
    grouped = Group(together, KEYS, aggregates)
    possible = _possible(one, standings)
    names = {verdict: f"may_be_{verdict or 'nothing'}" for verdict in possible}
    extended = Extend(grouped, {names[verdict]: expr for verdict, expr in possible.items()})
    return Outlook(one, extended, {verdict: Col(name, "truth") for verdict, name in names.items()}, standings, amounts)


def _gathered(at: int, numbered: Numbered, aggregates: dict[str, Aggregate]) -> Standing:
    own = equal(Col("at", "int"), whole(at))
    stands, holds = Col("stands", "truth"), Col("holds", "truth")
    wanted = {
        "there": own,
        "sure": both(own, surely(stands)),
        "open": both(own, is_null(stands)),
        "aside": both(own, either(holds, surely(negation(stands)))),
    }
    for name, condition in wanted.items():
        aggregates[f"{name}_{at}"] = Aggregate("any", (condition,), "truth")
    authority: Expr = text(None)
    if numbered.rule.waivable:
        aggregates[f"authority_{at}"] = Aggregate("max", (case((own, Col("authority", "text")), otherwise=text(None)),), "text")
        authority = Col(f"authority_{at}", "text")
    there, sure, open_, aside = (Col(f"{name}_{at}", "truth") for name in wanted)
    return Standing(numbered, there, sure, open_, aside, authority)


def _possible(one: Asked, standings: list[Standing]) -> dict[str | None, Expr]:
    """For each verdict, in the question's order, nothing last, whether some completion leads to it."""
    sure = {v: either(*(s.sure for s in standings if s.verdict == v)) for v in one.verdicts}
    maybe = {v: both(negation(sure[v]), either(*(s.open for s in standings if s.verdict == v))) for v in one.verdicts}
    match one.question.decide:
        case "exactly_one":
            return _exactly_one(sure, maybe)
        case "conflict":
            found = _conflicting(sure, maybe)
            return {v: found[v] for v in (*one.question.verdicts, None) if v in found}
        case _:
            return _gravest(one, sure, maybe)


Flags = Mapping[str, Expr]


def _exactly_one(sure: Flags, maybe: Flags) -> dict[str | None, Expr]:
    some, open_one = either(*sure.values()), either(*maybe.values())
    found: dict[str | None, Expr] = {v: case((some, sure[v]), otherwise=maybe[v]) for v in sure}
    return {**found, None: both(negation(some), negation(open_one))}


def _conflicting(sure: Flags, maybe: Flags) -> dict[str | None, Expr]:
    n, m = _count(sure), _count(maybe)
    none, one = equal(n, ZERO), equal(n, ONE)
    found: dict[str | None, Expr] = {v: either(both(one, sure[v]), both(none, maybe[v])) for v in sure}
    several = either(less(ONE, n), both(one, less(ZERO, m)), both(none, less(ONE, m)))
    return {**found, CONFLICT: either(found.get(CONFLICT, FALSE), several), None: none}


def _count(flags: Flags) -> Expr:
    total: Expr = ZERO
    for flag in flags.values():
        total = plus(total, case((flag, ONE), otherwise=ZERO))
    return total


def _gravest(one: Asked, sure: Flags, maybe: Flags) -> dict[str | None, Expr]:
    order = sorted(sure, key=lambda v: (-one.question.verdicts[v].severity, v))
    found: dict[str | None, Expr] = {}
    for at, verdict in enumerate(order):
        graver = either(*(sure[v] for v in order[:at]))
        found[verdict] = both(either(sure[verdict], maybe[verdict]), negation(graver))
    return {**{v: found[v] for v in one.verdicts}, None: negation(either(*sure.values()))}


# --- columns ------------------------------------------------------------------------------------


def _amounts(one: Asked, aggregates: dict[str, Aggregate]) -> dict[str, Expr]:
    """What the first finding tells of amounts, where each rule is decided apart."""
    if one.question.decide != "each_rule":
        return {name: text(None) for name in ("owed_by", "due", "done", "short")}
    found: dict[str, list[tuple[Expr, Expr]]] = {name: [] for name in ("owed_by", "due", "done", "short")}
    for at, numbered in one.rules:
        amounts = numbered.rule.amounts
        there = Col(f"there_{at}", "truth")
        found["owed_by"].append((there, text(None) if amounts is None else text(amounts.owed_by) if amounts.owed_by else Col("subject", "text")))
        for name in ("due", "done", "short"):
            own = case((equal(Col("at", "int"), whole(at)), Col(name, "text")), otherwise=text(None))
            aggregates[f"{name}_{at}"] = Aggregate("max", (own,), "text")
            found[name].append((there, Col(f"{name}_{at}", "text")))
    return {name: case(*whens, otherwise=text(None)) for name, whens in found.items()}


def _told(outlook: Outlook) -> Relation:
    """The decisions in the columns of a result's frame."""
    return Pick(outlook.relation, _columns(outlook), f"question.{outlook.asked.question.name}")


def _columns(outlook: Outlook) -> dict[str, Expr]:
    one, standings, possible = outlook.asked, outlook.standings, outlook.possible
    n = _count({str(verdict): flag for verdict, flag in possible.items()})
    decided = equal(n, ONE)
    conflict = possible.get(CONFLICT, FALSE)
    behind = [both(either(s.sure, s.open), either(possible[s.verdict], conflict)) for s in standings]
    beside = [both(negation(b), s.set_aside) for s, b in zip(standings, behind, strict=True)]
    verdict = case(*((both(decided, flag), text(v)) for v, flag in possible.items() if v), otherwise=text(None))
    return {
        "group": Col("group", "text"),
        "id": _id(one),
        "question": text(one.question.name),
        "subject_kind": text(one.kind),
        "subject": Col("subject", "text"),
        "period": Col("period", "text"),
        "status": case((decided, text("decided")), otherwise=text("undetermined")),
        "verdict": verdict,
        "possible": _names([(both(negation(decided), flag), text(v or "")) for v, flag in possible.items()], "possible"),
        "because": _names(_once([(b, (s.numbered.rule.id,)) for s, b in zip(standings, behind, strict=True)])),
        "clauses": _names(_once([(b, s.numbered.rule.clauses) for s, b in zip(standings, behind, strict=True)])),
        "overridden": _names(_once([(b, (s.numbered.rule.id,)) for s, b in zip(standings, beside, strict=True)])),
        "waived_by": _names(_authorities(standings)),
        "missing": _untraced(decided),
        "parameters": _untraced(decided),
        **outlook.amounts,
        "of_rule": text(one.rules[0][1].rule.id if one.question.decide == "each_rule" else None),
        "place": whole(one.place),
    }


def _untraced(certain: Expr) -> Expr:
    """What something waits for: nothing where it is certain, else null, for only the scalar engine traces it."""
    return case((certain, Const((), "list")), otherwise=Const(None, "list"))


def _id(one: Asked) -> Expr:
    """Organisation, question, subject, period and what is decided apart, joined by slashes."""
    group = case((is_null(Col("group", "text")), text("")), otherwise=call("concat", "text", Col("group", "text"), text("/")))
    period = case((is_null(Col("period", "text")), text("")), otherwise=call("concat", "text", text("/"), Col("period", "text")))
    suffix = [text(f"/{one.suffix}")] if one.suffix else []
    return call("concat", "text", group, text(f"{one.question.name}/"), Col("subject", "text"), period, *suffix)


def _names(flagged: list[tuple[Expr, Expr]], name: str = "chosen") -> Expr:
    """The list of the texts whose condition is true."""
    return call(name, "list", *(part for pair in flagged for part in pair))


def _once(flagged: list[tuple[Expr, tuple[str, ...]]]) -> list[tuple[Expr, Expr]]:
    """Each text with the condition that it is there and no earlier one named it."""
    found: list[tuple[Expr, Expr]] = []
    named: dict[str, list[Expr]] = {}
    for condition, texts in flagged:
        for word in dict.fromkeys(texts):
            found.append((both(condition, negation(either(*named.get(word, [])))), text(word)))
            named.setdefault(word, []).append(condition)
    return found


def _authorities(standings: Sequence[Standing]) -> list[tuple[Expr, Expr]]:
    found: list[tuple[Expr, Expr]] = []
    for standing in standings:
        if standing.authority == text(None):
            continue
        earlier = either(*(surely(equal(other, standing.authority)) for _, other in found))
        found.append((both(known(standing.authority), negation(earlier)), standing.authority))
    return found
