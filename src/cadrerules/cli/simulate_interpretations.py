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
    language = options.language(lang)
    options.one_of(format, "--format", simulated.FORMATS)
    day = options.day(as_of)
    plan = options.plan_for(policies, data, settings, readings)
    with simulated.frames_needed():
        from ..simulate.ambiguities import ambiguities
    with progress(language) as told:
        facts = simulated.held(plan, data, extra_columns, engine, options.Grouping(group_by, group), pseudonymise)
        found = ambiguities(plan, facts, as_of=day, engine=engine, progress=told)
    simulated.tell(found, format, language, out)
