"""Settings of the whole suite, and the servers its tests may ask for."""

from __future__ import annotations

import os
from collections.abc import Iterator
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


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A real Spark session on two threads of this machine."""
    if missing := servers.missing_for_spark():
        pytest.skip(missing)
    with servers.running_spark(tmp_path_factory.mktemp("warehouse")) as session:
        yield session
