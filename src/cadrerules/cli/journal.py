"""`cadrerules journal`: look into journals and receipts."""

from __future__ import annotations

import typer

from .journal_watch import watch

app = typer.Typer(no_args_is_help=True, help="Journals of facts, and receipts of decisions.")
app.command()(watch)
