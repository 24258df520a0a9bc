"""`cadrerules simulate uncertainty`, `noise`, `bounds` and `margins`: what decisions are worth where facts are uncertain."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

import typer

from ..errors import Problem, UsageError
from . import options, simulated, simulation_page
from .output import progress

_DISTRIBUTIONS = Annotated[Path, typer.Option(help="A YAML document that says what is uncertain, and how.", metavar="FILE")]
_DRAWS = Annotated[int, typer.Option(help="How often the facts are drawn.", metavar="N")]
_SEED = Annotated[int, typer.Option(help="Another seed gives other draws; the same one the same.", metavar="N", min=0)]
_NOISE = Annotated[
    list[str], typer.Option("--noise", help="A column and a standard deviation in its unit, progress.progress=0.5.", metavar="COLUMN=SIZE")
]
_AFTER = Annotated[Path | None, typer.Option(help="Other facts: who took whose place on the way there.", metavar="DATA")]
_REFORM = Annotated[Path | None, typer.Option(help="A reform document: who takes whose place under the reformed plan.", metavar="FILE")]


def uncertainty(
    data: options.Data,
    distributions: _DISTRIBUTIONS,
    draws: _DRAWS = 200,
    seed: _SEED = 1,
    policies: options.Policies = "",
    settings: options.Settings = None,
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
    """How probable each outcome is where cells are drawn from stated distributions."""
    asked = simulated.asked(
        data, policies, settings, readings, as_of, engine, format, lang, out, extra_columns, pseudonymise, group_by, group, simulated.PAGED
    )  # fmt: skip
    pictures = simulation_page.picture_format(figure_format, wanted=format == "html" or figures is not None)
    with simulated.frames_needed():
        from ..simulate.uncertainty.documents import read_uncertain
        from ..simulate.uncertainty.draws import uncertain
    known = read_uncertain(distributions, asked.plan.tables)
    with progress(asked.lang, "drawing_facts") as told:
        found = uncertain(asked.plan, asked.facts(), known, draws=draws, seed=seed, as_of=asked.day, engine=engine, progress=told)
    simulation_page.write_pictures(found, figures, pictures, asked.lang)
    asked.tell(found)


def noise(
    data: options.Data,
    noise: _NOISE,
    draws: _DRAWS = 200,
    seed: _SEED = 1,
    policies: options.Policies = "",
    settings: options.Settings = None,
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
    """How often decisions turn where the known numbers of columns are a little off."""
    asked = simulated.asked(
        data, policies, settings, readings, as_of, engine, format, lang, out, extra_columns, pseudonymise, group_by, group, simulated.PAGED
    )  # fmt: skip
    pictures = simulation_page.picture_format(figure_format, wanted=format == "html" or figures is not None)
    with simulated.frames_needed():
        from ..simulate.uncertainty.documents import noise_of
        from ..simulate.uncertainty.stability import noise as shaken
    sizes = noise_of({name: _size(name, text) for name, text in options.pairs(noise, "--noise", "progress.progress=0.5").items()}, asked.plan.tables)
    with progress(asked.lang, "drawing_facts") as told:
        found = shaken(asked.plan, asked.facts(), sizes, draws=draws, seed=seed, as_of=asked.day, engine=engine, progress=told)
    simulation_page.write_pictures(found, figures, pictures, asked.lang)
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


def bounds(
    data: options.Data,
    policies: options.Policies = "",
    settings: options.Settings = None,
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
    """The fewest and the most decisions of each kind, whatever missing facts turn out to be."""
    asked = simulated.asked(
        data, policies, settings, readings, as_of, engine, format, lang, out, extra_columns, pseudonymise, group_by, group, simulated.PAGED
    )  # fmt: skip
    pictures = simulation_page.picture_format(figure_format, wanted=format == "html" or figures is not None)
    with simulated.frames_needed():
        from ..simulate.uncertainty.extremes import bounds as bounded
    with progress(asked.lang) as told:
        found = bounded(asked.plan, asked.facts(), as_of=asked.day, engine=engine, progress=told)
    simulation_page.write_pictures(found, figures, pictures, asked.lang)
    asked.tell(found)


def margins(
    data: options.Data,
    after: _AFTER = None,
    reform: _REFORM = None,
    policies: options.Policies = "",
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    format: simulated.Format = "table",  # noqa: A002 - the option's name
    lang: options.Language = "",
    out: options.Out = None,
    extra_columns: options.Extra = "error",
    pseudonymise: options.Pseudonymise = None,
    group_by: options.GroupBy = "",
    group: options.Group = "",
) -> None:
    """How near decisions that rest on a ranking are to the next outcome; with --after or --reform, who took whose place."""
    asked = simulated.asked(data, policies, settings, readings, as_of, "auto", format, lang, out, extra_columns, pseudonymise, group_by, group)
    with simulated.frames_needed():
        from ..simulate.reforms import read_reform
        from ..simulate.uncertainty.displacements import displaced
        from ..simulate.uncertainty.nearest import margins as nearest
    plan_after = None if reform is None else read_reform(reform).of(asked.plan)
    with progress(asked.lang) as told:
        facts = asked.facts()
        if after is None and plan_after is None:
            found: simulated.Told = nearest(asked.plan, facts, as_of=asked.day, progress=told)
        else:
            others = None if after is None else asked.facts(after)
            found = displaced(asked.plan, facts, after=others, plan_after=plan_after, as_of=asked.day, progress=told)
    asked.tell(found)
