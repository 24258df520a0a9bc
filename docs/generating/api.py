"""The page of the Python API: every public name, in the group where a reader would look for it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from generating.notes import NOTE

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Plans and facts": ("load_policies", "read_tables", "scan_tables", "Plan"),
    "Tables": ("Facts", "Column", "FactTables", "ColumnarTables"),
    "Results": ("Result", "Decision", "Finding", "NotEvaluated"),
    "Facts one at a time": ("Monitor", "Change", "CallbackError", "SharedMonitor", "open_journal", "journal.Journal"),
    "Receipts and replay": ("receipts", "replay"),
    "Simulation": ("compare", "sweep", "synthesise"),
    "Personal data": ("pseudonymise", "pseudonym"),
    "Plugins": ("plugin_manager",),
    "Proofs": ("verify.*",),
    "Tests": ("testing.*",),
    "Errors": ("CadreError", "DataError", "PolicyError", "UsageError"),
}
HOMES = {"journal.Journal": "journal.journal"}
IS = """
`import cadrerules as cr` costs next to nothing: each name is loaded when it is first used. Objects are never changed in
place and may be shared between threads, but for a monitor and a journal, which say so. Whatever a call can't do raises one of
the [errors](#errors), each problem of which has a code, a place and a hint.
"""


def api() -> Iterator[str]:
    """The page: a heading for each group, and what mkdocstrings makes of the names."""
    _check()
    yield "# Python API"
    yield NOTE
    yield IS
    for title, names in GROUPS.items():
        yield f"\n## {title}\n"
        for name in names:
            yield from (f"::: cadrerules.{full}\n" for full in _homes(name))


def _check() -> None:
    """No public name may be left out, nor be there no more."""
    package = import_module("cadrerules")
    told = {name for names in GROUPS.values() for name in names if "." not in name}
    if told != set(package.__all__):
        raise SystemExit(f"give a group in docs/generating/api.py to {sorted(told ^ set(package.__all__))}")


def _homes(name: str) -> Iterator[str]:
    """Where a name, or each public name of a package, is defined."""
    package, _, last = name.rpartition(".")
    if name in HOMES:
        yield f"{HOMES[name]}.{last}"
        return
    module = import_module(".".join(filter(None, ("cadrerules", package))))
    prefix = f"{package}." if package else ""
    yield from (f"{prefix}{module._HOMES[one]}.{one}" for one in (module.__all__ if last == "*" else (last,)))  # noqa: SLF001 - where lazily loaded names are
