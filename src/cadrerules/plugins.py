"""Finds plugins through their entry points, when asked to; nothing is loaded at import."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import pluggy

from . import hookspecs
from .errors import PolicyError, Problem
from .hookspecs import PROJECT, PolicySource


def plugin_manager(*plugins: Any, installed: bool = True) -> pluggy.PluginManager:
    """A new plugin manager with the given plugins, and the installed ones unless told otherwise.

    Raises `PolicyError` for a plugin that can't be loaded or has a hook nobody knows.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    try:
        for plugin in plugins:
            manager.register(plugin)
        if installed:
            manager.load_setuptools_entrypoints(PROJECT)
        manager.check_pending()
    except Exception as error:  # a plugin's import may fail in any way
        name = getattr(error, "plugin", "") or "-"
        raise PolicyError(
            Problem("CR-BAD-PLUGIN", values={"name": name, "reason": f"{type(error).__name__}: {error}"})
        ) from error
    return manager


@lru_cache(maxsize=1)
def installed_plugins() -> pluggy.PluginManager:
    """The manager of the installed plugins, made at the first use."""
    return plugin_manager()


def policy_sources(manager: pluggy.PluginManager) -> dict[str, PolicySource]:
    """The policy sets of all plugins, by name in order; `PolicyError` for a name given twice."""
    found: dict[str, PolicySource] = {}
    for source in sorted(_gathered(manager.hook.cadrerules_policy_sets()), key=lambda s: (s.name, str(s.folder))):
        if source.name in found:
            raise PolicyError(Problem("CR-NAME-TWICE", values={"kind": "policy set", "name": source.name}))
        found[source.name] = source
    return found


def _gathered(answers: list[Any]) -> list[Any]:
    return [item for answer in answers for item in (answer or ())]


def python_findings(manager: pluggy.PluginManager, **arguments: Any) -> list[Any]:
    """The findings that plugins compute, in one order whatever the plugins'."""
    found = _gathered(manager.hook.cadrerules_findings(**arguments))
    return sorted(
        found, key=lambda f: (f.rule, f.subject.kind, f.subject.id, f.period or "", f.status, f.model_dump_json())
    )


def waiver_objections(manager: pluggy.PluginManager, **arguments: Any) -> list[str]:
    """All objections of all plugins to a waiver, sorted."""
    return sorted(set(_gathered(manager.hook.cadrerules_check_waiver(**arguments))))
