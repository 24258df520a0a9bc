"""`cadrerules simulate interpretations`: how many decisions turn on each reading and each parameter left out."""

from __future__ import annotations

from . import options, simulated
from .output import progress


def interpretations(
    data: options.Data,
    policies: options.Policies = "",
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    engine: options.Engine = "auto",
    format: simulated.Format = "table",  # noqa: A002 - the option's name
    lang: options.Language = "",
    out: options.Out = None,
    extra_columns: options.Extra = "error",
    pseudonymise: options.Pseudonymise = None,
    group_by: options.GroupBy = "",
    group: options.Group = "",
) -> None:
    """How many decisions turn on each ambiguous reading, and wait for each unset parameter: what to settle first."""
    asked = simulated.asked(data, policies, settings, readings, as_of, engine, format, lang, out, extra_columns, pseudonymise, group_by, group)
    with simulated.frames_needed():
        from ..simulate.ambiguities import ambiguities
    with progress(asked.lang) as told:
        found = ambiguities(asked.plan, asked.facts(), as_of=asked.day, engine=engine, progress=told)
    asked.tell(found)
