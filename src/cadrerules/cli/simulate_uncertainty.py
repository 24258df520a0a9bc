"""`cadrerules simulate uncertainty`, `noise`, `bounds` and `margins`: what decisions are worth where facts are uncertain."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from ..errors import Problem, UsageError
from . import options
from .sharing import sharing
from .simulated import Simulation, Told, simulation, simulation_on_rows

_DISTRIBUTIONS = Annotated[Path, typer.Option(help="A YAML document that says what is uncertain, and how.", metavar="FILE")]
_DRAWS = Annotated[int, typer.Option(help="How often the facts are drawn.", metavar="N")]
_SEED = Annotated[int, typer.Option(help="Another seed gives other draws; the same one the same.", metavar="N", min=0)]
_NOISE = Annotated[
    list[str], typer.Option("--noise", help="A column and a standard deviation in its unit, progress.progress=0.5.", metavar="COLUMN=SIZE")
]
_AFTER = Annotated[Path | None, typer.Option(help="Other facts: who took whose place on the way there.", metavar="DATA")]
_REFORM = Annotated[Path | None, typer.Option(help="A reform document: who takes whose place under the reformed plan.", metavar="FILE")]


@sharing(simulation)
def uncertainty(asked: Simulation, distributions: _DISTRIBUTIONS, draws: _DRAWS = 200, seed: _SEED = 1) -> None:
    """How probable each outcome is where cells are drawn from stated distributions."""
    with asked.working("drawing_facts") as told:
        from ..simulate.uncertainty.documents import read_uncertain
        from ..simulate.uncertainty.draws import uncertain

        known = read_uncertain(distributions, asked.plan.tables)
        found = uncertain(
            asked.plan, asked.facts(), known, draws=draws, seed=seed, as_of=asked.day, engine=asked.engine, progress=told
        )
    asked.tell(found)


@sharing(simulation)
def noise(asked: Simulation, noise: _NOISE, draws: _DRAWS = 200, seed: _SEED = 1) -> None:
    """How often decisions turn where the known numbers of columns are a little off."""
    with asked.working("drawing_facts") as told:
        from ..simulate.uncertainty.documents import noise_of
        from ..simulate.uncertainty.stability import noise as shaken

        given = options.pairs(noise, "--noise", "progress.progress=0.5")
        sizes = noise_of({name: _size(name, text) for name, text in given.items()}, asked.plan.tables)
        found = shaken(
            asked.plan, asked.facts(), sizes, draws=draws, seed=seed, as_of=asked.day, engine=asked.engine, progress=told
        )
    asked.tell(found)


def _size(name: str, text: str) -> Decimal:
    try:
        size = Decimal(text)
    except InvalidOperation:
        size = Decimal("NaN")
    if not size.is_finite() or size < 0:
        values = {"value": f"{name}={text}", "option": "--noise", "example": "progress.progress=0.5"}
        raise UsageError(Problem("CR-NOT-A-SETTING", values=values))
    return size


@sharing(simulation)
def bounds(asked: Simulation) -> None:
    """The fewest and the most decisions of each kind, whatever missing facts turn out to be."""
    with asked.working() as told:
        from ..simulate.uncertainty.extremes import bounds as bounded

        found = bounded(asked.plan, asked.facts(), as_of=asked.day, engine=asked.engine, progress=told)
    asked.tell(found)


@sharing(simulation_on_rows)
def margins(asked: Simulation, after: _AFTER = None, reform: _REFORM = None) -> None:
    """How near decisions that rest on a ranking are to the next outcome; with --after or --reform, who took whose place."""
    with asked.working() as told:
        from ..simulate.reforms import read_reform
        from ..simulate.uncertainty.displacements import displaced
        from ..simulate.uncertainty.nearest import margins as nearest

        plan_after = None if reform is None else read_reform(reform).of(asked.plan)
        facts = asked.facts()
        if after is None and plan_after is None:
            found: Told = nearest(asked.plan, facts, as_of=asked.day, progress=told)
        else:
            others = None if after is None else asked.facts(after)
            found = displaced(asked.plan, facts, after=others, plan_after=plan_after, as_of=asked.day, progress=told)
    asked.tell(found)
