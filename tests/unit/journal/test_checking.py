"""Whatever is done to a journal by other means is found."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.journal.checking import Chain
from cadrerules.journal.entries import CHAINED, START, Entry, chain_digest, seal
from small_bureau import PLAN

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal of six entries: posts, a correction, a day, and one payload erased."""
    place = tmp_path_factory.mktemp("journal") / "made.db"
    with cr.open_journal(place, PLAN) as journal:
        journal.post("units", {"unit": "U01"}, id="a")
        journal.post("staff", {"person": "P01", "unit": "U01", "role": "head"}, id="b")
        journal.correct("units", {"unit": "U01", "name": "1科"}, id="c")
        journal.advance(date(2026, 4, 1), id="d")
        journal.erase("P01")
        journal.post("units", {"unit": "U02"}, id="f")
    return place


@pytest.fixture
def place(made: Path, tmp_path: Path) -> Path:
    """A copy of it, to be tampered with."""
    return Path(shutil.copy(made, tmp_path / "bureau.db"))


def edit(place: Path, statement: str, *values: object) -> None:
    connection = sqlite3.connect(place, isolation_level=None)
    assert connection.execute(statement, values).rowcount, statement
    connection.close()


def found(place: Path) -> list[tuple[str, int | None]]:
    with cr.open_journal(place, PLAN) as journal:
        problems = journal.check()
    assert all(problem.text("zh") and problem.place.file == "bureau.db" for problem in problems)
    return [(problem.code, problem.place.row) for problem in problems]


def test_an_untouched_journal_is_sound(place: Path) -> None:
    assert found(place) == []


@pytest.mark.parametrize("name", CHAINED[1:])
def test_an_edit_of_any_field_is_found(name: str, place: Path) -> None:
    edit(place, f"update journal_entries set \"{name}\" = '7' where sequence = 3")  # noqa: S608
    codes = found(place)
    assert ("CR-JOURNAL-DIGEST", 3) in codes


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        ("update journal_entries set sequence = 9 where sequence = 6", ("CR-JOURNAL-GAP", 9)),
        ("update journal_entries set digest = previous where sequence = 3", ("CR-JOURNAL-DIGEST", 3)),
        ("update journal_entries set digest = previous where sequence = 3", ("CR-JOURNAL-LINK", 4)),
        ("update journal_entries set previous = digest where sequence = 3", ("CR-JOURNAL-LINK", 3)),
        ("delete from journal_entries where sequence = 3", ("CR-JOURNAL-GAP", 4)),
        ("delete from journal_entries where sequence = 1", ("CR-JOURNAL-GAP", 2)),
        ("delete from journal_entries where sequence = 6", ("CR-JOURNAL-TAIL", None)),
        ("delete from journal_entries where sequence > 0", ("CR-JOURNAL-TAIL", None)),
        ("update journal_head set sequence = 5", ("CR-JOURNAL-TAIL", None)),
        ("update journal_head set digest = 'x'", ("CR-JOURNAL-TAIL", None)),
        ("update journal_head set known_at = ''", ("CR-JOURNAL-TAIL", None)),
        ("update journal_payloads set salt = 'x' where sequence = 1", ("CR-JOURNAL-PAYLOAD", 1)),
        ("update journal_payloads set content = '{}' where sequence = 1", ("CR-JOURNAL-PAYLOAD", 1)),
        (
            "update journal_payloads set content = replace(content, 'U01', 'U03') where sequence = 1",
            ("CR-JOURNAL-PAYLOAD", 1),
        ),
        ("update journal_payloads set sequence = 2 where sequence = 1", ("CR-JOURNAL-PAYLOAD", 2)),
        ("delete from journal_payloads where sequence = 1", ("CR-JOURNAL-PAYLOAD-LOST", 1)),
        ("delete from journal_payloads where sequence = 5", ("CR-JOURNAL-PAYLOAD-LOST", 5)),
        ("update journal_rows set latest = 1 where latest = 3", ("CR-JOURNAL-ROWS", None)),
        ("update journal_rows set key = '[\"U09\"]' where of = 1", ("CR-JOURNAL-ROWS", None)),
        ("delete from journal_rows where of = 1", ("CR-JOURNAL-ROWS", None)),
    ],
)
def test_what_was_done_is_told(statement: str, problem: tuple[str, int | None], place: Path) -> None:
    edit(place, statement)
    assert problem in found(place)


def test_a_payload_that_came_back_is_found(place: Path) -> None:
    saved = place.with_name("saved.db")
    with cr.open_journal(place, PLAN) as journal:
        journal.post("staff", {"person": "P02", "unit": "U01", "role": "head"})
        journal._database.checkpoint()
        saved.write_bytes(place.read_bytes())
        assert journal.erase("P02").erased == (7,)
    edit(place, "insert into journal_payloads values (2, 'x', '{}')")
    assert ("CR-JOURNAL-PAYLOAD", 2) in found(place)
    edit(place, "delete from journal_payloads where sequence = 2")
    connection = sqlite3.connect(place)
    connection.execute("attach ? as saved", [str(saved)])
    connection.execute("insert into journal_payloads select * from saved.journal_payloads where sequence = 7")
    connection.commit()
    connection.close()
    assert found(place) == [("CR-JOURNAL-NOT-ERASED", 7)]


