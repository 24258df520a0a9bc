"""Makes every page of the documentation a test: its blocks run, and what it shows is what comes out."""

from __future__ import annotations

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem

from documents.blocks import parse
from documents.page import close_page, open_page

pytest_collect_file = Sybil(
    [parse], pattern="*.md", exclude="CHANGELOG.md", setup=open_page, teardown=close_page
).pytest()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the blocks that take more than a few seconds."""
    if isinstance(item, SybilItem) and item.example.region.lexemes.get("slow"):
        item.add_marker(pytest.mark.slow)
