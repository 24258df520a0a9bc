"""What the tests of pages share: the plan, and a page without the library for charts, which takes seconds to make."""

from __future__ import annotations

import pytest

import cadrerules as cr
from cadrerules.simulate.page import scripts


@pytest.fixture(scope="session")
def plan() -> cr.Plan:
    return cr.load_policies("market-supervision")


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "library", lambda: "window.vegaEmbed = null;")
