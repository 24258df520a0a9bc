"""What would kill a survivor."""
from __future__ import annotations
from .mutants import Mutant
from .report import Trial
from .suite import Suite


def looked_for(suite: Suite, task: tuple[Mutant, int]) -> Trial:
    return Trial(task[0], "survived")
