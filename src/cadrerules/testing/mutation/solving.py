"""Asks the solver, where it is installed, whether a mutant decides as the original does."""

from __future__ import annotations

from dataclasses import replace
from importlib.util import find_spec

from .contrast import Contrast, Scene


def solved(contrast: Contrast) -> tuple[list[Scene], str]:
    """Tables on which the two differ, and, where they are proved to decide alike, on which domain.

    Without the solver, and where it can't tell, neither.
    """
    if find_spec("z3") is None:
        return [], ""
    from ...verify import difference

    found = difference(contrast.plan, replace(contrast.plan, policy_set=contrast.policies), contrast.mutant.policies)
    scenes = [
        Scene({name: tuple(rows) for name, rows in d.witness.tables.items()}, d.witness.as_of, d.witness.params, d.witness.interpretations)
        for d in found
        if d.witness is not None
    ]
    proved = found and all(d.answer == "proved" for d in found)
    return scenes, "; ".join(dict.fromkeys(d.domain for d in found)) if proved else ""
