"""Everything that is wrong with a policy set: its documents, the cases and other documents beside them, and its register of clauses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ..errors import Place, PolicyError, Problem
from ..load.policies import BESIDE, CLAUSES_FILE, SET_FILE, validated
from ..load.yaml import Located, read_yaml
from ..plan import Plan
from ..plugins import installed_plugins, policy_sources
from ..reading import load_policies
from ..testing.cases import FOLDER
from .kinds import kind_of


@dataclass(frozen=True, slots=True)
class Checked:
    """What there is to say of a policy set: `errors`, with which it can't be used, and `warnings`."""

    name: str
    errors: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


def check(source: str | Path | None = None) -> Checked:
    """Check a policy set (a name, a folder, or as `load_policies` chooses one), its cases and what else stands beside it.

    A warning is a rule that the register of clauses expects and that isn't there, one that it doesn't list, and one that cites no
    clause. Raises `UsageError` where there is no such set.
    """
    errors: list[Problem] = []
    plan: Plan | None = None
    try:
        plan = load_policies(source)
    except PolicyError as error:
        errors += error.problems
    folder = plan.policy_set.folder if plan else _folder(str(source or ""))
    if folder is None:
        return Checked(plan.name if plan else str(source or ""), tuple(errors))
    errors += [problem for path in documents_beside(folder) for problem in _problems(path)]
    warnings = tuple(_warnings(plan, folder)) if plan else ()
    return Checked(plan.name if plan else str(source or ""), tuple(errors), warnings)


def documents_beside(folder: Path) -> list[Path]:
    """The documents in a policy set's folder that are none of the set: its cases, accepted findings and population."""
    beside = [path for name in BESIDE if (path := folder / name).is_file()]
    return [*beside, *sorted((folder / FOLDER).glob("*.yaml"))]


def _folder(source: str) -> Path | None:
    """The folder of a set that can't be loaded."""
    if Path(source).is_dir() and (Path(source) / SET_FILE).is_file():
        return Path(source)
    try:
        sources = policy_sources(installed_plugins())
    except PolicyError:  # a plugin can't be loaded, which has been told
        return None
    return sources[source].folder if source in sources else None


def _problems(path: Path) -> list[Problem]:
    problems: list[Problem] = []
    try:
        located = read_yaml(path)
        validated(kind_of(located).model, located, problems)
    except PolicyError as error:
        return list(error.problems)
    return problems


def _warnings(plan: Plan, folder: Path) -> Iterator[Problem]:
    register = plan.clauses
    if missing := set(register.missing):
        for name, place in _listed(read_yaml(folder / CLAUSES_FILE)):
            if name in missing:
                yield Problem("CR-RULE-EXPECTED", place, {"name": name})
    places = dict(_rules(folder)) if register.unlisted or register.uncited else {}
    for code, names in (("CR-RULE-UNLISTED", register.unlisted), ("CR-RULE-UNCITED", register.uncited)):
        yield from (Problem(code, places.get(name, Place()), {"name": name}) for name in names)


def _listed(clauses: Located) -> Iterator[tuple[str, Place]]:
    """The rules that a register names, each with its place."""
    for at, entry in enumerate(clauses.data["clauses"]):
        for part in ("rules", "through"):
            for i, name in enumerate(entry.get(part, ())):
                yield name, clauses.place(("clauses", at, part, i))


def _rules(folder: Path) -> Iterator[tuple[str, Place]]:
    """The rules and obligations in a folder's policies by full name, each with its place."""
    for path in sorted(folder.glob("*.yaml")):
        located = read_yaml(path)
        if "policy" in located.data:
            for part in ("rules", "obligations"):
                for at, rule in enumerate(located.data.get(part, ())):
                    yield f"{located.data['policy']}.{rule['id']}", located.place((part, at, "id"))
