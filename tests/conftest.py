"""Settings of the whole suite, and the servers its tests may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

import servers
from cadrerules.testing.pytest_plugin import plugin_orders, policy_benchmark  # noqa: F401 - also where the plugin isn't installed

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

settings.register_profile("default", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "default")


@pytest.fixture(scope="session")
def postgres() -> Iterator[servers.Postgres]:
    """A real PostgreSQL server, new and empty."""
    pytest.importorskip("psycopg", reason="psycopg isn't installed")
    binaries = servers.postgres_binaries()
    if binaries is None:
        pytest.skip(f"PostgreSQL isn't installed: no initdb below {servers.BINARIES}")
    with servers.running_postgres(binaries) as server:
        yield server


@pytest.fixture
def postgres_journal(postgres: servers.Postgres) -> Iterator[str]:
    """Where a new journal on the PostgreSQL server is; nothing of it is kept."""
    import psycopg

    yield f"postgresql+psycopg://postgres@/{servers.PLAIN}?host={postgres.folder}"
    with psycopg.connect(host=str(postgres.folder), user="postgres", dbname=servers.PLAIN, autocommit=True) as connection:
        connection.execute("drop table if exists journal_head, journal_entries, journal_payloads, journal_rows")


@pytest.fixture(params=["sqlite", "postgres"])
def journal_place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new journal is: a file, and a database on the server."""
    pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
    return str(tmp_path / "bureau.db") if request.param == "sqlite" else request.getfixturevalue("postgres_journal")


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A real Spark session on two threads of this machine."""
    if missing := servers.missing_for_spark():
        pytest.skip(missing)
    with servers.running_spark(tmp_path_factory.mktemp("warehouse")) as session:
        yield session
