"""The documentation as a whole: translations keep the form of their page, and generated pages leave nothing out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"
TRANSLATIONS = sorted(DOCS.rglob("*.zh.md"))


@pytest.fixture
def generating(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS))


def form(text: str) -> Iterator[str]:
    """The skeleton of a page: its headings' levels, its code fences, and how many columns each row of a table has."""
    fenced = False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
            yield line
        elif not fenced and (heading := re.match(r"#+(?= )", line)):
            yield heading[0]
        elif not fenced and line.startswith("|"):
            yield f"row of {line.count('|')}"


@pytest.mark.parametrize("page", TRANSLATIONS, ids=lambda page: str(page.relative_to(DOCS)))
def test_a_translation_has_the_form_of_its_page(page: Path) -> None:
    english = page.with_name(page.name.replace(".zh.md", ".md"))
    assert list(form(page.read_text(encoding="utf-8"))) == list(form(english.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "page", [page for page in TRANSLATIONS if page.parent.name != "tutorial"], ids=lambda page: str(page.relative_to(DOCS))
)
def test_a_translation_has_the_same_code(page: Path) -> None:
    """What is run is the same, but for comments and the language that is asked for; the tutorial runs in both."""
    english = page.with_name(page.name.replace(".zh.md", ".md"))

    def code(text: str) -> list[str]:
        blocks = re.findall(r"```(python|sh|console).*\n([^`]*)```", text)
        ran = [body if of != "console" else "".join(re.findall(r"^\$ .*\n", body, re.MULTILINE)) for of, body in blocks]
        return [re.sub(r'  # .*| --lang (?:en|zh)|lang="(?:en|zh)"|\.report\("zh"\)', "", block) for block in ran]

    assert code(page.read_text(encoding="utf-8")) == code(english.read_text(encoding="utf-8"))


def test_the_site_has_enough_chinese() -> None:
    assert {"index.zh.md", "comparison.zh.md", "explanation/unknown.zh.md", "reference/language.zh.md"} <= {
        page.relative_to(DOCS).as_posix() for page in TRANSLATIONS
    }


@pytest.mark.usefixtures("generating")
def test_arcs_left_out_of_the_picture_follow_from_those_drawn() -> None:
    from generating.architecture import edges, reduced

    drawn = reduced(edges())

    def reached(layer: str) -> set[str]:
        return drawn[layer].union(*(reached(other) for other in drawn[layer]))

    assert sum(map(len, drawn.values())) < sum(map(len, edges().values()))
    for layer, below in edges().items():
        assert below <= reached(layer)


@pytest.mark.usefixtures("generating")
def test_a_diamond_is_drawn_without_its_shortcut() -> None:
    from generating import architecture

    order = architecture.ORDER[:3]
    low, middle, high = order
    rest = {name: set[str]() for name in architecture.ORDER}
    assert architecture.reduced({**rest, middle: {low}, high: {low, middle}})[high] == {middle}


@pytest.mark.usefixtures("generating")
def test_every_command_and_option_stands_on_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    from cadrerules.cli import main

    page = (DOCS / "reference" / "command-line.md").read_text(encoding="utf-8")
    for command in ("evaluate", "policy schema", "simulate sweep"):
        with pytest.raises(SystemExit):
            main([*command.split(), "--help"])
        section = page.partition(f"\n## cadrerules {command}\n")[2].partition("\n## ")[0]
        told = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
        assert told
        assert told <= set(re.findall(r"--[a-z-]+", section))


@pytest.mark.usefixtures("generating")
def test_examples_in_a_help_text_are_shown_as_code() -> None:
    from generating.command_line import told

    text = "Look at it,\nclosely.\n\nFor example:\n\n    cadrerules a\n    cadrerules b\n\f left out"
    assert list(told(text)) == ["Look at it, closely.", "For example:", "`cadrerules a`  \n`cadrerules b`"]


@pytest.mark.usefixtures("generating")
def test_every_part_of_a_document_has_a_heading_of_its_own() -> None:
    page = (DOCS / "reference" / "fields.md").read_text(encoding="utf-8")
    headings = [heading.lower() for heading in re.findall(r"^#+ (.+)$", page, re.MULTILINE)]
    assert len(headings) == len(set(headings))
    assert {"table", "column", "table of population", "column of population"} <= set(headings)


@pytest.mark.usefixtures("generating")
def test_examples_in_docstrings_are_fenced() -> None:
    from generating.doctests import fenced

    assert fenced("What it gives.\n\n>>> 1 + 1\n2\n\nMore.") == "What it gives.\n\n```pycon\n>>> 1 + 1\n2\n```\n\nMore."


@pytest.mark.usefixtures("generating")
def test_a_public_name_without_a_group_stops_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    from generating import api

    monkeypatch.setattr(api, "GROUPS", {**api.GROUPS, "Plugins": ()})
    with pytest.raises(SystemExit, match="plugin_manager"):
        list(api.api())
