"""What would kill a survivor: a case, found by the solver or by search, made small, and tried before it is shown."""

from __future__ import annotations

from dataclasses import replace

from ...errors import CadreError
from ...load.yaml import read_yaml
from ...plan import Plan
from ..case_documents import Case, CaseFile
from ..cases import CaseDocument
from .contrast import Contrast, Difference, Scene
from .mutants import Mutant
from .paste import case_text
from .report import Proposal, Trial
from .search import Found, search
from .shrink import Shrinker
from .solving import solved, solved_otherwise
from .suite import Entry, Suite


def looked_for(suite: Suite, task: tuple[Mutant, int]) -> Trial:
    """A survivor's trial with a case that would kill it, where one is found in so many tries."""
    mutant, budget = task
    policies = suite.mutated(mutant)
    if policies is None or not mutant.rules:
        return Trial(mutant, "equivalent" if policies else "invalid", domain="" if mutant.rules else NO_RULE)
    contrast = Contrast(suite.plan, mutant, policies)
    if not budget:
        return Trial(mutant, "survived")
    scenes, domain = solved(contrast)
    found = _shown_by(suite, contrast, scenes) or search(suite, contrast, budget)
    if found is None and domain:
        scenes, others = solved_otherwise(contrast)
        if others:
            return Trial(mutant, "equivalent", domain=f"{domain}; {others}")
        found = _shown_by(suite, contrast, scenes)
    return Trial(mutant, "survived", proposal=_proposal(suite.plan, contrast, found) if found else None)


def _shown_by(suite: Suite, contrast: Contrast, scenes: list[Scene]) -> Found | None:
    """The plainest difference that the solver's witnesses show, beside the file of a case that could notice the mutant."""
    starts = suite.near(contrast.mutant) or suite.entries
    plain = [contrast.read(scene) for scene in scenes]
    seen = [(scene, difference) for scene in plain if (difference := contrast.difference(scene))]
    if not seen or not starts:
        return None
    scene, difference = min(seen, key=lambda pair: pair[1].rank)
    return Found(scene, difference, starts[0])


NO_RULE = "*"
"""The domain of a mutant that no rule rests on: whatever there is."""


def _proposal(plan: Plan, contrast: Contrast, found: Found) -> Proposal | None:
    scene, difference = Shrinker(contrast, found.scene, found.difference).smallest()
    file = found.start.document
    text = case_text(contrast, file.file, scene, difference)
    return Proposal(file.path.name, text, _decides(difference)) if kills(plan, contrast, file, text) else None


def _decides(difference: Difference) -> tuple[str, ...]:
    """What the mutant decides where it differs."""
    found = []
    for (question, subject, period, _), decisions in difference.mutant.items():
        verdicts = " / ".join(d.verdict or "|".join(str(p) for p in d.possible) for d in decisions) or "-"
        found.append(" / ".join(part for part in (question, subject, period) if part) + f": {verdicts}")
    return tuple(found)


def kills(plan: Plan, contrast: Contrast, document: CaseDocument, text: str) -> bool:
    """Whether a case, pasted into a case file, passes on the original and fails on the mutant."""
    try:
        file = CaseFile.model_validate(read_yaml(f"format: 1\nas_of: 2000-01-01\ncases:\n{text}", document.path.name).data)
        case: Case = file.cases[0]
        entry = Entry(plan, replace(document, file=document.file.model_copy(update={"cases": [case]})), case)
        return entry.passes and entry.fails(contrast.policies, contrast.mutant.rules)
    except (CadreError, ValueError):
        return False
