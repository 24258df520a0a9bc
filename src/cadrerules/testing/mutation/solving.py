"""Asks the solver, where it is installed, whether a mutant decides as the original does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from importlib.util import find_spec

from ...model.dependencies import dependencies
from .contrast import Contrast, Scene

_NEEDS_MANY = ("grouping",)
"""Changes that show only among many rows: what is proved of the few rows that the solver looks at says too little."""


def solved(contrast: Contrast) -> tuple[list[Scene], str]:
    """Tables on which the two differ, and, where they are proved to decide alike, on which domain.

    Under the readings in force. Without the solver, and where it can't tell, neither.
    """
    return _asked(contrast, {}) if find_spec("z3") else ([], "")


def solved_otherwise(contrast: Contrast) -> tuple[list[Scene], str]:
    """The same under every other reading that the rules rest on, one at a time; the domain says which."""
    names: set[str] = set()
    for name in contrast.mutant.policies:
        policy = contrast.plan.policies[name]
        names |= {n for rule in policy.rules if rule.id in contrast.rules for n in dependencies(policy, rule).interpretations}
    for name in sorted(names):
        reading = contrast.plan.interpretations[name]
        for word in reading.doc.words:
            if word != reading.option:
                scenes, domain = _asked(contrast, {name: word})
                if scenes or not domain:
                    return [replace(scene, readings={**scene.readings, name: word}) for scene in scenes], ""
    return [], f"each other reading of {', '.join(sorted(names))} by itself" if names else "whatever the reading"


def _asked(contrast: Contrast, readings: Mapping[str, str]) -> tuple[list[Scene], str]:
    from ...verify import difference

    other = replace(contrast.plan, policy_set=contrast.policies)
    plans = [plan.amend(interpretations=readings) if readings else plan for plan in (contrast.plan, other)]
    questions = sorted({rule.question for policy in contrast.plan.policies.values() for rule in policy.rules if rule.id in contrast.rules})
    found = difference(plans[0], plans[1], contrast.mutant.policies, questions)
    scenes = [
        Scene({name: tuple(rows) for name, rows in d.witness.tables.items()}, d.witness.as_of, d.witness.params, d.witness.interpretations)
        for d in found
        if d.witness is not None
    ]
    proved = found and all(d.answer == "proved" for d in found) and contrast.mutant.operator not in _NEEDS_MANY
    return scenes, "; ".join(dict.fromkeys(d.domain for d in found)) if proved else ""
