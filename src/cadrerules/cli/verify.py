"""`cadrerules verify`: what a plan's rules leave open, contradict, lose or can never reach, proved or shown."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ..errors import Lang
from ..load.files import needing
from ..load.policies import ACCEPTED_FILE
from . import options
from .output import progress, write
from .words import word

if TYPE_CHECKING:
    from ..plan import Plan
    from ..verify import Example, Found

_SOURCE = Annotated[str, typer.Argument(help="An installed policy set, or a folder.", metavar="[NAME|PATH]")]
_FORMAT = Annotated[str, typer.Option("--format", help="text or json.", metavar="FORMAT")]
_ACCEPTED = Annotated[Path | None, typer.Option(help="The file of accepted findings; accepted.yaml beside the documents.", metavar="FILE")]
_FAIL_ON = Annotated[str, typer.Option(help="Exit with 1 for this severity and graver: error, warning, info or never.", metavar="SEVERITY")]
_JOBS = Annotated[int, typer.Option(help="How many processes share the work; one per processor where left out.", metavar="N", min=0)]


def verify(
    policies: _SOURCE = "",
    policy: options.Policy = None,
    settings: options.Settings = None,
    readings: options.Readings = None,
    format: _FORMAT = "text",  # noqa: A002 - the option's name
    accepted: _ACCEPTED = None,
    fail_on: _FAIL_ON = "never",
    jobs: _JOBS = 0,
    lang: options.Language = "",
    out: options.Out = None,
) -> None:
    """Prove or refute: gaps, overlaps, conflicts, dead rules, lost penalties, what hangs on unset numbers and readings."""
    language = options.language(lang)
    options.one_of(format, "--format", ("text", "json"))
    options.one_of(fail_on, "--fail-on", ("error", "warning", "info", "never"))
    with needing("z3", "verify"):
        from ..verify.accepted import read_accepted
        from ..verify.checks import verify as verified
        from ..verify.found import SEVERITIES
    plan = options.plan_for(policies, None, settings, readings)
    known = accepted or _beside(plan)
    with progress(language) as tell:
        found = verified(plan, policy or None, read_accepted(known) if known else (), tell, jobs or os.cpu_count() or 1)
    if format == "json":
        told = json.dumps([one.to_json(language) for one in found], indent=2, ensure_ascii=False)
    else:
        told = "\n".join(_lines(found, language))
    write(f"{told}\n", out, language)
    failing = SEVERITIES[: SEVERITIES.index(fail_on) + 1] if fail_on in SEVERITIES else ()
    if any(one.severity in failing and not one.accepted for one in found):
        raise typer.Exit(1)


def _beside(plan: Plan) -> Path | None:
    """The file of accepted findings beside a policy set's documents, where there is one."""
    folder = plan.policy_set.folder
    return folder / ACCEPTED_FILE if folder and (folder / ACCEPTED_FILE).is_file() else None


def _lines(found: list[Found], lang: Lang) -> Iterator[str]:
    """The findings as text, the gravest first."""
    for one in found:
        clauses = word("brackets", lang, word("clause", lang, ", ".join(one.clauses))) if one.clauses else ""
        head = f"{word('severity_' + one.severity, lang)}  {one.check}  {word('answer_' + one.answer, lang)}"
        yield f"{head}  {', '.join(one.rules)}{clauses}"
        yield f"  {one.message.text(lang)}"
        if one.accepted:
            yield f"  {word('accepted', lang, one.accepted.text(lang))}"
        if one.answer == "proved":
            yield f"  {word('proved_of', lang, one.domain)}"
        if one.witness:
            yield from (f"  {line}" for line in _shown(one.witness.to_json(), one.witness, lang))
        yield ""
    counts = {s: sum(f.severity == s and not f.accepted for f in found) for s in ("warning", "info")}
    yield word("findings", lang, len(found), counts["warning"], counts["info"], sum(f.accepted is not None for f in found))


def _shown(plain: dict[str, Any], witness: Example, lang: Lang) -> Iterator[str]:
    """A witness, a row to a line."""
    yield f"{word('shown_by', lang)}{word('colon', lang)}".rstrip()
    for table, rows in plain["tables"].items():
        yield from (f"  {table}: " + ", ".join(f"{name} {value}" for name, value in row.items()) for row in rows)
    settings = {**plain["params"], **{f"interpretation.{n}": v for n, v in witness.interpretations.items()}}
    if settings:
        yield "  " + word("with_settings", lang, ", ".join(f"{name} = {value}" for name, value in settings.items()))
    if change := plain.get("change"):
        what = change.get("cell") or change.get("param") or change.get("interpretation")
        yield "  " + word("changes", lang, what, change["from"], change["to"])
