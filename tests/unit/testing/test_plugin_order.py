from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pluggy
import pytest

from cadrerules.errors import PolicyError
from cadrerules.hookspecs import PolicySource, hookimpl
from cadrerules.plugins import policy_sources
from cadrerules.testing.plugin_order import MOST_ORDERS, same_in_any_order


def plugin(name: str, *sets: str) -> ModuleType:
    module = ModuleType(name)

    def policy_sets() -> list[PolicySource]:
        return [PolicySource(each, Path(name), ()) for each in sets]

    module.cadrerules_policy_sets = hookimpl(policy_sets, specname="cadrerules_policy_sets")  # type: ignore[attr-defined]
    return module


def registered(manager: pluggy.PluginManager) -> list[str]:
    """What depends on the order."""
    return [name for name, _ in manager.list_name_plugin()]


def asked(count: int, **limits: Any) -> list[list[str]]:
    """The orders in which so many plugins are registered."""
    seen: list[list[str]] = []

    def ask(manager: pluggy.PluginManager) -> None:
        seen.append(registered(manager))

    same_in_any_order([plugin(str(n)) for n in "abcdefgh"[:count]], ask, **limits)
    return seen


@pytest.mark.parametrize(("count", "orders"), [(1, 1), (2, 2), (3, 6), (4, 24), (5, MOST_ORDERS), (8, MOST_ORDERS)])
def test_orders_are_all_or_many_none_twice_and_always_the_same(count: int, orders: int) -> None:
    seen = asked(count)
    assert len(seen) == orders
    assert len({tuple(order) for order in seen}) == orders
    given = list("abcdefgh"[:count])
    assert seen[0] == given
    assert given[::-1] in seen
    assert asked(count) == seen


def test_how_many_is_for_the_caller_to_say() -> None:
    assert asked(3, most=2) == [["a", "b", "c"], ["c", "b", "a"]]
    assert len(asked(5, most=120)) == 120


def test_the_answer_is_given_back() -> None:
    found = same_in_any_order([plugin("one", "b"), plugin("two", "c", "a")], policy_sources)
    assert list(found) == ["a", "b", "c"]


def test_an_answer_that_depends_on_the_order_is_told_with_both() -> None:
    with pytest.raises(AssertionError) as caught:
        same_in_any_order([plugin("one"), plugin("two")], registered)
    assert str(caught.value) == (
        "the order of plugins makes a difference:\n  one, two: ['one', 'two']\n  two, one: ['two', 'one']"
    )


def test_an_error_is_an_answer_and_is_raised() -> None:
    twice = [plugin("one", "a", "b"), plugin("two", "b", "a")]
    with pytest.raises(PolicyError) as caught:
        same_in_any_order(twice, policy_sources)
    assert [problem.code for problem in caught.value.problems] == ["CR-NAME-TWICE", "CR-NAME-TWICE"]


def test_an_error_in_one_order_only_makes_a_difference() -> None:
    def ask(manager: pluggy.PluginManager) -> list[str]:
        if registered(manager)[0] == "two":
            policy_sources(manager)  # a name given twice
        return []

    with pytest.raises(AssertionError, match="two, one: CR-NAME-TWICE"):
        same_in_any_order([plugin("one", "a"), plugin("two", "a")], ask)


def test_installed_plugins_join_where_asked_for() -> None:
    names = same_in_any_order([plugin("one", "a")], lambda manager: list(policy_sources(manager)), installed=True)
    assert names == ["a", "market-supervision"]


def test_without_plugins_there_is_nothing_to_check() -> None:
    with pytest.raises(ValueError, match="there are no plugins"):
        same_in_any_order([], policy_sources)


def test_the_fixture_is_the_check(plugin_orders: Callable[..., Any]) -> None:
    assert plugin_orders is same_in_any_order
