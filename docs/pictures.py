"""Draws the pictures of the documentation from the real program; `--check` fails where one is out of date."""

from __future__ import annotations

import io
import re
import sys
import unicodedata
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from typing import Literal

import cadrerules as cr

HERE = Path(__file__).parent
BUREAU = HERE.parent / "examples" / "bureau"
SUBJECT, LINES = "P182", 26
LINE, CHARACTER, MARGIN = 20, 8.4, 18


def explanation(lang: Literal["en", "zh"]) -> list[str]:
    """The first lines of why a person is barred."""
    plan = cr.load_policies("market-supervision")
    result = plan.evaluate(cr.read_tables(BUREAU, plan), as_of=date(2025, 1, 15))
    return result.decision("promotion", SUBJECT, "2024").explain(lang).splitlines()[:LINES]


def picture(command: str, lines: list[str]) -> str:
    """A terminal as SVG, with fonts of the reader's own."""
    texts = [f"$ {command}", "", *lines]
    width = max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text) for text in texts)
    size = (int(width * CHARACTER + 2 * MARGIN), len(texts) * LINE + 2 * MARGIN)
    held = io.StringIO()
    held.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size[0]} {size[1]}" width="{size[0]}">\n')
    held.write('<rect width="100%" height="100%" rx="10" fill="#1e2430"/>\n')
    held.write('<g font-family="ui-monospace, Menlo, Consolas, \'Noto Sans Mono CJK SC\', monospace" font-size="14">\n')
    for number, text in enumerate(texts):
        colour = "#7fd1b9" if number == 0 else "#ffd479" if number == 4 else "#e6e9ef"
        y = MARGIN + (number + 0.75) * LINE
        held.write(f'<text x="{MARGIN}" y="{y:g}" fill="{colour}" xml:space="preserve">{escape(text)}</text>\n')
    held.write("</g>\n</svg>\n")
    return held.getvalue()


def board(lang: Literal["en", "zh"]) -> str:
    """The board of a quarter."""
    plan = cr.load_policies("market-supervision")
    result = plan.evaluate(cr.read_tables(BUREAU, plan), as_of=date(2025, 1, 15))
    return str(result.report("board", period="2024Q3", lang=lang, format="svg"))


def simulation(lang: Literal["en", "zh"]) -> str:
    """The board before and after a reform."""
    from cadrerules.simulate.page import pictures

    plan = cr.load_policies("market-supervision")
    reform = BUREAU.parent / "reforms" / "fewer_red_flags.yaml"
    found = cr.compare(plan, BUREAU, reform, as_of=date(2025, 1, 15), attribute=False)
    return pictures.picture(found.figures(lang)["board-flag"], "svg").decode()


def sweep(lang: Literal["en", "zh"]) -> str:
    """Flags along the last place with a red one."""
    from cadrerules.simulate.page import pictures

    plan = cr.load_policies("market-supervision")
    found = cr.sweep(plan, BUREAU, ["board.red_to=3..12"], as_of=date(2025, 1, 15))
    return pictures.picture(found.figures(lang)["sweep-flag"], "svg").decode()


COMMAND = f"cadrerules explain examples/bureau {SUBJECT} --question promotion --period 2024 --as-of 2025-01-15"

PICTURES: dict[str, Callable[[], str]] = {
    "explain.svg": lambda: picture(COMMAND, explanation("en")),
    "explain.zh.svg": lambda: picture(f"{COMMAND} --lang zh", explanation("zh")),
    "board.svg": lambda: board("en"),
    "board.zh.svg": lambda: board("zh"),
    "simulation.svg": lambda: simulation("en"),
    "simulation.zh.svg": lambda: simulation("zh"),
    "sweep.svg": lambda: sweep("en"),
    "sweep.zh.svg": lambda: sweep("zh"),
}


def said(svg: str) -> list[str]:
    """All that a picture says in words; where it puts them depends on the fonts of the machine."""
    return re.findall(r'aria-label="[^"]*"|(?<=>)[^<>\n]+(?=<)', svg)


def main(*, check: bool) -> int:
    """Write all pictures, or say which are out of date."""
    folder = HERE / "pictures"
    folder.mkdir(exist_ok=True)
    stale = []
    for name, draw in PICTURES.items():
        path, new = folder / name, draw()
        if check and not (path.is_file() and said(path.read_text(encoding="utf-8")) == said(new)):
            stale.append(name)
        if not check:
            path.write_text(new, encoding="utf-8")
    if stale:
        print(f"out of date: {', '.join(stale)}; run `python docs/pictures.py`")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
