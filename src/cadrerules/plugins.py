"""Finds plugins through their entry points, when asked to; nothing is loaded at import."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import lru_cache
from importlib.metadata import entry_points
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

from . import hookspecs
from .errors import CadreError, PolicyError, Problem
from .hookspecs import PROJECT, PolicySource
from .model.python_findings import finding_problems
from .model.result import Finding
from .model.texts import Texts
from .report import ReportFormat

if TYPE_CHECKING:
    from .model.facts import FactTables, Row
    from .model.policy_set import PolicySet

Answer = TypeVar("Answer")

_CHINESE_KINDS = {"plugin": "插件", "policy set": "政策集", "report": "报告", "finding": "结果"}


def plugin_manager(*plugins: Any, installed: bool = True) -> pluggy.PluginManager:
    """A new plugin manager with the given plugins, and the installed ones unless told otherwise.

    Raises `PolicyError` for a plugin that can't be loaded, has a hook nobody knows or shares its name.
    """
    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(hookspecs)
    for plugin in plugins:
        with _blaming(_name(plugin)):
            manager.register(plugin)
    if installed:
        _load_installed(manager)
    with _blaming("-"):
        manager.check_pending()
    return manager


def _load_installed(manager: pluggy.PluginManager) -> None:
    names = [point.name for point in entry_points(group=PROJECT)]
    _refuse_twice("plugin", names)
    for name in sorted(names):
        with _blaming(name):
            manager.load_setuptools_entrypoints(PROJECT, name)


@contextmanager
def _blaming(name: str) -> Iterator[None]:
    """Turn whatever goes wrong while a plugin is loaded into an error that names it."""
    try:
        yield
    except Exception as error:  # a plugin's import may fail in any way
        reason = str(error)
        if isinstance(error, pluggy.PluginValidationError):
            name = _name(error.plugin)
            reason = reason.replace(repr(error.plugin), f"`{name}`")
        raise _bad_plugin(name, f"{type(error).__name__}: {reason}") from error


def _name(plugin: Any) -> str:
    return str(getattr(plugin, "__name__", type(plugin).__name__))


def _bad_plugin(name: str, reason: object) -> PolicyError:
    return PolicyError(Problem("CR-BAD-PLUGIN", values={"name": name, "reason": reason}))


@lru_cache(maxsize=1)
def installed_plugins() -> pluggy.PluginManager:
    """The manager of the installed plugins, made at the first use."""
    return plugin_manager()


def policy_sources(manager: pluggy.PluginManager) -> dict[str, PolicySource]:
    """The policy sets of all plugins, by name in order; `PolicyError` for a name given twice."""
    found = _answers(manager, "cadrerules_policy_sets", PolicySource)
    _refuse_twice("policy set", (source.name for source in found))
    return {source.name: source for source in sorted(found, key=lambda source: source.name)}


def report_formats(manager: pluggy.PluginManager, built_in: Iterable[ReportFormat] = ()) -> dict[str, ReportFormat]:
    """The report formats of all plugins, and those built in, by name in order; `PolicyError` for a name given twice."""
    found = [*built_in, *_answers(manager, "cadrerules_reports", ReportFormat)]
    _refuse_twice("report", (report.name for report in found))
    return {report.name: report for report in sorted(found, key=lambda report: report.name)}


def python_findings(
    manager: pluggy.PluginManager, *, policies: PolicySet, facts: FactTables, as_of: date
) -> list[Finding]:
    """The findings that plugins compute, in one order whatever the plugins'.

    Raises `PolicyError` for each that does not fit its question, shares a rule's id or stands twice.
    """
    found = _answers(manager, "cadrerules_findings", Finding, policies=policies, facts=facts, as_of=as_of)
    found.sort(key=lambda f: (f.rule, f.subject.kind, f.subject.id, f.period or "", f.model_dump_json()))
    if problems := [problem for finding in found for problem in finding_problems(finding, policies)]:
        raise PolicyError(problems)
    _refuse_twice("finding", (f"{f.rule}/{f.subject.id}/{f.period or ''}" for f in found))
    return found


def waiver_objections(manager: pluggy.PluginManager, *, policies: PolicySet, waiver: Row) -> list[Texts]:
    """All objections of all plugins to a waiver, sorted."""
    found = _answers(manager, "cadrerules_check_waiver", Texts, policies=policies, waiver=dict(waiver))
    return sorted(set(found), key=lambda text: (text.en, text.zh))


def _answers(manager: pluggy.PluginManager, hook: str, kind: type[Answer], **arguments: Any) -> list[Answer]:
    """What all plugins answer, each asked alone so that one that fails can be named."""
    found: list[Answer] = []
    plugins = sorted(((_shown(*named), named[1]) for named in manager.list_name_plugin()), key=itemgetter(0))
    for name, plugin in plugins:
        others = [other for _, other in plugins if other is not plugin]
        found += _answer(name, hook, manager.subset_hook_caller(hook, others), kind, arguments)
    return found


def _answer(name: str, hook: str, call: Any, kind: type[Answer], arguments: dict[str, Any]) -> list[Answer]:
    try:
        items = [item for answer in call(**arguments) for item in answer]
    except CadreError:
        raise
    except Exception as error:  # its text may hold facts, so only its kind is told
        raised = type(error).__name__
        raise _bad_plugin(name, {"en": f"`{hook}` raised {raised}", "zh": f"`{hook}` 引发 {raised}"}) from error
    if any(not isinstance(item, kind) for item in items):
        wanted = {"en": f"`{hook}` must give {kind.__name__} items", "zh": f"`{hook}` 应给出 {kind.__name__} 的列表"}
        raise _bad_plugin(name, wanted)
    return items


def _shown(name: str, plugin: object) -> str:
    """The name of a plugin for people: pluggy numbers those that have none."""
    return _name(plugin) if name.isdigit() else name


def _refuse_twice(kind: str, names: Iterable[str]) -> None:
    """Refuse names that stand more than once, all in one report."""
    kinds = {"en": kind, "zh": _CHINESE_KINDS[kind]}
    if twice := sorted(name for name, count in Counter(names).items() if count > 1):
        raise PolicyError(Problem("CR-NAME-TWICE", values={"kind": kinds, "name": name}) for name in twice)
