"""Keeps the installed policy sets that were read, for as long as their files say the same."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path

from ..errors import PolicyError, Problem
from ..model.facts import Facts
from ..model.policy_set import PolicySet
from .policies import read_policy_set

Tables = tuple[type[Facts], ...]

KEPT = 4
"""So many sets, with what was made of them, are kept at most."""


def read_installed(name: str, folder: Path, tables: Mapping[str, Tables]) -> PolicySet:
    """The installed policy set of this name, read from its folder unless it was and no file has changed since.

    `tables` are the models of each installed set, by its name. A set is never changed in place, so all
    who ask for it share it. Raises `PolicyError` as `read_policy_set` does, each time anew.
    """
    return _read(name, folder, tuple(sorted(tables.items())), _content(folder))


def tables_among(tables: Mapping[str, Tables], name: str) -> Tables:
    """The models of an installed set; `PolicyError` where there is none of this name."""
    if name not in tables:
        raise PolicyError(Problem("CR-UNKNOWN-SET", values={"name": name, "known": ", ".join(tables) or "-"}))
    return tables[name]


@lru_cache(maxsize=KEPT)
def _read(name: str, folder: Path, tables: tuple[tuple[str, Tables], ...], content: bytes) -> PolicySet:  # noqa: ARG001 - the content tells sets apart
    known = dict(tables)
    return read_policy_set(folder, known[name], partial(tables_among, known))


def _content(folder: Path) -> bytes:
    """A digest of all files below the folder, which may hold documents and the tables that they name."""
    digest = sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".py", ".pyc")):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(folder)}\0{len(content)}\0".encode("utf-8", "surrogateescape"))
        digest.update(content)
    return digest.digest()
