"""The reports of the plan: the board to pin to the wall, a person's dossier, the rectification ledger."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).parent
