"""The simulation's page in a real browser: charts are drawn, tables sort and filter, it fits a phone, and nothing is fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

import cadrerules as cr
from cadrerules.simulate.page import to_html
from simulated import HOSTILE, comparison, everything

NARROW, WIDE = {"width": 390, "height": 844}, {"width": 1280, "height": 900}
HOSTILE_IDS = (HOSTILE, '"><img src=x onerror=alert(2)>', "</style></svg><script>alert(3)</script>", "{{7*7}}", "'+alert(4)+'", "U6", "U7", "U8")
DRAWN = "[...document.querySelectorAll('.drawing')].every(place => place.dataset.drawn === 'yes')"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All simulations together in both languages, hostile ones, and one of many affected."""
    plan = cr.load_policies("market-supervision")
    found = comparison(plan)
    (reform,) = found.reforms
    many = pl.concat([reform.affected.tail(1).with_columns(subject=pl.lit(f"P{n:04}")) for n in range(5_000)])
    made = {
        "en": to_html(everything(plan), "en", command="cadrerules simulate compare data --reform reform.yaml"),
        "zh": to_html(everything(plan), "zh", command="cadrerules simulate compare data --reform reform.yaml"),
        "hostile": to_html(comparison(plan, ids=HOSTILE_IDS, title=HOSTILE), command=HOSTILE),
        "many": to_html(replace(found, reforms=(replace(reform, affected=many),))),
    }
    folder = tmp_path_factory.mktemp("pages")
    for name, page in made.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in made}


@dataclass
class Watched:
    """A page, what went wrong on it, and what it asked for."""

    page: Page
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def listing(self, heading: str) -> Locator:
        """The table below a heading, with its tools."""
        return self.page.locator(".listing").filter(has=self.page.get_by_role("heading", name=heading, exact=True))


@pytest.fixture
def show(browser: Browser, pages: dict[str, Path]) -> Iterator[Any]:
    contexts = []

    def shown(name: str, viewport: Any = WIDE, **options: Any) -> Watched:
        context = browser.new_context(viewport=viewport, offline=True, **options)
        contexts.append(context)
        watched = Watched(context.new_page())
        watched.page.on("console", lambda message: watched.faults.append(message.text))
        watched.page.on("pageerror", lambda error: watched.faults.append(str(error)))
        watched.page.on("dialog", lambda dialog: (watched.faults.append(dialog.message), dialog.dismiss()))
        watched.page.on("request", lambda request: watched.requests.append(request.url))
        watched.page.goto(pages[name].as_uri())
        if options.get("java_script_enabled", True):
            watched.page.wait_for_function(DRAWN, timeout=30_000)
        return watched

    yield shown
    for context in contexts:
        context.close()


@pytest.mark.parametrize("viewport", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("name", ["en", "zh", "hostile"])
def test_charts_are_drawn_everything_fits_and_nothing_is_fetched(name: str, viewport: Any, show: Any, pages: dict[str, Path]) -> None:
    watched = show(name, viewport)
    page = watched.page
    assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
    drawings = page.locator(".drawing")
    assert drawings.count() == (13 if name != "hostile" else 5)
    for drawing in drawings.all():
        box, svg = drawing.bounding_box(), drawing.locator("svg").bounding_box()
        assert box is not None
        assert svg is not None
        assert box["width"] * 0.8 < svg["width"] <= box["width"]
        assert drawing.get_attribute("aria-label")
    assert watched.faults == []
    assert watched.requests == [pages[name].as_uri()]


def test_hostile_text_is_shown_as_it_is(show: Any) -> None:
    page = show("hostile").page
    said = page.locator("body").inner_text()
    changed = (0, 2, 3, 5)
    assert [HOSTILE_IDS[n] for n in changed if HOSTILE_IDS[n] not in said] == []
    assert page.evaluate("document.images.length") == 0
    assert page.locator("h1").inner_text() == HOSTILE
    page.locator(".drawing").last.locator(".mark-rect path").first.hover()
    expect(page.locator("#vg-tooltip-element")).to_be_visible()
    assert page.locator("#vg-tooltip-element script, #vg-tooltip-element img").count() == 0


def test_a_table_sorts_by_keyboard_and_says_so(show: Any) -> None:
    watched = show("en")
    table = watched.listing("All transitions, those that stay included").locator("table")
    assert table.locator("tbody tr").count() == 7
    heading = table.get_by_role("columnheader", name="Decisions")
    counts = table.locator("tbody tr td:nth-child(6)")
    listed = counts.all_inner_texts()
    assert heading.get_attribute("aria-sort") == "none"
    heading.get_by_role("button").focus()
    for said, expected in (
        ("ascending", sorted(listed, key=int)),
        ("descending", sorted(listed, key=int, reverse=True)),
        ("none", listed),
    ):
        watched.page.keyboard.press("Enter")
        assert heading.get_attribute("aria-sort") == said
        assert counts.all_inner_texts() == expected


def test_shares_sort_as_numbers_and_what_is_empty_comes_last(show: Any) -> None:
    watched = show("en")
    shares = watched.listing("All transitions, those that stay included").locator("table")
    shares.get_by_role("button", name="Share").click()
    texts = shares.locator("tbody tr td:last-child").all_inner_texts()
    assert [float(text.removesuffix(" %")) for text in texts] == sorted(float(text.removesuffix(" %")) for text in texts)
    for clicks in (1, 2):
        shares.get_by_role("button", name="Direction").click()
        ways = shares.locator("tbody tr td:nth-child(4)").all_inner_texts()
        assert ways.index("-") == 3, clicks


def test_many_rows_are_filtered_and_counted(show: Any) -> None:
    watched = show("many")
    listing = watched.listing("Those affected")
    status = listing.get_by_role("status")
    assert status.inner_text() == "5,000 of 5,000 rows"
    for text, shown in (("p12 PROMOTION", 100), ("nobody", 0), ("", 5_000)):
        listing.get_by_label("Filter").fill(text)
        expect(status).to_have_text(f"{shown:,} of 5,000 rows")
        assert listing.locator("tbody tr:not([hidden])").count() == shown
        assert watched.faults == []


def test_on_a_phone_rows_are_blocks_that_say_their_headings_and_sort_by_a_list(show: Any) -> None:
    watched = show("zh", NARROW)
    listing = watched.listing("受影响名单")
    table = listing.locator("table")
    cell = table.locator("tbody tr").first.locator("td").nth(1)
    assert cell.get_attribute("data-heading") == "对象"
    assert cell.evaluate("element => getComputedStyle(element, '::before').content") == '"对象"'
    listing.get_by_label("排序").select_option(label="对象（降序）")
    subjects = table.locator("tbody tr td:nth-child(3)").all_inner_texts()
    assert subjects == ["U06", "U04", "U03", "U01", "P2", "P1"]
    assert table.get_by_role("row").count() == 7


def test_without_scripts_the_tables_are_there(show: Any) -> None:
    page = show("en", java_script_enabled=False).page
    assert "Charts, sorting and filtering need JavaScript" in page.locator("main").inner_text()
    assert page.locator("table tbody tr").count() > 50


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_charts_stand_on_white_in_either_scheme(scheme: str, show: Any) -> None:
    page = show("en", color_scheme=scheme).page
    assert page.locator(".drawing").first.evaluate("element => getComputedStyle(element).backgroundColor") == "rgb(255, 255, 255)"
