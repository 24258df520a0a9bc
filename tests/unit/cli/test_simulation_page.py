"""Commands write the page with the call as it was typed, and the charts; what can't be is refused before the facts are read."""

from __future__ import annotations

import sys
from html import unescape
from pathlib import Path

import pytest

from cadrerules.cli import main
from cadrerules.simulate.page import scripts

BUREAU = Path(__file__).parents[3] / "examples" / "bureau"
DAY = "2025-01-15"


@pytest.fixture(autouse=True)
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scripts, "library", lambda: "window.vegaEmbed = null;")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(str(left.value.code))


def test_compare_writes_the_page_and_the_charts(tmp_path: Path) -> None:
    reform = tmp_path / "it's a reform.yaml"
    reform.write_text("reform: <b>fewer</b>\nparams: {board.red_to: 6}\n", encoding="utf-8")
    page, folder = tmp_path / "page.html", tmp_path / "charts"
    call = ["simulate", "compare", str(BUREAU), "--reform", str(reform), "--as-of", DAY, "--format", "html", "--lang", "zh"]
    call += ["--out", str(page), "--figures", str(folder)]
    assert run(*call) == 0
    text = page.read_text(encoding="utf-8")
    told = unescape(text)
    assert f"cadrerules simulate compare {BUREAU} --reform '{tmp_path}/it'\"'\"'s a reform.yaml' --as-of {DAY}" in told
    assert "&lt;b&gt;fewer" in text
    assert '<html lang="zh-CN">' in text
    assert [path.name for path in sorted(folder.iterdir())] == [
        "balance.svg",
        "board-flag.svg",
        "transitions-commendation.svg",
        "transitions-flag.svg",
    ]


def test_interpretations_and_bounds_have_a_page(tmp_path: Path) -> None:
    for name in ("interpretations", "bounds"):
        page = tmp_path / f"{name}.html"
        assert run("simulate", name, str(BUREAU), "--as-of", DAY, "--format", "html", "--out", str(page)) == 0
        assert f"cadrerules simulate {name}" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--figure-format", "gif"), "CR-NOT-AN-OPTION"), (("--format", "pdf"), "CR-NOT-AN-OPTION")],
)
def test_what_cannot_be_is_refused(arguments: tuple[str, ...], code: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run("simulate", "bounds", str(BUREAU), *arguments) == 2
    assert code in capfd.readouterr().err


def test_a_missing_library_is_named_before_anything_is_evaluated(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    found = __import__("importlib.util").util.find_spec
    monkeypatch.setattr("cadrerules.cli.simulation_page.find_spec", lambda name: None if name == "vl_convert" else found(name))
    monkeypatch.setitem(sys.modules, "cadrerules.simulate.uncertainty.extremes", None)
    assert run("simulate", "bounds", str(BUREAU), "--format", "html") == 2
    assert "vl-convert-python" in capfd.readouterr().err
