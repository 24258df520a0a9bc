"""What comes of uncertain facts as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final

from ...differences.text import aligned
from ...errors import Lang
from ..outcomes import NOTHING
from ..words import word

if TYPE_CHECKING:
    from ...plan import Plan
    from .displacements import Displacements, Moved
    from .draws import Uncertainty
    from .extremes import Bounds
    from .nearest import Margin, Margins
    from .rankings import Untold
    from .stability import Stability

MOST: Final = 40
"""So many decisions are listed; JSON has all."""


@dataclass(frozen=True)
class Telling:
    """The words of one plan in one language."""

    plan: Plan
    lang: Lang

    def say(self, key: str, *values: object, **named: object) -> str:
        """A word or sentence."""
        return word(key, self.lang, *values, **named)

    def title(self, key: str, of: Any, **named: object) -> str:
        """What was simulated: the plan, its version and the day."""
        return self.say(key, name=self.plan.name, version=self.plan.hash[:12], as_of=of.as_of, **named)

    def question(self, name: str) -> str:
        """A question's title."""
        return self.plan.questions[name].title.text(self.lang)

    def outcome(self, question: str, outcome: str) -> str:
        """An outcome in words: verdicts that apply together, or that are possible."""
        return self.say("and").join(self._possible(question, part) for part in outcome.split("+"))

    def _possible(self, question: str, outcome: str) -> str:
        verdicts = self.plan.questions[question].verdicts
        words = [verdicts[v].title.text(self.lang) if v != NOTHING else self.say("nothing") for v in outcome.split("|")]
        return self.say("or").join(words)

    def whom(self, row: Mapping[str, Any]) -> str:
        """Whom a decision is about; of several organisations with its own, and of rules decided apart with the rule."""
        return " ".join(part for part in (row["group"], row["subject"], row.get("rule")) if part)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
        """Rows below their headings."""
        return (f"  {line}" for line in aligned([[self.say(name) for name in headings], *rows]))

    def cut(self, of: int) -> Iterator[str]:
        """That not all are listed, where that is so."""
        if of > MOST:
            yield f"  {self.say('more', of - MOST)}"


def _text(lines: Iterator[str]) -> str:
    return "".join(f"{line.rstrip()}\n" for line in lines)


def number(of: Fraction) -> str:
    """A number with up to two decimals."""
    return f"{float(of):.2f}".rstrip("0").rstrip(".")


def percent(share: float) -> str:
    """A share as a percentage, to one decimal."""
    return f"{100 * share:.1f} %"


# --- draws --------------------------------------------------------------------------------------


def uncertainty_text(of: Uncertainty, lang: Lang) -> str:
    """What was drawn, how many decisions have which outcome, and the decisions that draws change."""
    return _text(_uncertainty(of, Telling(of.base, lang)))


def _uncertainty(of: Uncertainty, told: Telling) -> Iterator[str]:
    yield told.title("uncertainty", of, draws=of.draws, seed=of.seed)
    yield from (f"  {told.say(f'drawn_{one.way}', name=one.name, cells=one.cells)}" for one in of.columns)
    if of.expected:
        yield from ("", told.say("counts"))
        rows = [
            (told.question(one.question), told.outcome(one.question, one.outcome), str(one.now), number(one.mean),
             told.say("range", one.low, one.high), told.say("range", one.least, one.most))
            for one in of.expected
        ]  # fmt: skip
        yield from told.table(("question", "outcome", "now", "mean", "most_draws", "all_draws"), rows)
    yield ""
    if of.decisions.is_empty():
        yield told.say("none_open")
    else:
        yield told.say("open_decisions")
        yield from told.table(("subject", "period", "question", "now", "outcome", "share", "interval"), _decisions(of, told))
        yield from told.cut(len(of.decisions))
    yield told.say("settled", of.settled)


def _decisions(of: Uncertainty, told: Telling) -> list[tuple[str, ...]]:
    return [
        (told.whom(row), row["period"] or "", told.question(row["question"]), told.outcome(row["question"], row["now"]),
         told.outcome(row["question"], row["outcome"]), percent(row["share"]), told.say("range", percent(row["low"]), percent(row["high"])))
        for row in of.decisions.head(MOST).iter_rows(named=True)
    ]  # fmt: skip


# --- noise --------------------------------------------------------------------------------------


def stability_text(of: Stability, lang: Lang) -> str:
    """How many decisions turn, and which."""
    return _text(_stability(of, Telling(of.base, lang)))


