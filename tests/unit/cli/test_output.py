from __future__ import annotations

import os
import stat
from pathlib import Path
from time import sleep

import pytest

import cadrerules as cr
from cadrerules.cli import output
from cadrerules.cli.output import progress, write


def test_a_file_is_replaced_whole(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out.txt"
    out.write_text("before")
    write("结论\n", out, "zh")
    assert out.read_bytes() == "结论\n".encode()
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]
    assert capfd.readouterr() == ("", f"已写入：{out}\n")


def test_a_new_file_may_be_read_by_those_who_may_read_others(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("")
    write("x", tmp_path / "out", "en")
    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("other", "out")]
    assert modes[0] == modes[1]


def test_what_fails_half_way_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out.txt"
    out.write_text("before")

    def refuse(self: Path, target: Path) -> Path:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(cr.UsageError) as caught:
        write("after", out, "en")
    assert caught.value.report() == (
        "CR-CANT-WRITE: `out.txt` can't be written: Permission denied\n"
        "    check that the folder exists and that you may write there"
    )
    assert out.read_text() == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


def test_a_folder_that_is_not_there_or_a_folder_itself_is_refused(tmp_path: Path) -> None:
    for out in (tmp_path / "nowhere" / "out.txt", tmp_path):
        with pytest.raises(cr.UsageError) as caught:
            write("x", out, "en")
        assert caught.value.code == "CR-CANT-WRITE"
    assert list(tmp_path.iterdir()) == []


def test_standard_output_gets_the_bytes(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    write(b"\xef\xbb\xbfa\r\n", None, "en")
    assert capfdbinary.readouterr().out == b"\xef\xbb\xbfa\r\n"


def test_no_progress_where_nobody_watches(capfd: pytest.CaptureFixture[str]) -> None:
    with progress("en") as tell:
        tell("board", 0, 2)
    assert capfd.readouterr() == ("", "")


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
@pytest.mark.parametrize(("seconds", "shown"), [(0.0, False), (0.4, True)])
def test_on_a_terminal_progress_shows_after_a_while(
    monkeypatch: pytest.MonkeyPatch, seconds: float, shown: bool
) -> None:
    ours, theirs = os.openpty()
    monkeypatch.setattr(output, "_SOON", 0.05)
    with os.fdopen(theirs, "w", encoding="utf-8") as terminal, monkeypatch.context() as patched:
        patched.setattr("sys.stderr", terminal)
        patched.setenv("TERM", "xterm")
        with progress("en") as tell:
            tell("board", 0, 2)
            sleep(seconds)
        terminal.write("end")
        terminal.flush()
        seen = os.read(ours, 100_000).decode()
    os.close(ours)
    assert ("evaluating board" in seen) is shown
