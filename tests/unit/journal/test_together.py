"""Threads share one go of work; each gets its own answer, and nobody waits for ever."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

import cadrerules as cr
from cadrerules.errors import Problem
from cadrerules.journal.together import Together

BUSY = cr.UsageError(Problem("CR-JOURNAL-BUSY", values={"seconds": "1"}))
REFUSED = cr.DataError(Problem("CR-JOURNAL-NO-ROW", values={"table": "t"}))


class Gate:
    """Work that is held up until it is let go; what came together in each go is kept."""

    def __init__(self, answer: Callable[[int], int | cr.CadreError], wait: float = 60) -> None:
        self.answer, self.goes = answer, list[list[int]]()
        self.begun, self.go = threading.Event(), threading.Event()
        self.together = Together(self.work, wait, lambda: BUSY)

    def work(self, asked: Sequence[int]) -> list[int | cr.CadreError]:
        self.goes.append(list(asked))
        self.begun.set()
        assert self.go.wait(60)
        return [self.answer(one) for one in asked]

    def while_one_works(self, pool: ThreadPoolExecutor, count: int) -> list[object]:
        """Have one thread work, others ask meanwhile, and let them go; what each gets."""
        first = pool.submit(self.together.ask, 0)
        assert self.begun.wait(60)
        others = [pool.submit(self.together.ask, number) for number in range(1, count)]
        while len(self.together._waiting) < count - 1:
            assert not first.done()
        self.go.set()
        return [asked.exception() or asked.result() for asked in (first, *others)]


def test_who_asks_meanwhile_shares_the_next_go() -> None:
    gate = Gate(lambda one: REFUSED if one == 2 else one * 10)
    with ThreadPoolExecutor(4) as pool:
        one, two, refused, four = gate.while_one_works(pool, 4)
    assert (one, two, four) == (0, 10, 30)
    assert isinstance(refused, cr.DataError)
    assert refused.problems == REFUSED.problems
    assert [sorted(go) for go in gate.goes] == [[0], [1, 2, 3]]


def test_what_the_work_raises_refuses_all_of_one_go() -> None:
    def failing(one: int) -> int:
        if one:
            raise REFUSED
        return one

    gate = Gate(failing)
    with ThreadPoolExecutor(3) as pool:
        found = gate.while_one_works(pool, 3)
    assert found[0] == 0
    assert [type(error) for error in found[1:]] == [cr.DataError] * 2
    assert gate.together.ask(0) == 0


def test_when_one_is_interrupted_the_others_do_the_work_themselves() -> None:
    interrupted = []

    def answer(one: int) -> int:
        if one and not interrupted:
            interrupted.append(one)
            raise KeyboardInterrupt
        return one

    gate = Gate(answer)
    with ThreadPoolExecutor(4) as pool:
        found = gate.while_one_works(pool, 4)
    assert len([one for one in found if isinstance(one, KeyboardInterrupt)]) == 1
    assert len([one for one in found if isinstance(one, int)]) == 3
    assert len(gate.goes) == 3


def test_who_waits_too_long_asks_for_nothing() -> None:
    gate = Gate(lambda one: one, wait=0.01)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(gate.together.ask, 1)
        assert gate.begun.wait(60)
        with pytest.raises(cr.UsageError, match="CR-JOURNAL-BUSY"):
            gate.together.ask(2)
        gate.go.set()
        assert first.result() == 1
    assert gate.goes == [[1]]
