"""`cadrerules simulate interpretations`: how many decisions turn on each reading and each parameter left out."""

from __future__ import annotations

from . import options, simulated, simulation_page
from .output import progress


def interpretations(
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
    """How many decisions turn on each ambiguous reading, and wait for each unset parameter: what to settle first."""
    asked = simulated.asked(
        data, policies, settings, readings, as_of, engine, format, lang, out, extra_columns, pseudonymise, group_by, group, simulated.PAGED
    )  # fmt: skip
    pictures = simulation_page.picture_format(figure_format, wanted=format == "html" or figures is not None)
    with simulated.frames_needed():
        from ..simulate.ambiguities import ambiguities
    with progress(asked.lang) as told:
        found = ambiguities(asked.plan, asked.facts(), as_of=asked.day, engine=engine, progress=told)
    simulation_page.write_pictures(found, figures, pictures, asked.lang)
    asked.tell(found)
