"""Checks that it makes no difference in which order plugins are registered."""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import factorial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from ..errors import CadreError
from ..plugins import plugin_manager

if TYPE_CHECKING:
    import pluggy

T = TypeVar("T")

MOST_ORDERS: Final = 24
"""Up to four plugins are tried in all orders, of more so many: as given, backwards, and others, always the same ones."""


def same_in_any_order(
    plugins: Sequence[Any], ask: Callable[[pluggy.PluginManager], T], *, most: int = MOST_ORDERS, installed: bool = False
) -> T:
    """Ask a manager of the plugins in each order of registration, and give the answer, which must always be the same.

    `ask` takes the manager and gives anything that can be compared, such as a list (whose order then counts). An
    error of the library (`CadreError`) is an answer too, and is raised. `installed` adds the installed
    plugins. `AssertionError` with the two orders where answers differ; `ValueError` without plugins.

    >>> from cadrerules.plugins import policy_sources
    >>> from types import ModuleType
    >>> same_in_any_order([ModuleType("one"), ModuleType("two")], policy_sources)
    {}
    """
    orders = _orders(len(plugins), most)
    first = next(orders)
    wanted = _answer(plugins, first, ask, installed)
    for order in orders:
        found = _answer(plugins, order, ask, installed)
        if found != wanted:
            shown = [", ".join(_name(plugins[one]) for one in each) for each in (first, order)]
            raise AssertionError(f"the order of plugins makes a difference:\n  {shown[0]}: {wanted}\n  {shown[1]}: {found}")
    told: T = wanted.told()
    return told


@dataclass(frozen=True)
class _Answer:
    """What was answered, or the error that was raised; errors are equal where their reports are, in both languages."""

    value: Any = None
    error: CadreError | None = None

    @property
    def _compared(self) -> tuple[Any, ...]:
        if self.error is None:
            return (self.value,)
        return type(self.error), self.error.report("en"), self.error.report("zh")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Answer) and self._compared == other._compared

    __hash__ = None  # type: ignore[assignment]

    def __str__(self) -> str:
        return repr(self.value) if self.error is None else str(self.error)

    def told(self) -> Any:
        """The value; raises the error where there was one."""
        if self.error is not None:
            raise self.error
        return self.value


def _answer(plugins: Sequence[Any], order: Sequence[int], ask: Callable[[Any], Any], installed: bool) -> _Answer:
    try:
        return _Answer(ask(plugin_manager(*(plugins[one] for one in order), installed=installed)))
    except CadreError as error:
        return _Answer(error=error)


def _orders(count: int, most: int) -> Iterator[tuple[int, ...]]:
    """All orders of so many plugins, or as many as are tried at most, the given one first."""
    if not count:
        raise ValueError("there are no plugins")
    if factorial(count) <= most:
        yield from itertools.permutations(range(count))
        return
    given = tuple(range(count))
    seen = dict.fromkeys((given, given[::-1]))
    draw = random.Random(count)  # noqa: S311 - the same orders every time, no secret
    while len(seen) < most:
        seen[tuple(draw.sample(given, count))] = None
    yield from itertools.islice(seen, most)


def _name(plugin: Any) -> str:
    return str(getattr(plugin, "__name__", type(plugin).__name__))
