"""Where a plan's population is described: in a document that is given, in the one beside its policies, or nowhere but in its tables."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...load.policies import POPULATION_FILE
from .derived import derived_population

if TYPE_CHECKING:
    from ...plan import Plan


def population_source(plan: Plan, given: Path | str | Mapping[str, Any] | None = None) -> Path | str | Mapping[str, Any]:
    """The document that is given, else that of the plan's folder, else one derived from its tables."""
    if given is not None:
        return given
    folder = plan.policy_set.folder
    if folder is not None and (folder / POPULATION_FILE).is_file():
        return folder / POPULATION_FILE
    return derived_population(plan.tables)