def rechained(entries: list[Entry]) -> list[Entry]:
    """The entries with digests that fit, as somebody who knows how would forge them."""
    previous, done = START, []
    for entry in entries:
        one = replace(
            entry,
            previous=previous,
            payload_digest=seal(entry.salt, entry.content) if entry.salt else entry.payload_digest,
        )
        one = replace(one, digest=chain_digest(one))
        previous = one.digest
        done.append(one)
    return done


def test_a_chain_that_was_forged_whole_is_found_by_a_head_kept_elsewhere(place: Path) -> None:
    with cr.open_journal(place, PLAN) as journal:
        entries, anchor = list(journal.entries()), journal.head()
    changed = replace(entries[2], content=entries[2].content.replace("1科", "2科"))
    for entry in (forged := rechained([*entries[:2], changed, *entries[3:]])):
        digests = (entry.digest, entry.previous, entry.payload_digest, entry.sequence)
        edit(
            place,
            "update journal_entries set digest = ?, previous = ?, payload_digest = ? where sequence = ?",
            *digests,
        )
    edit(place, "update journal_payloads set content = ? where sequence = 3", changed.content)
    edit(place, "update journal_head set digest = ?", forged[-1].digest)
    assert found(place) == []
    with cr.open_journal(place, PLAN) as journal:
        assert [problem.code for problem in journal.check(anchor)] == ["CR-JOURNAL-ANCHOR"]


def test_time_that_goes_back_is_told_though_the_chain_fits(place: Path) -> None:
    with cr.open_journal(place, PLAN) as journal:
        first, second, *_ = journal.entries()
    forged = rechained([first, replace(second, known_at="2000-01-01T00:00:00.000000+00:00")])
    problems = list(Chain("a").problems(forged, None))
    assert [(problem.code, problem.place.row) for problem in problems] == [
        ("CR-JOURNAL-TIME", 2),
        ("CR-JOURNAL-PAYLOAD-LOST", 2),
    ]


def test_an_end_that_was_cut_off_with_the_head_is_found_by_a_head_kept_elsewhere(place: Path) -> None:
    with cr.open_journal(place, PLAN) as journal:
        anchor, (*_, fifth, _) = journal.head(), journal.entries()
        assert journal.check(anchor) == []
    for table, name in (("entries", "sequence"), ("payloads", "sequence"), ("rows", "of")):
        edit(place, f"delete from journal_{table} where {name} = 6")  # noqa: S608
    edit(place, "update journal_head set sequence = 5, digest = ?, known_at = ?", fifth.digest, fifth.known_at)
    assert found(place) == []
    with cr.open_journal(place, PLAN) as journal:
        assert [problem.code for problem in journal.check(anchor)] == ["CR-JOURNAL-TAIL"]


@pytest.mark.parametrize(
    "statement",
    [
        "delete from journal_entries where sequence = 6",
        "update journal_entries set valid_from = '2026-01-01' where sequence = 6",
        "update journal_head set sequence = 7",
    ],
)
def test_nothing_is_written_or_read_after_a_torn_end(statement: str, place: Path) -> None:
    edit(place, statement)
    with cr.open_journal(place, PLAN) as journal:  # opening repairs nothing, and check can tell
        before = list(journal.entries())
        for call in (lambda: journal.post("units", {"unit": "U07"}), journal.facts):
            with pytest.raises(cr.DataError) as caught:
                call()
            assert caught.value.code == "CR-JOURNAL-TAIL"
        assert list(journal.entries()) == before


def test_content_that_cannot_be_read_is_told(place: Path) -> None:
    edit(place, "update journal_payloads set content = '[' where sequence = 3")
    with cr.open_journal(place, PLAN) as journal:
        with pytest.raises(cr.DataError) as caught:
            journal.facts()
        assert caught.value.code == "CR-JOURNAL-PAYLOAD"
        assert [problem.code for problem in journal.check()] == ["CR-JOURNAL-PAYLOAD"]


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_file_that_is_cut_off_is_told(share: float, place: Path) -> None:
    whole = place.read_bytes()
    place.write_bytes(whole[: int(len(whole) * share)])
    try:
        assert "CR-JOURNAL-FAILED" in [code for code, _ in found(place)]
    except cr.DataError as error:
        assert error.code == "CR-JOURNAL-FAILED"
    assert place.read_bytes() == whole[: int(len(whole) * share)]


def test_bytes_that_flipped_in_a_payload_are_told(place: Path) -> None:
    raw = place.read_bytes()
    assert b'"U02"' in raw
    place.write_bytes(raw.replace(b'"U02"', b'"U03"'))
    assert ("CR-JOURNAL-PAYLOAD", 6) in found(place)
