"""`cadrerules journal`: journals of facts, and receipts of decisions."""

from __future__ import annotations

import typer

from .journal_check import check
from .journal_replay import replay
from .journal_watch import watch

app = typer.Typer(no_args_is_help=True, help="Journals of facts, and receipts of decisions.")
app.command()(check)
app.command()(replay)
app.command()(watch)
