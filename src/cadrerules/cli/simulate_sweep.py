"""`cadrerules simulate sweep`: how many are decided how, along the values of one or two parameters."""

from __future__ import annotations

from typing import Annotated

import typer

from . import options, simulated, simulation_page
from .output import progress

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


def sweep(
    data: options.Data,
    settings: _SETTINGS = None,
    goal: _GOALS = None,
    policies: options.Policies = "",
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    engine: options.Engine = "auto",
    format: simulated.PagedFormat = "table",  # noqa: A002 - the option's name
    figures: simulation_page.Figures = None,
    figure_format: simulation_page.FigureFormat = "svg",
    lang: options.Language = "",
    out: options.Out = None,
    extra_columns: options.Extra = "error",
    pseudonymise: options.Pseudonymise = None,
    group_by: options.GroupBy = "",
    group: options.Group = "",
) -> None:
    """How many decisions have which outcome for each value of one or two parameters, and which values meet a goal."""
    swept = [text for text in settings or () if ".." in text or "," in text]
    fixed = [text for text in settings or () if text not in swept]
    asked = simulated.asked(
        data, policies, fixed, readings, as_of, engine, format, lang, out, extra_columns, pseudonymise, group_by, group, simulated.PAGED
    )  # fmt: skip
    pictures = simulation_page.picture_format(figure_format, wanted=format == "html" or figures is not None)
    with simulated.frames_needed():
        from ..simulate.settings import asked_for
        from ..simulate.sweeping import sweep as swept_over
    asked_for(asked.plan, swept, goal or (), asked.day)  # what is wrong with the call is told before the tables are read
    with progress(asked.lang) as told:
        found = swept_over(asked.plan, asked.facts(), swept, goals=goal or (), as_of=asked.day, engine=engine, progress=told)
    simulation_page.write_pictures(found, figures, pictures, asked.lang)
    asked.tell(found)
