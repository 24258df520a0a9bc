"""A replay: as decided then, as known then, as now, and why they differ."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.replaying.replayed import Replay
from cadrerules.replaying.telling import to_csv, to_text
from command import run
from small_bureau import PLAN

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")

THEN, LATER = datetime(2025, 4, 2, 9, tzinfo=UTC), datetime(2025, 5, 6, 9, tzinfo=UTC)
DAY = date(2025, 4, 2)
NARROW = PLAN.amend(params={"board.red_to": 1, "board.yellow_to": 2})


def progress(unit: str, share: int, quarter: str = "2025Q1") -> dict[str, Any]:
    return {"quarter": quarter, "unit": unit, "indicator": "I1", "progress": share}


class Clock:
    now = THEN

    def __call__(self) -> datetime:
        return self.now


class Kept:
    """A journal with three units, whose clock can be moved on."""

    def __init__(self, folder: Path, plan: cr.Plan = NARROW) -> None:
        self.clock, self.where = Clock(), folder / "facts.db"
        self.journal = cr.open_journal(self.where, plan, clock=self.clock)
        self.journal.post_all("progress", [progress("A", 90), progress("B", 80), progress("C", 70)])
        self.journal.advance(DAY)

    def record(self, plan: cr.Plan = NARROW, as_of: date = DAY) -> None:
        for receipt in cr.receipts(plan.evaluate(self.journal.facts(), as_of=as_of, policies=["board"])):
            self.journal.receipt(receipt, key=receipt["decision"]["subject"]["id"])

    def later(self) -> None:
        self.clock.now = LATER


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Kept]:
    kept = Kept(tmp_path)
    yield kept
    kept.journal.close()


def told(found: Replay) -> dict[str, tuple[str | None, ...]]:
    """The flags that differ, by unit: as recorded, then and now."""
    answers = {one.subject.id: (one.decided, one.then, one.now) for one in found.differences if one.question == "flag"}
    return {name: tuple(a and a.verdict for a in three) for name, three in answers.items()}


def whys(found: Replay) -> dict[str, list[tuple[str, str, str | None, str | None]]]:
    return {one.subject.id: [(w.cause, w.what, w.before, w.after) for w in one.why] for one in found.differences}


def test_nothing_differs_where_nothing_changed(kept: Kept) -> None:
    kept.record()
    found = cr.replay(kept.journal)
    assert (found.as_of, found.decided, found.then, found.now, found.differences) == (DAY, 3, 3, 3, ())


def test_a_correction_tells_whose_decisions_it_changes_and_when_it_became_known(kept: Kept) -> None:
    kept.record()
    kept.later()
    kept.journal.correct("progress", progress("C", 85))
    found = cr.replay(kept.journal, as_known=DAY)
    assert told(found) == {"B": ("yellow", "yellow", "black"), "C": ("black", "black", "yellow")}
    cause = ("fact", "progress[2025Q1/C/I1].progress", "70", "85")
    assert whys(found) == {"B": [cause], "C": [cause]}
    assert found.differences[0].why[0].known_at == "2025-05-06T09:00:00.000000+00:00"


def test_a_late_row_and_one_taken_back(kept: Kept) -> None:
    kept.later()
    kept.journal.retract("progress", ("2025Q1", "A", "I1"))
    kept.journal.post("progress", progress("D", 60))
    found = cr.replay(kept.journal, as_known=DAY)
    assert told(found) == {"A": (None, "red", None), "B": (None, "yellow", "red"), "C": (None, "black", "yellow"), "D": (None, None, "black")}
    gone, came = ("fact", "progress[2025Q1/A/I1]", "progress=90", None), ("fact", "progress[2025Q1/D/I1]", None, "progress=60")
    assert whys(found) == {"A": [gone], "B": [gone, came], "C": [gone, came], "D": [came]}


def test_a_dispute_is_a_reason_though_no_cell_changed(kept: Kept) -> None:
    kept.later()
    dispute = {"table": "progress", "key": "2025Q1/A/I1", "column": "progress", "raised_on": "2025-04-01"}
    kept.journal.post("disputes", dispute)
    found = cr.replay(kept.journal, as_known=DAY)
    cause = ("fact", "disputes[progress/2025Q1/A/I1/progress]", None, "raised_on=2025-04-01")
    assert whys(found) == {"A": [cause], "B": [cause], "C": [cause]}
    assert [one.now and one.now.status for one in found.differences] == ["undetermined"] * 3


def test_other_policies_now_tell_what_in_them_differs(kept: Kept) -> None:
    other = NARROW.amend(params={"board.red_to": 2, "board.yellow_to": 2, "board.red_quarters": 5})
    found = cr.replay(kept.journal, policies=other, then=NARROW)
    assert told(found) == {"B": (None, "yellow", "red")}
    assert whys(found) == {"B": [("policy", "policies.board.params.red_to.value", "1", "2")]}


def test_versions_decide_by_period(kept: Kept) -> None:
    kept.journal.post_all("progress", [progress("A", 90, "2024Q4"), progress("B", 80, "2024Q4")])
    wide = NARROW.amend(params={"board.red_to": 2})
    found = cr.replay(kept.journal, policies={date.min: NARROW, date(2025, 1, 1): wide}, then=NARROW)
    assert told(found) == {"B": (None, "yellow", "red")}  # the first quarter of 2025 alone
    assert [version["from"] for version in found.policies] == [None, "2025-01-01"]
    later = cr.replay(kept.journal, policies={date(2025, 1, 1): NARROW}, then=NARROW)
    assert told(later) == {"A": (None, "red", None), "B": (None, "yellow", None)}  # nothing was in force in 2024


def test_what_was_recorded_is_held_against_what_follows(kept: Kept) -> None:
    kept.record(NARROW.amend(params={"board.red_to": 2}), as_of=date(2025, 4, 1))
    found = cr.replay(kept.journal)
    assert "    day: 2025-04-01 -> 2025-04-02" in to_text(found, "en").splitlines()
    assert told(found) == {"B": ("red", "yellow", "yellow")}
    assert whys(found)["B"] == [("as_of", "as_of", "2025-04-01", "2025-04-02"), ("policy", "policies.board.params.red_to.value", "2", "1")]


def test_facts_that_came_after_the_record_but_before_the_day_asked_for(kept: Kept) -> None:
    kept.record()
    kept.journal.correct("progress", progress("C", 85))
    found = cr.replay(kept.journal, as_known=DAY)
    assert told(found) == {"B": ("yellow", "black", "black"), "C": ("black", "yellow", "yellow")}
    assert whys(found)["C"] == [("fact", "progress[2025Q1/C/I1].progress", "70", "85")]


def test_before_the_first_fact_there_was_nothing_to_decide(kept: Kept) -> None:
    found = cr.replay(kept.journal, as_known=date(2025, 4, 1), as_of=DAY)
    assert (found.then, found.now) == (0, 3)
    assert told(found) == {"A": (None, None, "red"), "B": (None, None, "yellow"), "C": (None, None, "black")}


def test_an_erased_receipt_is_no_record(kept: Kept) -> None:
    kept.journal.receipt({"format": "another"}, key="x")
    kept.record()
    kept.journal.erase("A")
    assert cr.replay(kept.journal).decided == 2


def test_as_text_and_csv_in_both_languages(kept: Kept) -> None:
    kept.later()
    kept.journal.correct("progress", progress("C", 85))
    found = cr.replay(kept.journal, as_known=DAY)
    assert to_text(found, "en").splitlines()[:6] == [
        "As known by 2025-04-02, as of 2025-04-02: 3 decisions; as now: 3; recorded then: 0; 2 differ",
        "",
        "flag/B/2025Q1",
        "  as known then: yellow",
        "  as now: black",
        "    fact progress[2025Q1/C/I1].progress: 70 -> 85 (known 2025-05-06)",
    ]
    assert "按当时所知：yellow" in to_text(found, "zh")
    lines = to_csv(found, "en").decode("utf-8-sig").splitlines()
    assert lines[0] == "id,question,subject,period,decided,then,now,why"
    assert lines[1] == "flag/B/2025Q1,flag,B,2025Q1,,yellow,black,fact progress[2025Q1/C/I1].progress: 70 -> 85 (known 2025-05-06)"


# --- the command line ---------------------------------------------------------------------------


def test_the_command_gives_json(kept: Kept) -> None:
    kept.journal.close()
    done = run("journal", "replay", str(kept.where), "--as-known", "2025-04-02", "--format", "json")
    found = json.loads(done.stdout)
    assert (done.returncode, found["as_of"], found["then"], found["differences"]) == (0, "2025-04-02", 3, [])


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["nowhere.db"], b"CR-NO-SUCH-PATH"),
        (["FILE", "--as-known", "yesterday"], b"--as-known"),
        (["FILE", "--policies", "market-supervision@soon"], b"--policies"),
        (["FILE", "--policies", "a", "--policies", "b"], b"CR-GIVEN-TWICE"),
        (["FILE", "--format", "xml"], b"CR-NOT-AN-OPTION"),
        (["FILE", "--then", "nobody"], b"CR-UNKNOWN-SET"),
    ],
)
def test_wrong_calls_say_so(kept: Kept, arguments: list[str], code: bytes) -> None:
    done = run("journal", "replay", *(str(kept.where) if a == "FILE" else a for a in arguments))
    assert done.returncode == 2
    assert code in done.stderr


def test_a_journal_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(cr.UsageError, match="CR-NO-SUCH-PATH"):
        cr.replay(tmp_path / "nothing.db")
    assert list(tmp_path.iterdir()) == []


def test_checking_a_journal_its_export_and_its_receipts(kept: Kept, tmp_path: Path) -> None:
    kept.record()
    kept.journal.export(tmp_path / "facts.jsonl")
    for file in (kept.where, tmp_path / "facts.jsonl"):
        done = run("journal", "check", str(file))
        assert (done.returncode, done.stderr.splitlines()) == (0, [b"7 entries and 3 receipts looked at", b"Nothing wrong"])
    compared = run("journal", "check", str(kept.where), "--policies", "market-supervision")
    assert compared.returncode == 1
    assert b"row 5, policies.hash" in compared.stderr
    amended = run("journal", "check", str(kept.where), "--policies", "market-supervision", "--set", "board.red_to=1", "--set", "board.yellow_to=2")
    assert amended.returncode == 0


def test_receipts_that_were_forged_before_they_were_recorded(kept: Kept) -> None:
    receipt = NARROW.evaluate(kept.journal.facts(), as_of=DAY).decision("flag", "A").receipt()
    kept.journal.receipt({**receipt, "decision": {**receipt["decision"], "verdict": "black"}}, key="A")
    done = run("journal", "check", str(kept.where))
    assert done.returncode == 1
    assert b"row 5, decision.verdict" in done.stderr


def test_a_file_of_something_else_is_no_receipts(tmp_path: Path) -> None:
    (tmp_path / "x.jsonl").write_text("{}\n[1\n", encoding="utf-8")
    done = run("journal", "check", str(tmp_path / "x.jsonl"))
    assert done.returncode == 1
    assert b"CR-RECEIPT-FORM: x.jsonl, line 2" in done.stderr
    assert run("journal", "check", str(tmp_path / "none.jsonl")).returncode == 2


def test_evaluate_writes_receipts(tmp_path: Path) -> None:
    source = tmp_path / "tables"
    source.mkdir()
    (source / "progress.csv").write_text("quarter,unit,indicator,progress\n2024Q3,U1,I1,0.8\n", encoding="utf-8")
    done = run("evaluate", str(source), "--as-of", "2025-01-15", "--receipts", str(tmp_path / "r.jsonl"))
    assert done.returncode == 0
    assert run("journal", "check", str(tmp_path / "r.jsonl"), lang="zh").stderr.decode().splitlines()[-1] == "未发现问题"
