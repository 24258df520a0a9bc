"""The service of the examples as it is run: two workers of uvicorn over one journal, asked over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

import cadrerules as cr
from small_bureau import row

httpx = pytest.importorskip("httpx", reason="httpx isn't installed")
pytest.importorskip("uvicorn", reason="uvicorn isn't installed")
schemathesis = pytest.importorskip("schemathesis", reason="schemathesis isn't installed")
pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")

SERVICE = Path(__file__).parents[2] / "examples" / "11_service"
PLAN = cr.load_policies("market-supervision")
PROGRESS = {"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": "80.25"}
HEAD = {"person": "P1", "unit": "U1", "role": "head"}


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(journal: Path, workers: int = 2) -> Iterator[Any]:
    """The command of the README, on a port of its own; a client once it answers."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--app-dir", str(SERVICE), "--factory", "service:create_app"]
    command += ["--workers", str(workers), "--port", str(port), "--no-access-log"]
    said = journal.with_suffix(".log")
    with said.open("w") as log:
        server = subprocess.Popen(command, env=os.environ | {"CADRERULES_JOURNAL": str(journal)}, stdout=log, stderr=log)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            wait_for(client, server, said)
            yield client
    finally:
        server.terminate()
        server.wait(30)


def wait_for(client: Any, server: subprocess.Popen[bytes], said: Path) -> None:
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        try:
            assert client.get("/health").json()["status"] == "ok"
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(said.read_text())


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A service whose journal has the people and results of U1, and that it is January 2025."""
    place = tmp_path_factory.mktemp("service") / "bureau.db"
    with cr.open_journal(place, PLAN) as journal:
        monitor = cr.SharedMonitor(PLAN, journal, as_of=cr_day())
        monitor.post("staff", HEAD)
        monitor.post("results", row(unit="U1", deducted="2.5", cause="subjective"))
    with running(place) as found:
        yield found


def cr_day() -> Any:
    from datetime import date

    return date(2025, 1, 15)


def test_the_service_does_what_it_describes(client: Any) -> None:
    """Requests made up from its own description, right and wrong ones: no answer is one that the description doesn't have."""
    api = schemathesis.openapi.from_url(f"{client.base_url}/openapi.json")
    for found in api.get_all_operations():
        operation = found.ok()
        answers_as_described(operation.as_strategy())
        if operation.body:
            answers_as_described(operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))


def answers_as_described(cases: Any) -> None:
    from schemathesis.specs.openapi.checks import positive_data_acceptance as no_refusal  # a row may be refused for what it says

    @settings(max_examples=6, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(cases)
    def check(case: Any) -> None:
        case.call_and_validate(excluded_checks=[no_refusal])

    check()
