"""Makes every page of the documentation a test, and keeps together what several processes mustn't part."""

from __future__ import annotations

import pytest
from sybil import Sybil
from sybil.integration.pytest import SybilItem

from documents.blocks import parse
from documents.page import close_page, open_page

pytest_collect_file = Sybil(
    [parse], pattern="*.md", exclude="CHANGELOG.md", setup=open_page, teardown=close_page
).pytest()


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Where several processes run the tests (`-n auto`), groups stay together."""
    if config.getoption("numprocesses", None) and config.option.dist == "no":
        config.option.dist = "loadgroup"


def pytest_itemcollected(item: pytest.Item) -> None:
    """Keep a page's blocks together, and mark those that take more than a few seconds."""
    if isinstance(item, SybilItem):
        if item.config.pluginmanager.has_plugin("xdist"):
            item.add_marker(pytest.mark.xdist_group(str(item.path)))
        if item.example.region.lexemes["slow"]:
            item.add_marker(pytest.mark.slow)
