"""durable_rules behind guardrails: no threads, one call at a time, few live sids, flat whole numbers, nothing swallowed."""

from __future__ import annotations

import threading
import warnings
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

from .capabilities import GREATEST, MOST_COLUMNS, MOST_PATTERNS
from .compile import Conjunction
from .ids import Ids, distinct

MOST_LIVE: Final = 1_000
"""So many sids may be live; more than 1,024 end the process."""
_RULESET: Final = "rules"
_LOCK: Final = threading.RLock()
"""One for the whole process: the library's C code keeps what it shares without any."""
_OPERATORS: Final = {"<": "$lt", "<=": "$lte", ">": "$gt", ">=": "$gte", "!=": "$neq"}

Fact: TypeAlias = Mapping[str, int]
"""The columns that rules test, as whole numbers."""

Held: TypeAlias = tuple[int, int]
"""A rule, by its number, and the period in which it holds."""


class StreamError(Exception):
    """durable_rules failed; whoever asked it must find the answer in another way."""


class StreamHost:
    """The rules of one relation: `rules` holds the alternatives of each, `columns` what they test."""

    def __init__(self, rules: Sequence[Sequence[Conjunction]], columns: Sequence[str]) -> None:
        self._names = {column: f"c{at}" for at, column in enumerate(columns)}
        self._check_size(rules)
        self._found: list[tuple[int, tuple[int, ...]]] = []
        self._raised: list[BaseException] = []
        self._live: OrderedDict[Any, _Unit] = OrderedDict()
        self._ids = Ids()
        with _calling():
            self._host = _quiet_host()
            self._host.set_rulesets({_RULESET: self._definition(rules)})

    def holds(self, unit: Any, facts: Mapping[int, Fact]) -> set[Held]:
        """The rules that hold for a unit whose rows, by period, are these; only what differs is told to durable_rules."""
        with _calling():
            live = self._live.get(unit) or self._revive(unit)
            self._live.move_to_end(unit)
            try:
                self._sync(live, facts)
            except BaseException:
                self._forget(unit)
                raise
            return {(rule, periods[-1]) for rule, periods in live.held}

    def forget(self, unit: Any) -> None:
        """Delete what durable_rules knows of a unit."""
        with _calling():
            if unit in self._live:
                self._forget(unit)

    def clear(self) -> None:
        """Delete what it knows of every unit."""
        for unit in list(self._live):
            self.forget(unit)

    @property
    def live(self) -> int:
        """How many units durable_rules knows."""
        return len(self._live)

    # --- rules ----------------------------------------------------------------------------------

    def _check_size(self, rules: Sequence[Sequence[Conjunction]]) -> None:
        patterns = sum(len({test.back for test in tests}) for alternatives in rules for tests in alternatives)
        if patterns > MOST_PATTERNS or len(self._names) > MOST_COLUMNS or not distinct(("id", "sid", "k", "q", *self._names.values())):
            raise StreamError("too many patterns or columns")

    def _definition(self, rules: Sequence[Sequence[Conjunction]]) -> dict[str, Any]:
        """The ruleset; one rule does nothing, and is there so that each sid has had an action and can be deleted."""
        found: dict[str, Any] = {"prime": {"all": [{"m0": {"k": 0}}], "run": self._action(-1, 0)}}
        for number, alternatives in enumerate(rules):
            for at, tests in enumerate(alternatives):
                backs = sorted({test.back for test in tests} | {0}, reverse=True)
                chain = [self._pattern(place, backs, tests) for place in range(len(backs))]
                found[f"r{number}x{at}"] = {"all": chain, "run": self._action(number, len(backs))}
        return found

    def _pattern(self, place: int, backs: Sequence[int], tests: Conjunction) -> dict[str, Any]:
        """One row of a chain, the oldest first: that it is a row, its tests, and how long after the row before it is."""
        here = sorted((test for test in tests if test.back == backs[place]), key=repr)
        parts: list[dict[str, Any]] = [{"k": 1}]
        for test in here:
            pair = {self._names[test.column]: test.value}
            parts.append(pair if test.operator == "==" else {_OPERATORS[test.operator]: pair})
        if place:
            parts.append({"q": {"$add": {"$l": {f"m{place - 1}": "q"}, "$r": backs[place - 1] - backs[place]}}})
        return {f"m{place}": {"$and": parts} if len(parts) > 1 else parts[0]}

    def _action(self, number: int, length: int) -> Callable[[Any], None]:
        def action(context: Any) -> None:
            try:
                if number >= 0:
                    self._found.append((number, tuple(getattr(context, f"m{at}").q for at in range(length))))
            except BaseException as error:
                self._raised.append(error)

        return action

    # --- facts ----------------------------------------------------------------------------------

    def _sync(self, live: _Unit, facts: Mapping[int, Fact]) -> None:
        for period in [p for p, told in live.told.items() if facts.get(p) != told]:
            self._call(self._host.retract_fact, self._message(live.sid, period, live.told.pop(period)))
            live.held = {held for held in live.held if period not in held[1]}
        for period in sorted(facts.keys() - live.told.keys()):
            self._check(facts[period], [*live.told, period])
            self._call(self._host.assert_fact, self._message(live.sid, period, facts[period]))
            live.told[period] = dict(facts[period])
            live.held.update(self._found)
            self._found.clear()

    def _check(self, fact: Fact, periods: Sequence[int]) -> None:
        if fact.keys() != self._names.keys() or any(type(v) is not int or abs(v) >= GREATEST for v in fact.values()):
            raise StreamError("not a flat fact of whole numbers")
        if not distinct(f"q{period}" for period in periods):
            raise StreamError("two ids with one hash")

    def _message(self, sid: str, period: int, fact: Fact) -> dict[str, Any]:
        tested = {self._names[column]: value for column, value in fact.items()}
        return {"id": f"q{period}", "sid": sid, "k": 1, "q": period, **tested}

    def _call(self, call: Callable[..., Any], message: dict[str, Any]) -> None:
        from durable.engine import MessageNotHandledException

        try:
            call(_RULESET, message)
        except MessageNotHandledException:  # no rule looks at such a fact
            pass
        except Exception as error:
            raise StreamError(str(error)) from error
        if self._raised:
            raised, self._raised = self._raised, []
            raise StreamError(str(raised[0])) from raised[0]

    def _revive(self, unit: Any) -> _Unit:
        """A new sid for a unit, in place of the one that was used least recently where there are too many."""
        while len(self._live) >= MOST_LIVE:
            self._forget(next(iter(self._live)))
        live = _Unit(self._ids.new())
        self._call(self._host.assert_fact, {"id": "prime", "sid": live.sid, "k": 0})
        self._live[unit] = live  # only now: to delete a sid that was not primed would end the process
        return live

    def _forget(self, unit: Any) -> None:
        live = self._live.pop(unit)
        self._found.clear()
        self._host.delete_state(_RULESET, live.sid)
        self._ids.free(live.sid)


class _Unit:
    """What durable_rules was told of one unit, and what it said."""

    def __init__(self, sid: str) -> None:
        self.sid = sid
        self.told: dict[int, Fact] = {}
        self.held: set[tuple[int, tuple[int, ...]]] = set()


@contextmanager
def _calling() -> Iterator[None]:
    """One call at a time, without the warnings of a library that is no longer changed."""
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def _quiet_host() -> Any:
    from durable.engine import Host

    class QuietHost(Host):  # type: ignore[misc]
        """A host without the two threads that never end."""

        def _run(self) -> None:
            """Start nothing."""

    return QuietHost()


