"""`cadrerules simulate synth`: a made-up population as a folder of Parquet files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import Problem, UsageError
from . import options
from .output import progress, say, write
from .words import word

_ORGANISATIONS = Annotated[int, typer.Option(help="How many organisations.", metavar="NUMBER")]
_SEED = Annotated[int, typer.Option(help="The same seed gives the same rows.", metavar="NUMBER")]
_SIZES = Annotated[
    list[str] | None, typer.Option("--size", help="A size that the population names, units=30; may be given again.", metavar="NAME=NUMBER")
]
_POPULATION = Annotated[Path | None, typer.Option(help="What to draw; population.yaml beside the policies where left out.", metavar="FILE")]
_FOLDER = Annotated[Path, typer.Option(help="Make this folder.", metavar="FOLDER")]


def synth(
    out: _FOLDER,
    organisations: _ORGANISATIONS = 1000,
    seed: _SEED = 1,
    size: _SIZES = None,
    policies: options.Policies = "",
    population: _POPULATION = None,
    group_by: options.GroupBy = "organisation",
    lang: options.Language = "",
) -> None:
    """Write plausible tables of made-up organisations, ready to be evaluated."""
    from ..simulate.synthetic import synthesise

    language = options.language(lang)
    sizes = _sizes(size)
    plan = options.plan_for(policies, None, None, None)
    with progress(language, "drawing") as tell:
        made = synthesise(
            plan, out,
            organisations=organisations, seed=seed, sizes=sizes, group=group_by, population=population, progress=tell,
        )  # fmt: skip
    lines = [f"{name}{word('colon', language)}{word('rows', language, count)}\n" for name, count in made.rows.items()]
    write("".join(lines), None, language)
    say(word("written", language, out))


def _sizes(texts: list[str] | None) -> dict[str, int]:
    """Sizes by name; `UsageError` for one that is no whole number."""
    found = {}
    for name, value in options.pairs(texts, "--size", "units=30").items():
        if not (value.isascii() and value.isdigit() and len(value) < 10):
            raise UsageError(Problem("CR-NOT-A-SETTING", values={"value": f"{name}={value}", "option": "--size", "example": "units=30"}))
        found[name] = int(value)
    return found
