"""`simulate sweep` on the command line: values, goals, formats, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.cli import main

BUREAU = str(Path(__file__).parents[3] / "examples" / "bureau")


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        main(["simulate", "sweep", BUREAU, "--as-of", "2025-01-15", "--lang", "en", *arguments])
    return int(left.value.code or 0)


def test_single_values_are_set_and_ranges_swept(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("--set", "board.red_to=6,7", "--set", "board.yellow_to=9", "--goal", "flag.red <= 30%", "--format", "json") == 0
    told = json.loads(capfd.readouterr().out)
    plan = cr.load_policies("market-supervision").amend({"board.yellow_to": 9})
    assert told["policies"]["hash"] == plan.hash
    assert [point["values"] for point in told["points"]] == [["6"], ["7"]]
    assert told["goals"] == [{"goal": "flag.red <= 30%", "surely": [], "perhaps": [["6"]]}]


def test_csv_has_a_row_for_each_outcome(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("--set", "board.black_quarters=1..2", "--format", "csv") == 0
    head, *rows = capfd.readouterr().out.splitlines()
    assert head == "\ufeffboard.black_quarters,question,outcome,decisions,share"
    assert "1,interview,due,2,0.5" in rows


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (("--set", "board.red_to=9..3", "--goal", "flag.rd <= 3"), ["CR-SWEEP-RANGE", "CR-UNKNOWN-SETTING"]),
        (("--set", "board.red_to=9"), ["CR-SWEEP-AXES"]),
        (("--set", "board.red_to=3..5", "--format", "pdf"), ["CR-NOT-AN-OPTION"]),
    ],
)
def test_what_can_not_be_is_refused(arguments: tuple[str, ...], codes: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments) == 2
    found = [line.partition(":")[0] for line in capfd.readouterr().err.splitlines() if not line.startswith(" ")]
    assert found == codes
