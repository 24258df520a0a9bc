"""`cadrerules simulate interpretations`: how many decisions turn on each reading and each parameter left out."""

from __future__ import annotations

from .sharing import sharing
from .simulated import Simulation, simulation


@sharing(simulation)
def interpretations(asked: Simulation) -> None:
    """How many decisions turn on each ambiguous reading, and wait for each unset parameter: what to settle first."""
    with asked.working() as told:
        from ..simulate.ambiguities import ambiguities

        found = ambiguities(asked.plan, asked.facts(), as_of=asked.day, engine=asked.engine, progress=told)
    asked.tell(found)
