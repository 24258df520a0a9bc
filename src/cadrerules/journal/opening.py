"""Opens a journal, with the packages that it needs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ..load.files import needing
from ..plan import Plan
from ..reading import load_policies

if TYPE_CHECKING:
    from .journal import Journal


def _now() -> datetime:
    return datetime.now(UTC)


def open_journal(
    where: str | Path,
    plan: Plan | str | Path | None = None,
    *,
    group_by: str = "",
    wait: float = 30,
    clock: Callable[[], datetime] = _now,
) -> Journal:
    """The journal in a database, made where there is none yet: a file of SQLite, or `postgresql+psycopg://...`.

    With a plan, rows are checked by its tables before they are written, its hash is in every entry, and the key of a
    row is known; `group_by` names a grouping column, as for `read_tables`. `wait` is how many seconds an append waits for others. `clock`
    tells the time; where it goes back, an entry has the time of the one before. Needs the extra `journal`.

    Raises `UsageError` for a URL that names no such database, a later format and a missing extra, and `DataError` where the
    database can't be opened. Nothing is ever repaired: `Journal.check` tells what is wrong.

    >>> import tempfile, cadrerules as cr
    >>> with cr.open_journal(tempfile.mkdtemp() + "/bureau.db", "market-supervision") as journal:
    ...     _ = journal.post("units", {"unit": "U01"}, id="first")
    ...     journal.post("units", {"unit": "U01"}, id="first").sequence, journal.facts()
    (1, {'units': [{'name': None, 'unit': 'U01'}]})
    """
    with needing("sqlalchemy", "journal"):
        from .database import Database
        from .journal import Journal
    chosen = plan if plan is None or isinstance(plan, Plan) else load_policies(plan)
    return Journal(Database(where, wait), chosen, group_by, clock)
