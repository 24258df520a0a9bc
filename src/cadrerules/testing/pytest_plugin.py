"""The pytest plugin: finds the case files that stand beside a policy set, brings fixtures, and costs nothing where there are none."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from .benchmark import PolicyBenchmark

_CASES = re.compile(rb"^cases:", re.MULTILINE)
_FORMAT = re.compile(rb"^format:", re.MULTILINE)
_SET = re.compile(rb"^policy_set:", re.MULTILINE)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The plugin's options."""
    group = parser.getgroup("cadrerules", "cases of rules")
    group.addoption("--cadrerules-engine", default="scalar", metavar="NAMES", help="run each case on these engines: scalar,polars,duckdb")
    group.addoption("--cadrerules-update", action="store_true", help="rewrite the expectations that differ, keeping comments and layout")
    group.addoption("--cadrerules-coverage", action="store_true", help="tell which rules and conditions the cases cover")
    group.addoption("--cadrerules-lang", default="en", choices=("en", "zh"), metavar="LANG", help="the language of failures: en or zh")


def pytest_configure(config: pytest.Config) -> None:
    """Refuse engines that nobody knows; without the option nothing is loaded for that."""
    if (names := str(config.getoption("--cadrerules-engine"))) != "scalar":
        from .pytest_cases import engines_of

        engines_of(names)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    """The cases of a file: one beside a policy set, one that names its set, or any case file that is asked for by its path."""
    if file_path.suffix != ".yaml" or not is_case_file(file_path, asked=parent.session.isinitpath(file_path)):
        return None
    from .pytest_cases import CasesFile

    return CasesFile.from_parent(parent, path=file_path)


def is_case_file(path: Path, *, asked: bool = False) -> bool:
    """Whether a YAML file holds cases; files of other projects are none of ours, whatever stands in them."""
    in_place = path.parent.name == "cases"
    if in_place and (path.parent.parent / "policy_set.yaml").is_file():
        return True
    if not in_place and not asked:
        return False
    try:
        with path.open("rb") as file:
            text = file.read(1_000_000)
    except OSError:
        return False
    return bool(_CASES.search(text) and _FORMAT.search(text)) and (asked or bool(_SET.search(text)))


@pytest.fixture
def policy_benchmark(request: pytest.FixtureRequest) -> PolicyBenchmark:
    """Times a policy: `policy_benchmark(plan, "assessment", rows=1_000, way="compiled")`.

    Skips where pytest-benchmark isn't installed or is switched off. See `cadrerules.testing.benchmark`.
    """
    if not request.config.pluginmanager.hasplugin("benchmark"):
        pytest.skip("policy_benchmark needs pytest-benchmark: pip install pytest-benchmark")
    from .benchmark import PolicyBenchmark

    return PolicyBenchmark(request.getfixturevalue("benchmark"))


@pytest.fixture
def plugin_orders() -> Callable[..., Any]:
    """`plugin_orders(plugins, ask)`: the answer to `ask`, given a manager of the plugins, the same in any order of them.

    See `cadrerules.testing.plugin_order.same_in_any_order`.
    """
    from .plugin_order import same_in_any_order

    return same_in_any_order
