"""What a journal keeps and gives back, on SQLite and on PostgreSQL."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import cadrerules as cr
from cadrerules.journal import Head
from small_bureau import PLAN

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
if TYPE_CHECKING:
    from cadrerules.journal.journal import Journal

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
QUARTER = {"quarter": "2026年第一季度", "unit": "U01", "indicator": "I1", "progress": "50.5%"}
KEY = ["2026Q1", "U01", "I1"]
HEAD = {"person": "P01", "unit": "U01", "role": "head", "name": "王小明"}


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(journal_place: str, clock: Clock) -> Iterator[Journal]:
    with cr.open_journal(journal_place, PLAN, clock=clock) as opened:
        yield opened


def refusal(call: Callable[..., object], *arguments: Any, **named: Any) -> str:
    with pytest.raises(cr.CadreError) as caught:
        call(*arguments, **named)
    assert caught.value.report("zh")
    return caught.value.code


def test_an_entry_says_what_when_and_under_which_policies(journal: Journal) -> None:
    first = journal.advance(date(2026, 4, 1), id="day")
    entry = journal.post("progress", QUARTER, id="a")
    assert (entry.sequence, entry.id, entry.kind, entry.table, entry.of) == (2, "a", "post", "progress", 2)
    assert (entry.valid_from, entry.valid_to) == ("2026-01-01", "2026-03-31")
    assert entry.known_at == "2026-03-01T08:00:00.000000+00:00"
    assert (entry.policy, entry.previous) == (PLAN.hash, first.digest)
    assert entry.key == ("2026Q1", "U01", "I1")
    assert entry.row == {
        **dict(zip(("quarter", "unit", "indicator"), KEY, strict=True)),
        "progress": "0.505",
        "regional_rank": None,
        "cities": None,
    }
    assert (first.day, first.key, first.row, first.receipt) == (date(2026, 4, 1), None, None, None)
    assert list(journal.entries()) == [first, entry]
    assert list(journal.entries(after=1)) == [entry]
    assert "0.505" not in repr(entry)


@pytest.mark.parametrize(
    ("table", "row", "valid"),
    [
        ("units", {"unit": "U01"}, ("", "")),
        (
            "results",
            {
                "year": 2025,
                "unit": "U01",
                "indicator": "I",
                "regional_rank": 1,
                "cities": 14,
                "deducted": 0,
                "cause": "",
                "completed": "",
            },
            ("2025-01-01", "2025-12-31"),
        ),
        (
            "waivers",
            {
                "rule": "r",
                "subject": "P01",
                "period": "2024",
                "authority": "局党组",
                "reason": "依规",
                "decided_on": "2025-01-10",
            },
            ("2025-01-10", ""),
        ),
        (
            "waivers",
            {
                "rule": "r",
                "subject": "P01",
                "period": "2024",
                "authority": "局党组",
                "reason": "依规",
                "decided_on": "2025-01-10",
                "expires_on": "2025-06-30",
            },
            ("2025-01-10", "2025-06-30"),
        ),
    ],
)
def test_a_fact_is_valid_when_its_table_says_so(
    table: str, row: dict[str, Any], valid: tuple[str, str], tmp_path: Path
) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        entry = journal.post(table, row)
    assert (entry.valid_from, entry.valid_to) == valid


def test_the_facts_are_read_as_those_that_were_posted(journal: Journal) -> None:
    tables = {
        "units": [{"unit": "U01", "name": "1科"}, {"unit": "U02"}],
        "progress": [
            QUARTER,
            {**QUARTER, "unit": "U02", "progress": Decimal("0.000001"), "regional_rank": 3, "cities": 14},
        ],
        "staff": [{**HEAD, "joined": "2024-02-29", "party_member": "是"}],
        "assessments": [{"person": "P01", "kind": "term", "period": "2024-W37"}],
        "disputes": [{"table": "progress", "key": "2026Q1/U01/I1", "column": "progress", "raised_on": "2026-04-02"}],
    }
    for name, rows in tables.items():
        assert len(journal.post_all(name, rows)) == len(rows)
    assert cr.read_tables(journal.facts(), PLAN).rows == cr.read_tables(tables, PLAN).rows


def test_what_the_plan_refuses_is_not_written(journal: Journal) -> None:
    assert refusal(journal.post, "progress", {**QUARTER, "progress": -1}) == "CR-TOO-LOW"
    assert refusal(journal.post, "progres", QUARTER) == "CR-NO-SUCH-TABLE"
    assert refusal(journal.post_all, "units", [{"unit": "U01"}, {"unit": "U01"}]) == "CR-DUPLICATE-ROW"
    assert refusal(journal.retract, "progress", ["x", "U01", "I1"]) == "CR-NOT-A-PERIOD"
    assert refusal(journal.receipt, {"share": 0.1}) == "CR-JOURNAL-VALUE"
    assert journal.head().sequence == 0
    assert journal.facts() == {}


def test_a_row_is_posted_once_and_corrected_or_taken_back_while_it_is_there(journal: Journal) -> None:
    assert refusal(journal.correct, "progress", QUARTER) == "CR-JOURNAL-NO-ROW"
    posted = journal.post("progress", QUARTER)
    assert refusal(journal.post, "progress", {**QUARTER, "progress": 1}) == "CR-JOURNAL-ROW-THERE"
    corrected = journal.correct("progress", {**QUARTER, "progress": "0.7"})
    assert corrected.of == posted.of == posted.sequence
    assert [row["progress"] for row in journal.facts()["progress"]] == ["0.7"]
    taken = journal.retract("progress", KEY)
    assert (taken.of, taken.key, taken.valid_from) == (posted.of, tuple(KEY), "2026-01-01")
    assert journal.facts() == {"progress": []}
    assert refusal(journal.retract, "progress", KEY) == "CR-JOURNAL-NO-ROW"
    again = journal.post("progress", QUARTER)
    assert again.of == again.sequence == 4
    assert journal.check() == []


def test_all_rows_of_one_call_are_entered_or_none(journal: Journal) -> None:
    journal.post("units", {"unit": "U02"})
    assert refusal(journal.post_all, "units", [{"unit": "U01"}, {"unit": "U02"}]) == "CR-JOURNAL-ROW-THERE"
    assert journal.head().sequence == 1
    assert journal.post_all("units", []) == ()
    assert [entry.id for entry in journal.post_all("units", [{"unit": "U03"}, {"unit": "U04"}], id="b")] == [
        "b/1",
        "b/2",
    ]


@pytest.mark.parametrize("key", [KEY, tuple(KEY), {"quarter": "2026年第一季度", "unit": "U01", "indicator": "I1"}])
def test_a_key_is_given_in_order_or_by_column(key: Any, tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        journal.post("progress", QUARTER)
        assert journal.retract("指标进度", key).key == tuple(KEY)
        journal.post("units", {"unit": "U01"})
        assert journal.retract("units", "U01").key == ("U01",)


@pytest.mark.parametrize(
    "key", ["2026Q1", [], ["2026Q1", "U01"], [*KEY, "x"], {"quarter": "2026Q1"}, {"a": 1, "b": 2, "c": 3}]
)
def test_what_is_no_key_of_the_table_is_refused(key: Any, tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        journal.post("progress", QUARTER)
        assert refusal(journal.retract, "progress", key) == "CR-JOURNAL-KEY"


def test_the_same_id_gives_the_same_entry(journal: Journal) -> None:
    posted = journal.post("progress", QUARTER, id="a")
    assert journal.post("progress", {**QUARTER, "quarter": "2026Q1", "progress": Decimal("0.5050")}, id="a") == posted
    taken = journal.retract("progress", KEY, id="b")
    assert journal.retract("progress", KEY, id="b") == taken
    assert journal.post("progress", QUARTER, id="a") == posted  # not entered a second time
    assert journal.facts() == {"progress": []}
    assert journal.head().sequence == 2


def test_the_same_id_for_another_payload_is_refused(journal: Journal) -> None:
    journal.post("units", {"unit": "U01"}, id="a")
    assert refusal(journal.post, "units", {"unit": "U02"}, id="a") == "CR-JOURNAL-ID-REUSED"
    assert refusal(journal.correct, "units", {"unit": "U01"}, id="a") == "CR-JOURNAL-ID-REUSED"
    assert refusal(journal.retract, "units", "U01", id="a") == "CR-JOURNAL-ID-REUSED"
    assert refusal(journal.advance, date(2026, 1, 1), id="a") == "CR-JOURNAL-ID-REUSED"
    assert journal.head().sequence == 1


def test_facts_as_they_were_known(journal: Journal, clock: Clock) -> None:
    journal.post("progress", QUARTER)
    clock.now += timedelta(hours=1)
    journal.correct("progress", {**QUARTER, "progress": 1})
    clock.now += timedelta(days=1)
    journal.retract("progress", KEY)

    def progress(as_known: date | None) -> list[Any]:
        return [row["progress"] for row in journal.facts(as_known).get("progress", [{"progress": "absent"}])]

    assert progress(START - timedelta(microseconds=1)) == ["absent"]
    assert progress(START) == progress(datetime(2026, 3, 1, 8)) == ["0.505"]
    assert progress(START.astimezone(None)) == ["0.505"]
    assert progress(START + timedelta(hours=1)) == [1]
    assert progress(date(2026, 2, 28)) == ["absent"]
    assert progress(date(2026, 3, 1)) == [1]
    assert progress(date(2026, 3, 2)) == progress(None) == []


def test_time_never_goes_back(journal: Journal, clock: Clock) -> None:
    first = journal.post("units", {"unit": "U01"})
    clock.now -= timedelta(days=1)
    assert journal.post("units", {"unit": "U02"}).known_at == first.known_at
    assert journal.check() == []


def test_receipts_are_kept_as_given(journal: Journal) -> None:
    receipt = {"verdict": "red", "inputs": {"progress": [Decimal("0.5")]}, "on": date(2026, 4, 1)}
    entry = journal.receipt(receipt, key="U01")
    assert (entry.kind, entry.key) == ("receipt", ("U01",))
    assert entry.receipt == {"verdict": "red", "inputs": {"progress": ["0.5"]}, "on": "2026-04-01"}
    assert journal.facts() == {}


def test_opened_again_it_goes_on(journal_place: str) -> None:
    with cr.open_journal(journal_place, PLAN) as journal:
        first = journal.post("units", {"unit": "U01"}, id="a")
    with cr.open_journal(journal_place, PLAN) as journal:
        assert journal.post("units", {"unit": "U01"}, id="a") == first
        assert journal.post("units", {"unit": "U02"}).previous == first.digest
        assert journal.check() == []


def test_followers_hear_of_each_entry_once(journal: Journal) -> None:
    journal.post("units", {"unit": "U00"})
    stop, heard = threading.Event(), []

    def follow() -> None:
        for entry in journal.follow(0, stop=stop, poll=0.01):
            heard.append(entry.sequence)
            if entry.sequence == 6:
                stop.set()

    follower = threading.Thread(target=follow)
    follower.start()
    for number in range(1, 6):
        journal.post("units", {"unit": f"U0{number}"})
    follower.join(30)
    assert heard == [1, 2, 3, 4, 5, 6]
    stop.set()
    assert list(journal.follow(stop=stop)) == []


def test_many_entries_are_read_in_pages(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN) as journal:
        journal.post_all("units", [{"unit": f"U{number}"} for number in range(1_100)])
        assert [entry.sequence for entry in journal.entries(5)] == list(range(6, 1_101))
        assert len(journal.facts()["units"]) == 1_100


def test_organisations_are_kept_apart(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN, group_by="bureau") as journal:
        journal.post("units", {"bureau": "B1", "unit": "U01"})
        journal.post("units", {"bureau": "B2", "unit": "U01"})
        assert journal.retract("units", ["B1", "U01"]).key == ("B1", "U01")
        (row,) = cr.read_tables(journal.facts(), PLAN, group_by="bureau")["units"]
    assert row["bureau"] == "B2"


def test_without_a_plan_the_key_is_given(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db") as journal:
        assert refusal(journal.post, "things", {"size": 1}) == "CR-JOURNAL-KEY"
        entry = journal.post("things", {"thing": "A", "size": Decimal("2.50")}, key="A")
        assert (entry.key, entry.policy, entry.valid_from) == (("A",), "", "")
        journal.correct("things", {"thing": "A", "size": 3}, key=["A"])
        assert journal.facts() == {"things": [{"thing": "A", "size": 3}]}
        journal.retract("things", "A")
        assert refusal(journal.erase, "A") == "CR-JOURNAL-NEEDS-PLAN"
        assert journal.check() == []


@pytest.mark.parametrize(
    "where",
    ["mysql://u@h/d", "sqlite://", ":memory:", "sqlite+aiosqlite:///a.db", "postgresql+psycopg2://h/d", "a:b://"],
)
def test_other_databases_are_refused(where: str) -> None:
    assert refusal(cr.open_journal, where) == "CR-JOURNAL-URL"


def test_what_cannot_be_opened_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("not a database at all, but long enough to look like one" * 20, encoding="utf-8")
    assert refusal(cr.open_journal, tmp_path / "missing" / "a.db") == "CR-JOURNAL-FAILED"
    assert refusal(cr.open_journal, tmp_path / "a.txt") == "CR-JOURNAL-FAILED"
    assert refusal(cr.open_journal, f"postgresql://nobody:secret@/x?host={tmp_path}") == "CR-JOURNAL-FAILED"


def test_a_later_format_is_refused(journal_place: str) -> None:
    from sqlalchemy import update

    from cadrerules.journal.database import Database
    from cadrerules.journal.schema import HEAD as TABLE

    database = Database(journal_place, 1)
    with database.writing() as (connection, _):
        connection.execute(update(TABLE).values(format=2))
    database.close()
    assert refusal(cr.open_journal, journal_place) == "CR-JOURNAL-FORMAT"


def test_who_waits_too_long_is_told(journal_place: str) -> None:
    with cr.open_journal(journal_place, PLAN) as one, cr.open_journal(journal_place, PLAN, wait=0.05) as other:
        with one._database.writing():
            assert refusal(other.post, "units", {"unit": "U01"}, id="a") == "CR-JOURNAL-BUSY"
            assert other.head().sequence == 0  # readers wait for nobody
        assert other.post("units", {"unit": "U01"}, id="a").sequence == 1


def test_threads_of_one_journal_wait_for_each_other_no_longer(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db", PLAN, wait=0.05) as journal, journal._database.writing():
        assert refusal(journal.post, "units", {"unit": "U01"}) == "CR-JOURNAL-BUSY"


def test_sqlite_is_set_to_lose_nothing(tmp_path: Path) -> None:
    with cr.open_journal(tmp_path / "a.db") as journal, journal._database.reading() as connection:
        pragmas = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete")
        ]
    assert pragmas == ["wal", 2, 1]


def test_its_name_tells_no_password(journal_place: str) -> None:
    with cr.open_journal(journal_place) as journal:
        assert repr(journal) in ("<Journal bureau.db>", "<Journal postgres>")


def test_texts_of_the_payload_are_canonical(journal: Journal) -> None:
    entry = journal.post("units", {"unit": "U01", "name": "一科"})
    assert entry.content == json.dumps(entry.payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def test_one_journal_serves_many_threads(journal_place: str) -> None:
    def use(number: int) -> list[Any]:
        journal.post("units", {"unit": f"U{number}"})
        journal.correct("units", {"unit": f"U{number}", "name": "1科"})
        seen = journal.facts()["units"]
        journal.post("staff", {**HEAD, "person": f"P{number}"})
        journal.erase(f"P{number}")
        return [row for row in seen if row["unit"] == f"U{number}"] + [
            *journal.check(),
            *([] if list(journal.entries()) else [number]),
        ]

    with cr.open_journal(journal_place, PLAN) as journal, ThreadPoolExecutor(8) as pool:
        assert list(pool.map(use, range(8))) == [[{"unit": f"U{number}", "name": "1科"}] for number in range(8)]
        assert journal.head().sequence == 8 * 4
        assert len(journal.facts()["units"]) == 8


def test_what_threads_enter_at_once_shares_a_commit_and_is_refused_one_by_one(journal: Journal, monkeypatch: pytest.MonkeyPatch) -> None:
    journal.post("units", {"unit": "U00"})
    goes: list[int] = []
    held, work = threading.Event(), journal._append_each

    def counted(requests: Any) -> Any:
        goes.append(len(requests))
        assert held.wait(60)
        return work(requests)

    monkeypatch.setattr(journal._together, "_work", counted)
    rows = [{"unit": f"U{number:02}"} for number in (1, 0, 2, 0, 3)]  # U00 is there already
    with ThreadPoolExecutor(7) as pool:
        done = [pool.submit(journal.post, "units", {"unit": "first"})]
        while not goes:
            assert not done[0].done()
        both = pool.submit(journal.post_all, "units", [{"unit": "U04"}, {"unit": "U00"}])
        while not journal._together._waiting:
            assert not done[0].done()
        done += [pool.submit(journal.post, "units", row) for row in rows]
        while len(journal._together._waiting) < len(rows) + 1:
            assert not done[0].done()
        held.set()
        errors = [one.exception() for one in done]
    assert goes == [1, 6]
    assert isinstance(both.exception(), cr.DataError)  # and its first row, though it might be, isn't there
    assert [error.code if isinstance(error, cr.DataError) else error for error in errors] == [None, None, "CR-JOURNAL-ROW-THERE", None, "CR-JOURNAL-ROW-THERE", None]
    assert sorted(one.result().sequence for one in done if not one.exception()) == [2, 3, 4, 5]
    assert journal.check() == []
    assert {row["unit"] for row in journal.facts()["units"]} == {"U00", "first", "U01", "U02", "U03"}


def test_what_was_decided_without_knowing_all_entries_is_not_entered(journal: Journal) -> None:
    assert journal.advance(date(2026, 4, 1), after=0, id="day").sequence == 1
    for call in (
        lambda: journal.post("units", {"unit": "U01"}, after=0),
        lambda: journal.post_all("units", [{"unit": "U01"}], after=2),
        lambda: journal.correct("units", {"unit": "U01"}, after=0),
        lambda: journal.retract("units", "U01", after=0),
        lambda: journal.begin("units", after=0),
        lambda: journal.advance(date(2026, 4, 2), after=0),
    ):
        assert refusal(call) == "CR-JOURNAL-MOVED-ON"
    assert journal.head().sequence == 1
    assert [entry.sequence for entry in journal.post_all("units", [{"unit": "U01"}, {"unit": "U02"}], after=1)] == [2, 3]
    assert journal.advance(date(2026, 4, 1), after=0, id="day").sequence == 1  # the same call again


def test_what_it_amounts_to_is_told_with_its_head(journal: Journal) -> None:
    assert journal.standing() == (Head(), None, {})
    journal.advance(date(2026, 4, 1))
    journal.post("units", {"unit": "U01"}, id="a")
    journal.retract("units", "U01")
    journal.advance(date(2026, 4, 2))
    head, day, rows = journal.standing()
    assert (head, day, rows) == (journal.head(), date(2026, 4, 2), {"units": []})
    entry = journal.entry("a")
    assert entry is not None
    assert entry.row == {"unit": "U01", "name": None}
    assert journal.entry("b") is None
