"""The reports' pages in a real browser: nothing runs, nothing is fetched, everything fits, hostile text is only text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

import cadrerules as cr
from rectifying import UNITS, problem, rectifying
from small_bureau import HEAD, PLAN, WAIVER, row, standing, style

BUREAU = Path(__file__).parents[2] / "examples" / "bureau"
DAY = date(2025, 1, 15)
HOSTILE = ("<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "</style></svg><script>alert(3)</script>")
NARROW, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        yield started
        started.close()


@dataclass
class Watched:
    """A page, what it was told to log, and what it asked for."""

    page: Page
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def shown(browser: Browser, file: Path, viewport: Any, scheme: Any = "light") -> Iterator[Watched]:
    context = browser.new_context(viewport=viewport, color_scheme=scheme)
    watched = Watched(context.new_page())
    watched.page.on("console", lambda message: watched.faults.append(message.text))
    watched.page.on("pageerror", lambda error: watched.faults.append(str(error)))
    watched.page.on("dialog", lambda dialog: (watched.faults.append(dialog.message), dialog.dismiss()))
    watched.page.on("request", lambda request: watched.requests.append(request.url))
    watched.page.goto(file.as_uri())
    yield watched
    context.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Every page in both languages, of the shipped bureau and of hostile tables."""
    folder = tmp_path_factory.mktemp("pages")
    bureau = PLAN.evaluate(BUREAU, as_of=DAY)
    ledger = rectifying(tmp_path_factory.mktemp("rectifying")).evaluate(
        {"units": UNITS, "problems": [problem("Q1"), problem("Q2", due_on=None)]}, as_of=date(2024, 9, 30)
    )
    made: dict[str, Path] = {}
    for lang in ("en", "zh"):
        asked = {
            "board": (bureau, "board", {"period": "2024Q3"}),
            "dossier": (bureau, "dossier", {"subject": "P182"}),
            "discretion": (bureau, "discretion", {}),
            "ledger": (ledger, "ledger", {}),
            "hostile-board": (hostile(), "board", {"period": "2024Q2"}),
            "hostile-dossier": (hostile(), "dossier", {"subject": "H"}),
            "hostile-discretion": (hostile(), "discretion", {}),
            "hostile-ledger": (hostile(), "ledger", {"period": "2024-09"}),
        }
        for name, (result, report, options) in asked.items():
            made[f"{name}-{lang}"] = folder / f"{name}-{lang}.html"
            made[f"{name}-{lang}"].write_text(str(result.report(report, lang=lang, format="html", **options)), "utf-8")  # type: ignore[arg-type]
    return made


def hostile() -> cr.Result:
    """Tables whose every text tries to break out of the page."""
    names = ("U", "V", "W", "X" * 60)
    units = [{"unit": unit, "name": text} for unit, text in zip(names, (*HOSTILE, "名" * 80), strict=True)]
    facts = {
        "units": units,
        "staff": [HEAD],
        "progress": standing("2024Q1", *names) + standing("2024Q2", *names),
        "style": style("U", Q2="good") + style("V", Q2="good"),
        "results": [row(deducted="2.5", cause="subjective")],
        "waivers": [WAIVER | {"authority": HOSTILE[0], "reason": HOSTILE[1]}],
        "problems": [problem(HOSTILE[1], goal=HOSTILE[0], measures=HOSTILE[2], lead_unit="U", responsible_unit="V")],
    }
    return PLAN.evaluate(facts, as_of=DAY, policies=["board", "assessment"])


NAMES = [
    f"{kind}{report}-{lang}"
    for kind in ("", "hostile-")
    for report in ("board", "dossier", "discretion", "ledger")
    for lang in ("en", "zh")
]


@pytest.mark.parametrize("name", NAMES)
def test_nothing_runs_nothing_is_fetched_and_everything_fits(name: str, browser: Browser, pages: dict[str, Path]) -> None:
    for viewport in (NARROW, WIDE):
        for watched in shown(browser, pages[name], viewport):
            page = watched.page
            assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
            assert page.evaluate("document.scripts.length + document.images.length") == 0
            assert watched.faults == []
            assert watched.requests == [pages[name].as_uri()]


@pytest.mark.parametrize("name", NAMES)
def test_every_page_has_its_language_title_and_headings(name: str, browser: Browser, pages: dict[str, Path]) -> None:
    for watched in shown(browser, pages[name], WIDE):
        page = watched.page
        assert page.evaluate("document.documentElement.lang") == ("zh-CN" if name.endswith("zh") else "en")
        assert page.title().strip()
        assert page.locator("h1").count() == 1
        assert page.locator("main, header, footer").count() == 3
        assert page.locator("footer").inner_text().count(PLAN.hash[:12] if "-ledger" not in f"-{name}" else "20") >= 1
        for table in page.locator("table").all():
            assert table.locator("thead th[scope=col]").count() >= 3
            assert table.locator("tbody tr").count() == table.locator("tbody th[scope=row]").count() > 0


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("hostile-board-en", HOSTILE),
        ("hostile-dossier-en", HOSTILE[:2]),
        ("hostile-discretion-zh", HOSTILE[:2]),
        ("hostile-ledger-zh", HOSTILE),
    ],
)
def test_hostile_text_is_shown_as_it_is(
    name: str, texts: tuple[str, ...], browser: Browser, pages: dict[str, Path]
) -> None:
    for watched in shown(browser, pages[name], WIDE):
        content = watched.page.locator("main").inner_text()
        assert [text for text in texts if text not in content] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_board_prints_on_one_page(lang: str, browser: Browser, pages: dict[str, Path]) -> None:
    for watched in shown(browser, pages[f"board-{lang}"], WIDE):
        printed = watched.page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1
        (box,) = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", printed))
        assert [round(float(side)) for side in box.split()] == [0, 0, 842, 595]


@pytest.mark.parametrize("units", [5, 40, 90])
def test_boards_of_all_sizes_print_on_one_page(units: int, browser: Browser, tmp_path: Path) -> None:
    rows = standing("2024Q3", *(f"U{n:03}" for n in range(units)))
    rows[3]["progress"] = None
    page = tmp_path / "board.html"
    page.write_text(str(PLAN.evaluate({"progress": rows}, as_of=DAY).report("board", lang="zh")), "utf-8")
    for watched in shown(browser, page, WIDE):
        printed = watched.page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", printed)) == 1


def test_colours_are_never_the_only_sign(browser: Browser, pages: dict[str, Path]) -> None:
    for watched in shown(browser, pages["board-zh"], WIDE):
        for flag, mark, word in (("red", "●", "红旗"), ("yellow", "▲", "黄旗"), ("black", "■", "黑旗")):
            heading = watched.page.locator(f"h2#{flag}").inner_text()
            assert mark in heading
            assert word in heading


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_background(scheme: str, browser: Browser, pages: dict[str, Path]) -> None:
    for watched in shown(browser, pages["board-en"], WIDE, scheme):
        pairs = watched.page.evaluate(
            """() => [...document.querySelectorAll("h1, h2, th, td, li, p")].map(element => {
                let behind = element;
                while (getComputedStyle(behind).backgroundColor === "rgba(0, 0, 0, 0)" && behind.parentElement) behind = behind.parentElement;
                return [getComputedStyle(element).color, getComputedStyle(behind).backgroundColor];
            })"""
        )
        assert min(contrast(*map(str, pair)) for pair in pairs) >= 4.5


def contrast(front: str, back: str) -> float:
    """The contrast of two colours as accessibility guidelines measure it."""
    light, dark = sorted((luminance(front), luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
