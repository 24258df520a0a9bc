"""`cadrerules simulate`: what a change of the rules would do to a population."""

from __future__ import annotations

import typer

from .simulate_compare import compare

app = typer.Typer(no_args_is_help=True, help="Simulate on whole populations.")
app.command()(compare)


@app.callback()
def _common() -> None:
    """Simulate on whole populations."""
