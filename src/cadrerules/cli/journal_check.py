"""`cadrerules journal check`: whether a journal, or receipts, are as they were written."""

from __future__ import annotations

from typing import Annotated

import typer

from . import options

Where = Annotated[
    str, typer.Argument(help="A journal, its export, a file of receipts, or `postgresql+psycopg://..`.", metavar="FILE")
]


def check(where: Where, lang: options.Language = "") -> None:
    """Verify a journal or receipts: every digest, every link, and every step of every decision."""
    raise NotImplementedError
