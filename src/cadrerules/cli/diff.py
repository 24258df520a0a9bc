"""`cadrerules policy diff`: how two versions of a policy set differ."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import CadreError, Lang, Problem
from ..load.versions import Version, versions
from ..model.facts import FactTables
from ..model.pseudonyms import codes_of
from ..plan import Plan
from ..plugins import installed_plugins, policy_sources
from ..reading import load_policies, read_tables
from . import options
from .output import progress, show, write

if TYPE_CHECKING:
    from ..differences.difference import PolicyDiff

FORMATS = ("text", "markdown", "json")

_OLD = Annotated[str, typer.Argument(help="An installed policy set, a folder, a document, or REV:path of a git revision.", metavar="OLD")]
_NEW = Annotated[str, typer.Argument(help="The same of the new version.", metavar="NEW")]
_DATA = Annotated[Path | None, typer.Option(help="Facts on which to compare the decisions.", metavar="DATA")]
_FORMAT = Annotated[str, typer.Option("--format", help="text, markdown or json.", metavar="FORMAT")]
_EXIT_CODE = Annotated[bool, typer.Option("--exit-code", help="Exit with 1 where decisions differ.")]
_PROOFS = Annotated[bool, typer.Option(help="Compare the rules for all facts (needs the extra `verify`).")]


def diff(
    old: _OLD,
    new: _NEW,
    data: _DATA = None,
    as_of: options.AsOf = "",
    engine: options.Engine = "auto",
    group_by: options.GroupBy = "",
    pseudonymise: options.Pseudonymise = None,
    proofs: _PROOFS = True,
    format: _FORMAT = "text",  # noqa: A002 - the option's name
    exit_code: _EXIT_CODE = False,
    lang: options.Language = "",
    out: options.Out = None,
) -> None:
    """What differs: the documents, the rules for all facts, and with --data the decisions that flip and why."""
    language = options.language(lang)
    options.one_of(format, "--format", FORMATS)
    day = options.day(as_of)
    installed = {name: source.folder for name, source in policy_sources(installed_plugins()).items()}
    with versions(old, new, installed) as (first, second):
        before, after = _plan(first, old, installed), _plan(second, new, installed)
        facts = _facts(data, before, group_by, pseudonymise)
        with progress(language) as tell:
            found = before.diff(
                after, facts, as_of=day, group_by=group_by, engine=engine, proofs=proofs, progress=tell
            )
    _write(found, format, language, out)
    if exit_code and found.differs:
        raise typer.Exit(1)


def _plan(version: Version, named: str, installed: Mapping[str, Path]) -> Plan:
    """The plan of a version; an error names what was asked for, not where it was put."""
    if named in installed:
        return load_policies(named)
    try:
        return load_policies(version.folder)
    except CadreError as error:
        raise _renamed(error, version) from None


def _renamed(error: CadreError, version: Version) -> CadreError:
    if not version.shown:
        return error

    def renamed(problem: Problem) -> Problem:
        file = problem.place.file.replace(str(version.folder), version.shown)
        return replace(problem, place=replace(problem.place, file=file))

    return type(error)(map(renamed, error.problems))


def _facts(data: Path | None, plan: Plan, group_by: str, key: Path | None) -> Path | FactTables | None:
    """The facts: with a key file read and with pseudonyms for persons, else where they are."""
    if key is None or data is None:
        return data
    facts = read_tables(data, plan, group_by=group_by)
    return codes_of(facts, options.key_in(key), plan.policy_set.doc.waivable_by).facts(facts)


def _write(found: PolicyDiff, format: str, lang: Lang, out: Path | None) -> None:  # noqa: A002
    match format:
        case "json":
            write(json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n", out, lang)
        case "markdown":
            write(found.to_markdown(lang), out, lang)
        case _ if out is None and sys.stdout.isatty():
            from ..differences.text import lines

            show(lines(found, lang))
        case _:
            write(found.to_text(lang), out, lang)
