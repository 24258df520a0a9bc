"""`cadrerules simulate`: what a change, another reading or an uncertain fact would make of a population, and populations to try it on."""

from __future__ import annotations

import typer

from .simulate_compare import compare
from .simulate_interpretations import interpretations
from .simulate_sweep import sweep
from .simulate_synth import synth
from .simulate_uncertainty import bounds, margins, noise, uncertainty

app = typer.Typer(no_args_is_help=True, help="Simulate on whole populations.")
app.command()(compare)
app.command()(sweep)
app.command()(interpretations)
app.command()(uncertainty)
app.command()(noise)
app.command()(bounds)
app.command()(margins)
app.command()(synth)
