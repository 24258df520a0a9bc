"""`cadrerules simulate compare`: who would be decided otherwise under reforms of the plan, and why."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..errors import Problem, UsageError
from .output import show
from .sharing import sharing
from .simulated import Simulation, simulation

_REFORM = Annotated[list[Path] | None, typer.Option("--reform", help="A reform document; may be given again.", metavar="FILE")]
_BY = Annotated[
    list[str] | None,
    typer.Option("--by", help="Break down by a column, staff.role, or by the grouping column; may be given again.", metavar="COLUMN"),
]
_ATTRIBUTE = Annotated[bool, typer.Option("--attribute/--no-attribute", help="Put what changes down to the parts of a reform.")]


@sharing(simulation)
def compare(asked: Simulation, reform: _REFORM = None, by: _BY = None, attribute: _ATTRIBUTE = True) -> None:
    """Who goes from which decision to which under reforms of the plan, and which part of a reform makes it so."""
    if not reform:
        raise UsageError(Problem("CR-NO-REFORM"))
    with asked.working() as told:
        from ..simulate.comparing import compare as compared
        from ..simulate.reforms import read_reform

        reforms = [read_reform(path) for path in reform]
        for each in reforms:
            each.of(asked.plan)  # what is wrong with one is told before the tables are read
        found = compared(
            asked.plan, asked.facts(), reforms,
            as_of=asked.day, by=by or (), engine=asked.engine, attribute=attribute, progress=told,
        )  # fmt: skip
    if asked.format == "table" and asked.out is None and sys.stdout.isatty():
        from ..simulate.comparison_text import lines

        show(lines(found, asked.lang))
    else:
        asked.tell(found)
