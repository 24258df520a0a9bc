"""`cadrerules simulate`: what a change of the rules would do to a population, and populations to try it on."""

from __future__ import annotations

import typer

from .simulate_synth import synth

app = typer.Typer(no_args_is_help=True, help="Simulate on whole populations.")
app.command()(synth)
