"""Evaluation rules as code: load policies, read tables of facts, evaluate, explain."""

from __future__ import annotations

from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import CadreError, DataError, PolicyError, UsageError
    from .journal.opening import open_journal
    from .model.facts import Column, ColumnarTables, Facts, FactTables
    from .model.pseudonyms import pseudonym, pseudonymise
    from .model.result import Decision, Finding, NotEvaluated, Result
    from .monitor.changes import Change
    from .monitor.monitor import CallbackError, Monitor
    from .plan import Plan
    from .plugins import plugin_manager
    from .reading import load_policies, read_tables, scan_tables
    from .simulate.comparing import compare
    from .simulate.sweeping import sweep
    from .simulate.synthetic import synthesise

__version__ = "0.1.0"

_HOMES = {
    "CadreError": "errors",
    "CallbackError": "monitor.monitor",
    "Change": "monitor.changes",
    "Column": "model.facts",
    "ColumnarTables": "model.facts",
    "DataError": "errors",
    "Decision": "model.result",
    "FactTables": "model.facts",
    "Facts": "model.facts",
    "Finding": "model.result",
    "Monitor": "monitor.monitor",
    "NotEvaluated": "model.result",
    "Plan": "plan",
    "PolicyError": "errors",
    "Result": "model.result",
    "UsageError": "errors",
    "compare": "simulate.comparing",
    "load_policies": "reading",
    "open_journal": "journal.opening",
    "plugin_manager": "plugins",
    "pseudonym": "model.pseudonyms",
    "pseudonymise": "model.pseudonyms",
    "read_tables": "reading",
    "scan_tables": "reading",
    "sweep": "simulate.sweeping",
    "synthesise": "simulate.synthetic",
}

__all__ = [
    "CadreError",
    "CallbackError",
    "Change",
    "Column",
    "ColumnarTables",
    "DataError",
    "Decision",
    "FactTables",
    "Facts",
    "Finding",
    "Monitor",
    "NotEvaluated",
    "Plan",
    "PolicyError",
    "Result",
    "UsageError",
    "compare",
    "load_policies",
    "open_journal",
    "plugin_manager",
    "pseudonym",
    "pseudonymise",
    "read_tables",
    "scan_tables",
    "sweep",
    "synthesise",
]


_IN_COLUMNS = frozenset({"compare", "sweep"})
"""What works on columns: without the extra `frames` they are there, and say so when they are called."""


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that importing the package costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        value = _load(name)
    except ImportError:
        if name not in _IN_COLUMNS:
            raise
        value = partial(_called_without_frames, name)
    globals()[name] = value
    return value


def _load(name: str) -> Any:
    return getattr(import_module(f".{_HOMES[name]}", __name__), name)


def _called_without_frames(name: str, *arguments: Any, **named: Any) -> Any:
    from .load.files import needing

    with needing("polars", "frames"):
        function = _load(name)
    return function(*arguments, **named)


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
