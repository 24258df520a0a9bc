"""Searches for the smallest changes of facts that lead to another verdict, and says why there are none.

What makes the search exact is that unknown is never taken for false: with a cell partly known the
engine says which verdicts are possible, so that a whole range of values is left out in one step
once the verdict sought isn't among them, and the nearest value that works is found by halving.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

from ...language.types import Number
from ...model.counterfactual import merit
from .axes import Axis, axes
from .probe import Outcome, Probe, SpentError
from .reachable import reach

MOST_CELLS = 3
"""The most cells that are changed together."""
_WIDE = 1 << 32
MOST_REGIONS = 4
"""The most ranges of one unknown cell that are told for one verdict."""


Values = dict[Axis, Any]


@dataclass(frozen=True, slots=True)
class Turned:
    """A cell and the value it needs; so does every one from `least` to `most` (None: no end), or of `options`."""

    axis: Axis
    to: Any
    least: Any = None
    most: Any = None
    options: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """Changes that lead to a verdict together."""

    changes: tuple[Turned, ...]
    leads_to: str | None
    outcome: Outcome


@dataclass
class Search:
    """What a search found: the ways, and the cells that can still change.

    `proved` says that nothing which can still change leads to another verdict, `spent` that the
    limit on evaluations was reached, `ranked` that places among others are part of it, `filtered` that
    rows not looked at might take part, `asked` the rows whose presence counts.
    """

    before: Outcome
    axes: tuple[Axis, ...]
    rows: bool
    ranked: bool
    filtered: bool
    asked: tuple[tuple[str, tuple[Any, ...]], ...]
    turns: list[Turn] = field(default_factory=list)
    proved: bool = False
    spent: bool = False


def search(probe: Probe) -> Search:
    """The smallest changes that lead to each other verdict, better ones first."""
    before = probe.outcome({})
    reached, imagined = reach(probe)
    movable = axes(probe, reached, imagined, settling=len(before.possible) > 1)
    found = Search(before, movable, bool(reached.cells), reached.ranked, reached.filtered, tuple(reached.asked))
    finder = Finder(probe, movable)
    found.proved = len(before.possible) == 1 and finder.possible == before.possible
    for verdict in sorted(_others(probe, before), key=lambda v: merit(probe.topic.question, v), reverse=True):
        found.turns += finder.ways(verdict)
    found.spent = finder.spent
    return found


def _others(probe: Probe, before: Outcome) -> Iterator[str | None]:
    return (verdict for verdict in probe.topic.verdicts if before.possible != {verdict})


@dataclass(frozen=True, slots=True)
class _Span:
    """A range of places of a cell's domain; `rising` where the low end is the one nearer to the present value."""

    axis: Axis
    low: int
    high: int
    rising: bool

    @property
    def value(self) -> Any:
        return self.axis.value(self.low, self.high)

    @property
    def nearest(self) -> Any:
        place = self.low if self.rising else self.high
        return self.axis.value(place, place)

    def ends(self) -> tuple[Any, Any]:
        """The nearest value and the farthest."""
        far = self.high if self.rising else self.low
        return self.nearest, self.axis.value(far, far)

    def halves(self) -> tuple[_Span, _Span]:
        """The nearer part and the farther one, cut where something is compared with, else in the middle."""
        cuts = [cut for cut in self.axis.cuts if self.low <= cut < self.high]
        step = (self.high - self.low) // 2
        if step > _WIDE:
            step = max(1, abs(self.low if self.rising else self.high), _WIDE >> 10)
        cut = cuts[len(cuts) // 2] if cuts else self.low + step if self.rising else self.high - 1 - step
        lower, upper = replace(self, high=cut), replace(self, low=cut + 1)
        return (lower, upper) if self.rising else (upper, lower)


@dataclass
class Finder:
    """Finds, for a verdict, the fewest cells and the nearest values that lead to it."""

    probe: Probe
    axes: tuple[Axis, ...]
    spent: bool = False
    possible: frozenset[str | None] | None = None

    def __post_init__(self) -> None:
        if not any(axis.sampled for axis in self.axes):
            self.possible = self._at({axis: axis.whole for axis in self.axes}).possible

    def _at(self, values: Values) -> Outcome:
        return self.probe.outcome({axis.at: value for axis, value in values.items()})

    def ways(self, verdict: str | None) -> list[Turn]:
        """The changes of the fewest cells that lead to the verdict, smallest first."""
        if self.possible is not None and verdict not in self.possible:
            return []
        found: list[Turn] = []
        self.probe.refill()
        try:
            for size in range(1, MOST_CELLS + 1):
                for some in combinations(self.axes, size):
                    found += self._together(some, verdict)
                if found:
                    break
        except SpentError:
            self.spent = True
        return sorted(found, key=_size)

    def _together(self, some: tuple[Axis, ...], verdict: str | None) -> Iterator[Turn]:
        ordered = sorted(some, key=lambda axis: not axis.sampled)
        if any(axis.sampled for axis in some) or verdict in self._at({a: a.whole for a in some}).possible:
            for values in self._solve(ordered, {}, verdict):
                yield self._turn(values, verdict)

    # --- values that work -----------------------------------------------------------------------

    def _solve(self, waiting: Sequence[Axis], fixed: Values, verdict: str | None) -> Iterator[Values]:
        """Values of the cells still open that lead to the verdict, nearest first, with the others fixed."""
        if not waiting:
            if self._at(fixed).possible == {verdict}:
                yield fixed
            return
        axis, *rest = waiting
        if axis.points:
            yield from self._among_points(axis, rest, fixed, verdict)
            return
        for low, high, rising in axis.ways():
            start, alone = low, not rest and not fixed and axis.here is None
            for _ in range(MOST_REGIONS if alone else 1):
                values = self._first(_Span(axis, start, high, rising), rest, fixed, verdict)
                if values is None:
                    break
                yield values
                start = axis.place(self._end(axis, values, verdict)) + 1
                if start > high:
                    break

    def _among_points(
        self, axis: Axis, rest: Sequence[Axis], fixed: Values, verdict: str | None
    ) -> Iterator[Values]:
        for point in axis.points:
            if point == axis.now and axis.standing == "known":
                continue
            values = {**fixed, axis: point}
            if self._may(rest, values, verdict):
                found = next(self._solve(rest, values, verdict), None)
                if found is not None:
                    yield found
                    return

    def _may(self, rest: Sequence[Axis], values: Values, verdict: str | None) -> bool:
        """Whether the verdict is possible with the other cells open; where that can't be asked, perhaps."""
        if any(axis.sampled for axis in rest):
            return True
        return verdict in self._at({**values, **{axis: axis.whole for axis in rest}}).possible

    def _first(self, span: _Span, rest: Sequence[Axis], fixed: Values, verdict: str | None) -> Values | None:
        """The nearest value of a range for which the other cells can be chosen too."""
        values = {**fixed, span.axis: span.value}
        if not self._may(rest, values, verdict):
            return None
        near = {**fixed, span.axis: span.nearest}
        found = next(self._solve(rest, near, verdict), None)
        if found is not None or span.low == span.high or self._level(span, rest, fixed):
            return found
        for half in span.halves():
            found = self._first(half, rest, fixed, verdict)
            if found is not None:
                return found
        return None

    def _level(self, span: _Span, rest: Sequence[Axis], fixed: Values) -> bool:
        """Whether a range is as open at its ends as it is as a whole: then so it is taken to be in between."""
        others = {**fixed, **{axis: axis.whole for axis in rest}}
        whole = self._at({**others, span.axis: span.value}).possible
        return all(self._at({**others, span.axis: end}).possible == whole for end in span.ends())

    # --- how far they may go --------------------------------------------------------------------

    def _turn(self, values: Values, verdict: str | None) -> Turn:
        """The values widened to all that lead to the verdict together."""
        wide, changes = dict(values), []
        for axis, value in values.items():
            if axis.points:
                changes.append(Turned(axis, value, options=self._options(axis, wide, verdict)))
                continue
            last = self._end(axis, wide, verdict)
            wide[axis] = axis.value(*sorted((axis.place(value), axis.place(last))))
            changes.append(axis_change(axis, value, last))
        order = {axis: i for i, axis in enumerate(self.axes)}
        return Turn(tuple(sorted(changes, key=lambda c: order[c.axis])), verdict, self._at(values))

    def _options(self, axis: Axis, values: Values, verdict: str | None) -> tuple[Any, ...]:
        if axis.sampled:
            return ()
        value = values[axis]
        options = [p for p in axis.points if self._at({**values, axis: p}).possible == {verdict}]
        values[axis] = axis.span_of(options)
        if self._at(values).possible == {verdict}:
            return tuple(options)
        values[axis] = value
        return (value,)

    def _end(self, axis: Axis, values: Values, verdict: str | None) -> Any:
        """The last value, away from the present one, up to which the verdict stays."""
        value = axis.place(values[axis])
        rising = axis.here is None or value > axis.here
        span = _Span(axis, value + 1, axis.high, True) if rising else _Span(axis, axis.low, value - 1, False)
        others = {a: v for a, v in values.items() if a is not axis}
        limit = self._departure(span, others, verdict) if span.low <= span.high else None
        if limit is None:
            return axis.value(*[axis.high if rising else axis.low] * 2)
        return axis.value(*[limit - 1 if rising else limit + 1] * 2)

    def _departure(self, span: _Span, others: Values, verdict: str | None) -> int | None:
        """The first place of a range at which the verdict doesn't surely stay."""
        possible = self._at({**others, span.axis: span.value}).possible
        if possible <= {verdict}:
            return None
        if span.low == span.high:
            return span.low
        for half in span.halves():
            found = self._departure(half, others, verdict)
            if found is not None:
                return found
        return None


def axis_change(axis: Axis, value: Any, last: Any) -> Turned:
    """A change to a value and those beyond it, without an end where that is the domain's."""
    near, far = axis.place(value), axis.place(last)
    low, high = min(near, far), max(near, far)
    return Turned(
        axis,
        value,
        None if low == axis.low else axis.value(low, low),
        None if high == axis.high else axis.value(high, high),
    )


def _size(turn: Turn) -> tuple[int, float]:
    """How large a change is: cells that rate somebody before others, then by how far they move."""
    strange = sum(isinstance(c.axis.column.type, Number) and not c.axis.column.about.worse for c in turn.changes)
    return strange, sum(c.axis.distance(c.to) for c in turn.changes)
