"""Runs work on mutants in several processes, each of which reads the plan and its cases once."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import active_children, get_context
from typing import Any, TypeVar

from ...portable import Portable
from ..cases import CaseDocument
from .suite import Suite

Task = TypeVar("Task")
Done = TypeVar("Done")
Work = Callable[[Suite, Task], Done]
Told = Callable[[int, int], None]


_here: list[Suite] = []
"""The suite of this process."""


def _start(plan: Portable, documents: Sequence[CaseDocument]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent stops everything
    _here[:] = [Suite(plan.plan(), documents)]


def _run(work: Work[Task, Done], task: Task) -> Done:
    return work(_here[0], task)


@dataclass(frozen=True)
class Pool:
    """Processes that share the work; without `executor` this one does it alone."""

    suite: Suite
    executor: ProcessPoolExecutor | None

    def each(self, work: Work[Task, Done], tasks: Sequence[Task], told: Told) -> list[Done]:
        """What the work gives on each task, in the order of tasks; `told` hears how many are done, and of how many."""
        if self.executor is None:
            return list(self._alone(work, tasks, told))
        waiting = {self.executor.submit(_run, work, task): n for n, task in enumerate(tasks)}
        found: dict[int, Done] = {}
        left: set[Future[Done]] = set(waiting)
        while left:
            done, left = wait(left, timeout=0.5, return_when=FIRST_COMPLETED)
            found |= {waiting[future]: future.result() for future in done}
            told(len(found), len(tasks))
        return [found[n] for n in range(len(tasks))]

    def _alone(self, work: Work[Task, Done], tasks: Sequence[Task], told: Told) -> Iterator[Done]:
        for n, task in enumerate(tasks):
            yield work(self.suite, task)
            told(n + 1, len(tasks))


@contextmanager
def pool(suite: Suite, jobs: int) -> Iterator[Pool]:
    """A pool of so many processes; when it is left, for whatever reason, nothing goes on."""
    if jobs <= 1:
        yield Pool(suite, None)
        return
    context: Any = get_context("spawn")
    others = active_children()
    made = ProcessPoolExecutor(jobs, context, _start, (Portable.of(suite.plan), portable(suite.documents)))
    try:
        yield Pool(suite, made)
    except BaseException:  # a person interrupts: what is under way is of no use any more
        for process in active_children():
            if process not in others:
                process.terminate()
        raise
    finally:
        made.shutdown(wait=True, cancel_futures=True)


def portable(documents: Sequence[CaseDocument]) -> list[CaseDocument]:
    """The case files without where everything stands in them, which only the first process needs."""
    return [CaseDocument(d.path, d.file, None) for d in documents]  # type: ignore[arg-type]
