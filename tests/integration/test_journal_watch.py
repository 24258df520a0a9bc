"""`cadrerules journal watch` as a process: each line at once, Ctrl-C, pipes that close, and what can't be watched."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

import cadrerules as cr
from command import CODE, run

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
PLAN = cr.load_policies("market-supervision")
ROW = {"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": 80}
OPTIONS = ("--policy", "board", "--as-of", "2024-07-01")
BEGINS = b"begins: Flag, U1, 2024Q1: red flag\n"


@contextmanager
def watching(*arguments: str) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes], IO[bytes]]]:
    """The command while it runs, what it is told and what it prints, once it has said that it begins."""
    command = [sys.executable, "-W", "error", "-c", CODE, "journal", "watch", *arguments, *OPTIONS]
    pipe, env = subprocess.PIPE, {**os.environ, "CADRERULES_LANG": "en"}
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, env=env) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            assert process.stderr.readline() == b"As of 2024-07-01\n"
            if arguments[0] != "-":
                assert process.stderr.readline().endswith(b"waiting for more, Ctrl-C ends it\n")
            yield process, process.stdin, process.stdout
        finally:
            process.kill()


@pytest.fixture
def place(journal_place: str) -> str:
    cr.open_journal(journal_place).close()
    return journal_place


def test_a_fact_of_another_process_is_shown_at_once_and_ctrl_c_ends_it(place: str) -> None:
    with watching(place) as (process, _, shown), cr.open_journal(place, PLAN) as journal:
        journal.post("progress", ROW)
        assert shown.readline() == b"1 " + BEGINS
        assert shown.readline() == b"1 begins: Red flag (board.red), U1, 2024Q1: holds\n"
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=60) == (b"", b"")
        assert process.returncode == 130


def test_it_ends_when_nobody_reads_any_more(tmp_path: Path) -> None:
    cr.open_journal(tmp_path / "a.db").close()
    with watching(str(tmp_path / "a.db")) as (process, _, shown):
        shown.close()  # and nothing is written, which would tell
        assert process.wait(60) == 0


def test_a_line_is_answered_before_the_next_is_told() -> None:
    with watching("-") as (process, tell, shown):
        line = json.dumps({"kind": "post", "table": "progress", "row": ROW}).encode()
        for number, told in ((1, line), (3, b"nonsense\n" + line.replace(b"U1", b"U2"))):
            tell.write(told + b"\n")
            tell.flush()
            assert shown.readline() == b"%d " % number + BEGINS.replace(b"U1", b"U%d" % ((number + 1) // 2))
            shown.readline()
        out, err = process.communicate(timeout=60)
        assert (out, process.returncode) == (b"", 2)
        assert err.startswith(b"CR-BAD-JSON: line 2, column 1: ")


def test_what_cannot_be_watched_is_refused(tmp_path: Path) -> None:
    done = run("journal", "watch", str(tmp_path / "none.db"))
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.startswith(b"CR-NO-SUCH-PATH: ")
    assert list(tmp_path.iterdir()) == []
    done = run("journal", "watch", "-", "--once", "--after", "1", lang="zh")
    assert (done.returncode, done.stderr.decode().count("CR-WATCH-OPTION")) == (2, 2)
    assert run("journal", "watch", str(tmp_path), "--facts", "x").stderr.startswith(b"CR-WATCH-OPTION: --facts ")


def test_facts_that_never_fit_end_it_with_status_2_and_in_chinese(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        journal.post("progress", ROW)
        journal.post("units", {"unit": "U9"})
    options = ("--after", "0", "--once", *OPTIONS)
    done = run("journal", "watch", str(tmp_path / "a.db"), *options, lang="zh")
    assert (done.returncode, done.stdout.decode().splitlines()[0]) == (2, "1 新增：红黑榜，U1，2024Q1：红旗")
    assert "第 2 条：各项事实不相符" in done.stderr.decode()
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        journal.correct("progress", {**ROW, "progress": 81})
        journal.post("units", {"unit": "U1"})
    assert run("journal", "watch", str(tmp_path / "a.db"), *options).returncode == 0


def test_what_stays_but_differs_is_shown(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        journal.post("units", {"unit": "U1"})
        journal.post("staff", {"person": "P1", "unit": "U1", "role": "leader", "leadership_team": True})
        visit = {"activity": "A1", "kind": "field_research", "actor": "P1", "done_on": "2023-05-01", "days": 20}
        journal.post("activities", visit)
        journal.correct("activities", {**visit, "days": "20.5"})
    done = run("journal", "watch", str(tmp_path / "a.db"), "--after", "3", "--once", "--policy", "obligation", "--as-of", "2024-01-01")
    assert "4 changes: Obligation (obligation.field_days), P1, 2023: done=20, short=40 -> done=20.5, short=39.5\n" in done.stdout.decode()
