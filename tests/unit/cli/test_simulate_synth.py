"""`cadrerules simulate synth`: a folder of tables, and what is said about it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from cadrerules.cli import main
from small_marks import write_marks


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(list(arguments))
    return int(left.value.code or 0)


def synth(folder: Path, *more: str) -> int:
    if not (folder / "set").exists():
        write_marks(folder / "set")
    return run("simulate", "synth", "--policies", str(folder / "set"), "--out", str(folder / "made"), *more)


def test_a_folder_is_made_and_its_rows_are_counted(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert synth(tmp_path, "--organisations", "3", "--seed", "7", "--size", "ids=4", "--group-by", "school", "--lang", "en") == 0
    assert capfd.readouterr() == ("marks: 24 rows\n", f"Written: {tmp_path / 'made'}\n")
    frame = pl.read_parquet(tmp_path / "made" / "marks.parquet")
    assert (frame.columns[0], frame.height, frame["school"].n_unique()) == ("school", 24, 3)
    about = (tmp_path / "made" / "README.md").read_text(encoding="utf-8")
    assert "- organisations: 3, told apart by `school`\n- seed: 7, ids = 4\n" in about
    assert run("evaluate", str(tmp_path / "made"), "--policies", str(tmp_path / "set"), "--group-by", "school", "--as-of", "2025-01-15") == 0
    assert "O0000003" in capfd.readouterr().out


def test_it_speaks_chinese(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert synth(tmp_path, "--organisations", "1", "--lang", "zh") == 0
    assert capfd.readouterr() == ("marks：20 行\n", f"已写入：{tmp_path / 'made'}\n")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--size", "ids"), "CR-NOT-A-SETTING"),
        (("--size", "ids=-1"), "CR-NOT-A-SETTING"),
        (("--size", "ids=1", "--size", "ids=2"), "CR-GIVEN-TWICE"),
        (("--size", "idz=1"), "CR-UNKNOWN-SETTING"),
        (("--organisations", "many"), "CR-CALL"),
        (("--population", "nowhere.yaml"), "CR-YAML-UNREADABLE"),
    ],
)
def test_a_wrong_call_makes_nothing(more: tuple[str, ...], code: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert synth(tmp_path, *more, "--lang", "en") == 2
    assert capfd.readouterr().err.startswith(f"{code}: ")
    assert not (tmp_path / "made").exists()
