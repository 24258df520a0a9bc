"""Makes every page of the documentation a test, and keeps together what several processes mustn't part."""

from __future__ import annotations

import os
from typing import Any

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem

from documents.blocks import parse
from documents.page import close_page, open_page

os.environ.pop("COLUMNS", None)  # which pytest-xdist sets: the tables that pages show are as wide as without a terminal
PAGES = Sybil([parse], pattern="*.md", exclude="CHANGELOG.md", setup=open_page, teardown=close_page)
pytest_collect_file = PAGES.pytest()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the blocks that take more than a few seconds, and translations that show nothing in Chinese.

    What those run is what the page itself runs: `tests/integration/test_site.py` compares them.
    """
    if isinstance(item, SybilItem):
        again = item.path.name.endswith(".zh.md") and item.path.parent.name != "tutorial"
        if again or item.example.region.lexemes["slow"]:
            item.add_marker(pytest.mark.slow)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """One process runs a whole page or file (`-n auto`), and one all tests on Spark, which takes long to start, and much memory.

    The shared suite is spread: its files are large, and share nothing that takes long to make.
    """
    from xdist.scheduler import LoadScopeScheduling

    class Together(LoadScopeScheduling):  # by name: what marks say of groups doesn't come through from every pytest
        def _split_scope(self, nodeid: str) -> str:
            if "spark" in nodeid:
                return "spark"
            return nodeid if "conformance" in nodeid else nodeid.partition("::")[0]

    return Together(config, log)