def _stability(of: Stability, told: Telling) -> Iterator[str]:
    yield told.title("noise", of, draws=of.draws, seed=of.seed)
    yield from (f"  {told.say('noise_of', name, size)}" for name, size in of.noise.items())
    if of.turned:
        yield from ("", told.say("how_many_turn"))
        rows = [
            (told.question(one.question), str(one.decisions), f"{number(one.mean)} ({percent(float(one.share))})",
             told.say("range", one.low, one.high), str(one.ever))
            for one in of.turned
        ]  # fmt: skip
        yield from told.table(("question", "decisions", "turn_mean", "most_draws", "turn_ever"), rows)
    yield ""
    if of.decisions.is_empty():
        yield told.say("none_turn")
        return
    yield told.say("turning")
    rows_ = [
        (told.whom(row), row["period"] or "", told.question(row["question"]), told.outcome(row["question"], row["now"]),
         percent(row["share"]), told.say("range", percent(row["low"]), percent(row["high"])), told.outcome(row["question"], row["mostly"]))
        for row in of.decisions.head(MOST).iter_rows(named=True)
    ]  # fmt: skip
    yield from told.table(("subject", "period", "question", "now", "turns", "interval", "mostly"), rows_)
    yield from told.cut(len(of.decisions))


# --- bounds -------------------------------------------------------------------------------------


def bounds_text(of: Bounds, lang: Lang) -> str:
    """The least and the greatest counts."""
    return _text(_bounds(of, Telling(of.base, lang)))


def _bounds(of: Bounds, told: Telling) -> Iterator[str]:
    yield told.title("bounds", of)
    rows = [
        (told.question(one.question), told.outcome(one.question, one.verdict), str(one.least), str(one.greatest), _end(one.best), _end(one.worst))
        for one in of.bounds
    ]
    yield from ("", *told.table(("question", "outcome", "least", "greatest", "best", "worst"), rows), "")
    yield told.say("undetermined", len(of.open))
    yield from told.say("bounds_note").splitlines()


def _end(count: int | None) -> str:
    return "" if count is None else str(count)


# --- margins ------------------------------------------------------------------------------------


def margins_text(of: Margins, lang: Lang) -> str:
    """Those nearest to another outcome first, within each question and period."""
    return _text(_margins(of, Telling(of.base, lang)))


def _margins(of: Margins, told: Telling) -> Iterator[str]:
    yield told.title("margins", of)
    yield told.say("margins_note" if of.margins else "no_margins")
    near = sorted(of.margins, key=lambda one: one.places)  # stable: of equal ones by ranking and place
    if near:
        headings = ("subject", "period", "question", "outcome", "place", "value", "next", "places", "gap", "rivals")
        yield from ("", *told.table(headings, [_margin(one, told) for one in near[:MOST]]), *told.cut(len(near)))
    if of.unknown or of.untold:
        yield ""
    yield from (told.say("unknown_rows", question=told.question(name), count=count) for name, count in of.unknown.items())
    yield from _untold(of.untold, told)


def _margin(one: Margin, told: Telling) -> tuple[str, ...]:
    gap = told.say("more_than", one.gap) if one.beyond else one.gap
    return (
        " ".join(part for part in (one.group, one.subject if one.row == one.subject else f"{one.subject} ({one.row})") if part),
        one.period or "", told.question(one.question), told.outcome(one.question, one.outcome), told.say("place_of", one.place, one.of),
        one.value, told.say(one.way, told.outcome(one.question, one.next)), str(one.places), gap, ", ".join(one.rivals),
    )  # fmt: skip


def _untold(untold: Sequence[Untold], told: Telling) -> Iterator[str]:
    yield from (told.say(one.why, question=told.question(one.question), rules=", ".join(one.rules)) for one in untold)


# --- displacements ------------------------------------------------------------------------------


def displacements_text(of: Displacements, lang: Lang) -> str:
    """Who is out, who came in, and why."""
    return _text(_displacements(of, Telling(of.before, lang)))


def _displacements(of: Displacements, told: Telling) -> Iterator[str]:
    yield told.title("displacements", of, after=of.after.hash[:12])
    rows = [_moved(one, told) for one in of.moved[:MOST]]
    if rows:
        yield from ("", *told.table(("subject", "period", "question", "outcome", "place", "why"), rows), *told.cut(len(of.moved)))
    else:
        yield told.say("no_displacements")
    if of.unknown or of.untold:
        yield ""
    if of.unknown:
        yield told.say("unknown_rankings", of.unknown)
    yield from _untold(of.untold, told)


def _moved(one: Moved, told: Telling) -> tuple[str, ...]:
    old, new = (told.outcome(one.question, outcome) for outcome in (one.old, one.new))
    return (
        " ".join(part for part in (one.group, one.subject if one.row == one.subject else f"{one.subject} ({one.row})") if part),
        one.period or "", told.question(one.question), told.say("from_to", old, new),
        told.say("from_to", one.place_before, one.place_after), "; ".join(_reasons(one, told)),
    )  # fmt: skip


def _reasons(one: Moved, told: Telling) -> Iterator[str]:
    listed = told.say("list")
    if one.replaced_by:
        yield told.say("replaced", listed.join(one.replaced_by))
    others = [other for other in one.passed_by if other not in one.replaced_by]
    if others:
        yield told.say("passed_by", listed.join(others))
    if one.passed:
        yield told.say("passed", listed.join(one.passed))
    if one.own:
        yield told.say("own_value", one.value_before, one.value_after)
    if not (one.passed_by or one.passed or one.own):
        yield told.say("rules_changed")
