"""Threads that ask for the same kind of work at the same time have it done in one go."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from ..errors import CadreError

Asked = TypeVar("Asked")
Given = TypeVar("Given")


class _Request(Generic[Asked, Given]):
    """What a thread asks, and the answer once there is one."""

    def __init__(self, asked: Asked) -> None:
        self.asked = asked
        self.answer: Given | CadreError | None = None


class Together(Generic[Asked, Given]):
    """Hands what several threads ask to one of them: whoever comes while that one works waits for the next go.

    `work` answers each request, with an error where it refuses that one alone; what it raises refuses all. A request may be handed to it
    twice, where the thread that did the work was interrupted. Who waits longer than `wait` seconds for others gets what `busy` gives.
    """

    def __init__(
        self, work: Callable[[Sequence[Asked]], Sequence[Given | CadreError]], wait: float, busy: Callable[[], CadreError]
    ) -> None:
        self._work, self._wait, self._busy = work, wait, busy
        self._turn = threading.Condition()
        self._working = False
        self._waiting: list[_Request[Asked, Given]] = []

    def ask(self, asked: Asked) -> Given:
        """The answer to a request; raises what refuses it."""
        mine: _Request[Asked, Given] = _Request(asked)
        if batch := self._batch(mine):
            self._do(batch, mine)
        if isinstance(mine.answer, CadreError):
            raise type(mine.answer)(mine.answer.problems)  # others may raise the same
        assert mine.answer is not None
        return mine.answer

    def _batch(self, mine: _Request[Asked, Given]) -> list[_Request[Asked, Given]]:
        """All that wait, to be done by this thread; nothing where another one has answered meanwhile."""
        with self._turn:
            self._waiting.append(mine)
            try:
                self._await(mine)
            except BaseException:
                if mine in self._waiting:
                    self._waiting.remove(mine)
                raise
            if mine.answer is not None:
                return []
            self._working, batch, self._waiting = True, self._waiting, []
            return batch

    def _await(self, mine: _Request[Asked, Given]) -> None:
        """Wait until there is an answer, or nobody works; while others do the request, for as long as that takes."""
        while not self._turn.wait_for(lambda: mine.answer is not None or not self._working, self._wait):
            if mine in self._waiting:
                raise self._busy()

    def _do(self, batch: Sequence[_Request[Asked, Given]], mine: _Request[Asked, Given]) -> None:
        answers: Sequence[Given | CadreError] = ()
        try:
            answers = self._work([request.asked for request in batch])
        except CadreError as error:
            answers = [error] * len(batch)
        finally:
            with self._turn:
                self._working = False
                if answers:
                    for request, answer in zip(batch, answers, strict=True):
                        request.answer = answer
                else:  # interrupted: the others go on themselves
                    self._waiting += [request for request in batch if request is not mine]
                self._turn.notify_all()
