"""Charts become SVG and PNG without a browser, the same each time, and never with boxes for Chinese characters."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

import cadrerules as cr
from cadrerules.simulate.page import pictures, write_figures
from simulated import HOSTILE, ambiguities, comparison


def test_each_chart_is_a_file(plan: cr.Plan, tmp_path: Path) -> None:
    made = write_figures(comparison(plan), tmp_path / "new" / "folder")
    names = ["balance", "transitions-flag", "transitions-promotion", "parts", "board-flag"]
    assert made == [tmp_path / "new" / "folder" / f"{name}.svg" for name in names]
    assert sorted(p.name for p in made) == sorted(p.name for p in (tmp_path / "new" / "folder").iterdir())
    text = made[-1].read_text(encoding="utf-8")
    assert "Flag: before and after" in text
    assert "2024Q2" in text


def test_pictures_are_the_same_each_time(plan: cr.Plan, tmp_path: Path) -> None:
    for kind in pictures.FORMATS:
        first, again = (ambiguities(plan).write_figures(tmp_path / n, kind)[0].read_bytes() for n in "ab")
        assert first == again
    assert first.startswith(b"\x89PNG")


def test_svg_is_well_formed_and_what_is_hostile_is_text(plan: cr.Plan, tmp_path: Path) -> None:
    made = write_figures(comparison(plan, ids=tuple(f"{HOSTILE}{n}" for n in range(8))), tmp_path, lang="zh")
    tree = ElementTree.parse(made[-1])  # noqa: S314 - our own
    assert not [node for node in tree.iter() if node.tag.endswith("script")]
    assert any("<script>" in (node.text or "") for node in tree.iter())


def test_without_a_chinese_font_png_is_refused_where_some_text_is_chinese(
    plan: cr.Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "has_chinese_font", lambda: False)
    with pytest.raises(cr.UsageError) as refused:
        write_figures(ambiguities(plan), tmp_path, "png", "zh")
    assert refused.value.code == "CR-NO-CHINESE-FONT"
    assert not list(tmp_path.iterdir())
    assert write_figures(ambiguities(plan), tmp_path, "svg", "zh")
    assert write_figures(ambiguities(plan), tmp_path, "png", "en")


def test_a_font_is_known_by_what_it_draws(monkeypatch: pytest.MonkeyPatch) -> None:
    pictures.has_chinese_font.cache_clear()
    monkeypatch.setattr(pictures, "_drawn", lambda character: b"box")
    assert not pictures.has_chinese_font()
    pictures.has_chinese_font.cache_clear()
    monkeypatch.setattr(pictures, "_drawn", str.encode)
    assert pictures.has_chinese_font()
    pictures.has_chinese_font.cache_clear()


def test_unknown_formats_and_folders_that_cannot_be_are_refused(plan: cr.Plan, tmp_path: Path) -> None:
    with pytest.raises(cr.UsageError) as refused:
        write_figures(ambiguities(plan), tmp_path, "gif")  # type: ignore[arg-type]
    assert refused.value.code == "CR-NOT-AN-OPTION"
    (tmp_path / "file").write_text("")
    with pytest.raises(cr.UsageError) as refused:
        write_figures(ambiguities(plan), tmp_path / "file")
    assert refused.value.code == "CR-CANT-WRITE"


def test_without_the_extra_it_is_named(plan: cr.Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "vl_convert", None)
    with pytest.raises(cr.UsageError) as refused:
        write_figures(ambiguities(plan), tmp_path)
    assert refused.value.code == "CR-EXTRA-MISSING"
