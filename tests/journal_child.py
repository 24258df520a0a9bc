"""A process that posts to a journal from several threads and tells each id once it is acknowledged."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection

import cadrerules as cr
import cadrerules.journal.journal  # imported once, in the server that forks these processes


def main(where: str, threads: int, ids: Sequence[str], told: Connection) -> None:
    """Each thread posts every so manieth id."""
    lock = threading.Lock()

    def post(some: Sequence[str]) -> None:
        for name in some:
            journal.post("things", {"thing": name}, key=name, id=name)
            with lock:
                told.send(name)

    with cr.open_journal(where) as journal, ThreadPoolExecutor(threads) as pool:
        for done in [pool.submit(post, ids[number::threads]) for number in range(threads)]:
            done.result()
    told.close()
