from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest

import cadrerules as cr
from small_parcels import Make, written


@pytest.fixture
def plan(tmp_path: Path) -> Make:
    """Makes a plan of the parcels, with pieces of its documents replaced."""
    numbers = count()

    def make(*replaced: tuple[str, str], more: str = "") -> cr.Plan:
        return cr.load_policies(written(tmp_path / f"set{next(numbers)}", *replaced, more=more))

    return make
