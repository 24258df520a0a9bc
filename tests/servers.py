"""Real servers for the tests, started when a test first asks: PostgreSQL of the system's package, Spark of pyspark."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

Rows = list[tuple[Any, ...]]
Run = Callable[[str], Rows]
"""The rows a statement gives, none where it gives no table."""

PLAIN = "postgres"
"""The database whose texts are ordered by code point."""
LOCALISED = "localised"
"""The database whose texts are ordered as in a Chinese dictionary: `a` before `B`, unlike by code point."""

BINARIES = "/usr/lib/postgresql"
ACCOUNT = "postgres" if os.geteuid() == 0 else None
"""Who runs the server, which refuses to run as root: the package's account, or whoever runs the tests."""
INITDB = ("--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
SETTINGS = {
    "listen_addresses": "",  # the socket in the server's own folder is the only way in
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "timezone": "UTC",
}


@dataclass(frozen=True)
class Postgres:
    """A running PostgreSQL server, reached through the socket in its folder."""

    folder: Path

    @contextmanager
    def session(self, database: str = PLAIN) -> Iterator[Run]:
        """Runs statements one after another in a schema of their own; nothing of it is kept."""
        import psycopg

        connection = psycopg.connect(host=str(self.folder), user="postgres", dbname=database)
        try:
            connection.execute("create schema scratch; set local search_path to scratch")

            def run(sql: str) -> Rows:
                cursor = connection.execute(sql.encode())
                return cursor.fetchall() if cursor.description else []

            yield run
        finally:
            connection.close()  # uncommitted, so undone

    def query(self, sql: str, setup: Sequence[str] = (), database: str = PLAIN) -> Rows:
        """The rows of one query, after statements that make its tables; nothing is kept."""
        with self.session(database) as run:
            for statement in setup:
                run(statement)
            return run(sql)


def postgres_binaries() -> Path | None:
    """The folder of the newest server installed, or none."""
    found = Path(BINARIES).glob("*/bin/initdb")
    return max((path.parent for path in found), key=lambda path: int(path.parent.name), default=None)


@contextmanager
def running_postgres(binaries: Path) -> Iterator[Postgres]:
    """A new PostgreSQL server in a temporary folder, there until the block ends."""
    with tempfile.TemporaryDirectory(prefix="pg-") as name:  # a socket's path must be short
        folder = Path(name)
        _create_cluster(binaries, folder)
        with _serving(binaries, folder):
            _create_localised(folder)
            yield Postgres(folder)


def _create_cluster(binaries: Path, folder: Path) -> None:
    if ACCOUNT:
        shutil.chown(folder, ACCOUNT, ACCOUNT)
    words = [binaries / "initdb", "-D", folder / "data", *INITDB]
    subprocess.run(words, cwd=folder, user=ACCOUNT, group=ACCOUNT, check=True, stdout=subprocess.DEVNULL)
    settings = {**SETTINGS, "unix_socket_directories": str(folder)}
    with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = '{value}'\n" for name, value in settings.items())


@contextmanager
def _serving(binaries: Path, folder: Path) -> Iterator[None]:
    """The server runs while the block does, and not on when the tests are killed."""
    words = ["setpriv", "--pdeathsig", "QUIT", binaries / "postgres", "-D", folder / "data"]
    with (
        (folder / "log.txt").open("ab") as log,
        subprocess.Popen(words, cwd=folder, user=ACCOUNT, group=ACCOUNT, stdout=log, stderr=log) as server,
    ):
        try:
            _await_start(folder, server)
            yield
        finally:
            server.send_signal(signal.SIGINT)  # the server's fast shutdown


def _await_start(folder: Path, server: subprocess.Popen[bytes]) -> None:
    import psycopg

    for _ in range(600):
        assert server.poll() is None, (folder / "log.txt").read_text(encoding="utf-8")
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname=PLAIN).close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("PostgreSQL did not start within a minute")


def _create_localised(folder: Path) -> None:
    import psycopg

    collation = "template template0 locale_provider icu icu_locale 'zh-Hans-CN'"
    with psycopg.connect(host=str(folder), user="postgres", dbname=PLAIN, autocommit=True) as connection:
        connection.execute(f"create database {LOCALISED} {collation}".encode())


SPARK_OPTIONS = {
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.log.level": "ERROR",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.shuffle.partitions": "2",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
QUICK_OPTIONS = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
}
"""For a session that asks many small questions, each once: to compile a plan takes longer than to interpret it."""
SPARK_VARIABLES = {"PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
FOREIGN = ("SPARK_HOME", "SPARK_CONF_DIR", "PYSPARK_DRIVER_PYTHON", "PYSPARK_SUBMIT_ARGS")
"""Variables that would start another Spark, or this one otherwise."""


def missing_for_spark() -> str | None:
    """Why Spark cannot start here, or nothing."""
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark isn't installed"
    if not os.environ.get("JAVA_HOME") and not shutil.which("java"):
        return "Java isn't installed"
    return None


@contextmanager
def running_spark(warehouse: Path) -> Iterator[SparkSession]:
    """A Spark session on two threads of this machine, there until the block ends; it interprets, scripts compile."""
    from pyspark.sql import SparkSession

    with pytest.MonkeyPatch.context() as patch:
        for name in FOREIGN:
            patch.delenv(name, raising=False)
        for name, value in SPARK_VARIABLES.items():
            patch.setenv(name, value)
        options = {**SPARK_OPTIONS, **QUICK_OPTIONS, "spark.sql.warehouse.dir": str(warehouse)}
        session = SparkSession.builder.master("local[2]").appName("tests").config(map=options).getOrCreate()
        try:
            yield session
        finally:
            session.stop()


def spark_submit(script: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """What a script gives that is handed to a Spark of its own, with further environment variables if need be."""
    options = [word for name, value in SPARK_OPTIONS.items() for word in ("--conf", f"{name}={value}")]
    kept = {name: value for name, value in os.environ.items() if name not in FOREIGN}
    quiet = {"PYTHONWARNINGS": "ignore"}  # spark-submit writes a script's warnings among its output
    command = [Path(sys.executable).with_name("spark-submit"), "--master", "local[2]", *options, script, *arguments]
    environment = kept | SPARK_VARIABLES | quiet | variables
    return subprocess.run(command, cwd=script.parent, env=environment, capture_output=True, text=True)
