"""`cadrerules simulate`: what a change, another reading or an uncertain fact would make of a population."""

from __future__ import annotations

import typer

from .simulate_interpretations import interpretations

app = typer.Typer(no_args_is_help=True, help="What a change, another reading or an uncertain fact would make of a population.")
app.command()(interpretations)
