"""The database of a journal: durable, one writer at a time, snapshots for readers, errors in our own words."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, Transaction, create_engine, event, insert, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from ..errors import DataError, Place, Problem, UsageError
from ..load.files import needing
from .entries import FORMAT, START, Head
from .schema import HEAD, METADATA

_DRIVERS: Final = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}
_SETUP_LOCK: Final = 7_205_759_403_792_793
"""The number of the advisory lock under which PostgreSQL makes the tables: any, but always the same."""
_PRAGMAS: Final = ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON")
_BUSY: Final = (5, 6)
"""SQLite's numbers for: another connection holds the lock."""
_LOCK_STATES: Final = ("55P03", "40001", "40P01")
"""PostgreSQL's states for: the lock wasn't to be had, two transactions are in each other's way."""


class Database:
    """An open database with the tables of a journal. Safe to share between threads, not across a fork."""

    def __init__(self, where: str | Path, wait: float) -> None:
        url = _url(where)
        self.name = Path(url.database or "").name
        self.wait, self._turn = wait, threading.Lock()
        self._engine = _engine(url, wait)
        with ExitStack() as undo, self._translated():
            undo.callback(self.close)
            self._set_up()
            undo.pop_all()

    @property
    def is_sqlite(self) -> bool:
        """Whether it is a file of SQLite."""
        return self._engine.dialect.name == "sqlite"

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees the journal as it is at its first look, whatever is appended meanwhile."""
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        with self._translated(), self._engine.connect() as connection:
            yield connection.execution_options(**level)

    @contextmanager
    def writing(self) -> Iterator[tuple[Connection, Head]]:
        """The only connection that writes, and the head it found; committed to disk when the block ends, undone where it fails."""
        with self._in_turn(), self._translated(), self._engine.connect() as connection, _exclusive(connection):
            if not self.is_sqlite:
                connection.execute(text(f"set local lock_timeout = {max(1, round(self.wait * 1000))}"))
                connection.execute(text("set local synchronous_commit = on"))
            found = connection.execute(select(HEAD).with_for_update()).one()
            yield connection, Head(found.sequence, found.digest, found.known_at)

    def checkpoint(self) -> None:
        """Have SQLite move what was written into the one file, so that what was erased stands in no other."""
        if self.is_sqlite:
            with self._translated(), self._engine.connect() as connection:
                connection.connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")  # outside any transaction

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        """Threads of this process queue here, rather than knock at the database."""
        if not self._turn.acquire(timeout=self.wait):
            raise self.busy()
        try:
            yield
        finally:
            self._turn.release()

    def busy(self) -> UsageError:
        """The error for whoever has waited too long for others."""
        return UsageError(Problem("CR-JOURNAL-BUSY", Place(file=self.name), {"seconds": f"{self.wait:g}"}))

    def _set_up(self) -> None:
        """Make the tables where they aren't there; another process may be doing the same."""
        deadline = time.monotonic() + self.wait
        while True:
            try:
                return self._make_tables()
            except DBAPIError as error:  # SQLite doesn't always wait for a file that is just being made
                if not _is_busy(error) or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)

    def _make_tables(self) -> None:
        with self._engine.connect() as connection, _exclusive(connection):
            if not self.is_sqlite:
                connection.execute(text(f"select pg_advisory_xact_lock({_SETUP_LOCK})"))
            METADATA.create_all(connection)
            found = connection.execute(select(HEAD.c.format)).scalar()
            if found is None:
                connection.execute(insert(HEAD).values(id=1, format=FORMAT, sequence=0, digest=START, known_at=""))
            elif found > FORMAT:
                values = {"found": found, "known": FORMAT}
                raise UsageError(Problem("CR-JOURNAL-FORMAT", Place(file=self.name), values))

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turn what the database refuses into an error that names the journal."""
        try:
            yield
        except SQLAlchemyError as error:
            if isinstance(error, DBAPIError) and _is_busy(error):
                raise self.busy() from None
            raise DataError(Problem("CR-JOURNAL-FAILED", Place(file=self.name), {"reason": reason(error)})) from None


def reason(error: SQLAlchemyError) -> str:
    """What the database said, in one line."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.splitlines()[0] if said else type(error).__name__


def _url(where: str | Path) -> URL:
    """The database that a URL or the path of a file names."""
    try:
        url = (
            make_url(where) if isinstance(where, str) and "://" in where else URL.create("sqlite", database=str(where))
        )
    except ArgumentError:
        raise UsageError(Problem("CR-JOURNAL-URL", values={"found": "?"})) from None
    backend = url.get_backend_name()
    is_known = url.drivername in (backend, _DRIVERS.get(backend))
    if backend not in _DRIVERS or not is_known or url.database in (None, "", ":memory:"):
        raise UsageError(Problem("CR-JOURNAL-URL", values={"found": url.drivername}))
    return url.set(drivername=_DRIVERS[backend])


def _engine(url: URL, wait: float) -> Engine:
    if url.get_backend_name() != "sqlite":
        with needing("psycopg", "postgres"):
            return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": max(2, round(wait))})
    engine = create_engine(url, connect_args={"timeout": wait})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _: object) -> None:
    """Make a new connection to SQLite durable, and leave it to us when a transaction begins."""
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _exclusive(connection: Connection) -> Transaction:
    """A transaction that will write, and so locks SQLite at once."""
    return connection.execution_options(journal_writes=True).begin()


def _begin(connection: Connection) -> None:
    """Begin a transaction of SQLite; a writer takes the lock at once, so that it can't be overtaken after it has looked."""
    writes = connection.get_execution_options().get("journal_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _is_busy(error: DBAPIError) -> bool:
    number = getattr(error.orig, "sqlite_errorcode", None)
    return (number is not None and number & 0xFF in _BUSY) or getattr(error.orig, "sqlstate", None) in _LOCK_STATES
