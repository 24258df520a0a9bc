"""Several processes write to one journal, and are killed: nothing acknowledged is lost, nothing is entered twice."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections import Counter
from collections.abc import Sequence

import pytest

import cadrerules as cr

pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
import journal_child

FORKING = multiprocessing.get_context("forkserver")
FORKING.set_forkserver_preload(["pytest", "journal_child"])


class Child:
    """A process that posts some ids."""

    def __init__(self, where: str, threads: int, ids: Sequence[str]) -> None:
        self.told, told = FORKING.Pipe(duplex=False)
        self.process = FORKING.Process(target=journal_child.main, args=(where, threads, ids, told))
        self.process.start()
        told.close()

    def first(self, count: int) -> set[str]:
        """The first ids that it acknowledges."""
        return {self.told.recv() for _ in range(count)}

    def rest(self) -> set[str]:
        """All that it acknowledges until it ends."""
        found = set()
        try:
            while True:
                found.add(self.told.recv())
        except (EOFError, OSError):  # the end, or half a message of one that was killed
            self.told.close()
        self.process.join(60)
        return found


def verify(where: str, acknowledged: set[str]) -> Counter[str]:
    """The journal is whole and holds all that was acknowledged; how often each id stands in it."""
    with cr.open_journal(where) as journal:
        assert journal.check() == []
        entries = list(journal.entries())
        posted = {row["thing"] for row in journal.facts().get("things", [])}
    ids = Counter(entry.id for entry in entries)
    assert acknowledged <= ids.keys()
    assert posted == ids.keys()
    assert set(ids.values()) <= {1}
    return ids


def kill_and_go_on(where: str, rounds: int, dice: random.Random) -> None:
    """Kill two writers at random moments, again and again; each time another starts over with ids of theirs, and gets on."""
    acknowledged: set[str] = set()
    for turn in range(rounds):
        ids = [f"{turn}-{number}" for number in range(20_000)]  # more than a pipe that nobody reads takes: neither comes to its end
        children = [Child(where, 2, ids), Child(where, 2, ids[::-1])]
        for child in children:
            acknowledged |= child.first(dice.randint(1, 20))
        time.sleep(dice.uniform(0, 0.03))
        for child in children:
            child.process.kill()
        for child in children:
            acknowledged |= child.rest()
            assert child.process.exitcode == -9
        verify(where, acknowledged)
        again = {*dice.sample(ids, 5), *sorted(acknowledged & {*ids})[:5]}
        assert Child(where, 2, sorted(again)).rest() == again
        acknowledged |= again
    verify(where, acknowledged)


def test_killed_writers_lose_nothing_and_enter_nothing_twice(journal_place: str) -> None:
    kill_and_go_on(journal_place, 1, random.Random(7))  # noqa: S311


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_writers_that_are_killed_many_times(seed: int, journal_place: str) -> None:
    kill_and_go_on(journal_place, 10, random.Random(seed))  # noqa: S311


def test_four_processes_with_threads_write_one_chain(journal_place: str) -> None:
    shared = [f"shared-{number}" for number in range(8)]
    wanted = [{*shared, *(f"{child}-{number}" for number in range(8))} for child in range(4)]
    children = [Child(journal_place, 3, sorted(ids)) for ids in wanted]
    assert [child.rest() for child in children] == wanted
    assert [child.process.exitcode for child in children] == [0] * 4
    assert verify(journal_place, set().union(*wanted)).total() == 8 + 4 * 8
