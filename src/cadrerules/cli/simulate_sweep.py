"""`cadrerules simulate sweep`: how many are decided how, along the values of one or two parameters."""

from __future__ import annotations

from typing import Annotated

import typer

from .sharing import sharing
from .simulated import Simulation, simulation

_SETTINGS = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        help="Values to sweep over, board.red_to=3..12 (a step after a slash, lists with commas); a single value is set.",
        metavar="NAME=VALUES",
    ),
]
_GOALS = Annotated[
    list[str] | None,
    typer.Option("--goal", help="Tell which values meet it, 'flag.red <= 30%'; may be given again.", metavar="GOAL"),
]


def _is_swept(text: str) -> bool:
    return ".." in text or "," in text


def _fixed(settings: list[str] | None) -> list[str]:
    return [text for text in settings or () if not _is_swept(text)]


@sharing(simulation, settings=_fixed)
def sweep(asked: Simulation, settings: _SETTINGS = None, goal: _GOALS = None) -> None:
    """How many decisions have which outcome for each value of one or two parameters, and which values meet a goal."""
    swept = [text for text in settings or () if _is_swept(text)]
    with asked.working() as told:
        from ..simulate.settings import asked_for
        from ..simulate.sweeping import sweep as swept_over

        asked_for(asked.plan, swept, goal or (), asked.day)  # what is wrong with the call is told before the tables are read
        found = swept_over(
            asked.plan, asked.facts(), swept, goals=goal or (), as_of=asked.day, engine=asked.engine, progress=told
        )
    asked.tell(found)
