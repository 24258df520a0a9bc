"""The service of the examples as it is run: two workers of uvicorn over one journal, asked over HTTP."""

from __future__ import annotations

import json
import os
import re
import shlex
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

import cadrerules as cr
from small_bureau import row

httpx = pytest.importorskip("httpx", reason="httpx isn't installed")
schemathesis = pytest.importorskip("schemathesis", reason="schemathesis isn't installed")
pytest.importorskip("uvicorn", reason="uvicorn isn't installed")
pytest.importorskip("fastapi", reason="FastAPI isn't installed")
pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
if TYPE_CHECKING:
    from httpx import Client, Response

ROOT = Path(__file__).parents[2]
README = (ROOT / "examples" / "11_service" / "README.md").read_text(encoding="utf-8")
PLAN = cr.load_policies("market-supervision")
DAY = date(2025, 1, 15)
PROGRESS = {"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": "80.25"}


def commands() -> list[list[str]]:
    """The commands of the README."""
    return [shlex.split(line) for line in re.findall(r"^((?:uvicorn|curl) .+)$", README, re.MULTILINE)]


@contextmanager
def running(journal: Path) -> Iterator[Client]:
    """The README's first command, on a port of its own; a client once it answers."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-m", *commands()[0], "--port", str(port), "--no-access-log"]
    env, said = os.environ | {"CADRERULES_JOURNAL": str(journal)}, journal.with_suffix(".log")
    with said.open("w") as log:
        server = subprocess.Popen(command, env=env, stdout=log, stderr=log, cwd=ROOT)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
            wait_for(client, server, said)
            yield client
    finally:
        server.terminate()
        server.wait(30)


def wait_for(client: Client, server: subprocess.Popen[bytes], said: Path) -> None:
    """Until both workers are there."""
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        if said.read_text().count("Application startup complete") == 2:
            assert client.get("/health").json()["status"] == "ok"
            return
        time.sleep(0.1)
    pytest.fail(said.read_text())


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A journal in which U1 has a head, who is barred, in January 2025."""
    place = tmp_path_factory.mktemp("service") / "bureau.db"
    with cr.open_journal(place, PLAN) as journal:
        monitor = cr.SharedMonitor(PLAN, journal, as_of=DAY)
        monitor.post("staff", {"person": "P1", "unit": "U1", "role": "head"})
        monitor.post("results", row(unit="U1", deducted="2.5", cause="subjective"))
    return place


@pytest.fixture(scope="module")
def client(place: Path) -> Iterator[Client]:
    with running(place) as found:
        yield found


def problem(answer: Response) -> tuple[int, list[str]]:
    """The status and codes of an answer that is problem details."""
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()
    assert said["status"] == answer.status_code
    assert said["title"]
    return answer.status_code, [fault["code"] for fault in said["faults"]]


def test_a_decision_is_told_explained_and_listed(client: Client) -> None:
    decision = client.get("/decisions/promotion/P1", params={"period": "2024"}).json()
    assert (decision["verdict"], decision["because"]) == ("barred_in_principle", ["assessment.bar_deduction"])
    listed = client.get("/people/P1/decisions").json()
    assert decision in listed
    assert {one["subject"]["id"] for one in listed} == {"P1"}
    assert client.get("/people/P9/decisions").json() == []
    why = client.get("/decisions/promotion/P1/explanation", params={"period": "2024", "lang": "zh"})
    assert (why.headers["content-type"], why.text.splitlines()[2]) == ("text/plain; charset=utf-8", "结论：原则上不予考虑")
    assert "Verdict: in principle not considered" in client.get("/decisions/promotion/P1/explanation").text


def test_a_fact_tells_what_follows(client: Client) -> None:
    fact = {**PROGRESS, "quarter": "2023Q1"}
    (begun,) = client.post("/facts/progress", json=fact).json()["changes"]
    assert (begun["what"], begun["old"], begun["new"]["verdict"]) == ("begins", None, "red")
    assert client.post("/facts/progress", json=fact).json() == {"changes": []}
    assert problem(client.post("/facts/progress", json={**fact, "progress": 1})) == (409, ["CR-MONITOR-OTHER-ROW"])
    assert client.put("/facts/progress", json={**fact, "progress": "81"}).json() == {"changes": []}
    assert "81" in client.get("/decisions/flag/U1/explanation", params={"period": "2023Q1"}).text


def test_the_same_call_again_counts_once(client: Client) -> None:
    fact, key = {**PROGRESS, "quarter": "2023Q2"}, {"Idempotency-Key": "one"}
    assert client.post("/facts/progress", json=fact, headers=key).json()["changes"]
    before = client.get("/health").json()["sequence"]
    assert client.post("/facts/progress", json=fact, headers=key).json() == {"changes": []}
    assert client.get("/health").json()["sequence"] == before
    other = client.post("/facts/progress", json={**fact, "progress": 3}, headers=key)
    assert problem(other) == (409, ["CR-JOURNAL-ID-REUSED"])


def test_what_is_wrong_is_said_in_the_client_s_language(client: Client) -> None:
    bad = {**PROGRESS, "quarter": "2024Q5", "progress": -1}
    assert problem(client.post("/facts/progress", json=bad)) == (422, ["CR-NOT-A-PERIOD", "CR-TOO-LOW"])
    said = client.post("/facts/progress", json=bad, headers={"Accept-Language": "zh-CN,zh;q=0.9"}).json()
    assert (said["type"], said["faults"][0]["place"]) == ("/errors/CR-NOT-A-PERIOD", "progress，列“quarter”")
    assert said["faults"][0]["message"] == "“2024Q5”不是季度"
    meaning = client.get(said["type"]).json()
    assert (meaning["code"], said["title"]) == ("CR-NOT-A-PERIOD", meaning["zh"])
    page = (ROOT / "docs" / "how-to" / "embed.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    assert client.post("/facts/progress", json={**PROGRESS, "progress": -1}).json() == json.loads(shown)
    assert problem(client.get("/decisions/flag/U9")) == (404, ["CR-NO-DECISION"])
    assert problem(client.post("/day", json={"day": "2024-01-01"})) == (409, ["CR-MONITOR-BACK"])
    assert problem(client.post("/day", json={})) == (422, [])
    assert problem(client.get("/errors/CR-NOTHING")) == (404, [])
    assert problem(client.get("/nothing")) == (404, [])


def test_a_day_that_has_come_is_told_to_all_workers(client: Client) -> None:
    assert client.post("/day", json={"day": "2025-01-16"}).json() == {"changes": []}
    assert {client.get("/health", headers={"Connection": "close"}).json()["as_of"] for _ in range(10)} == {"2025-01-16"}


def test_the_commands_of_the_readme_do_what_it_says(client: Client) -> None:
    _, post, why = commands()
    url, body = post[3].removeprefix("http://127.0.0.1:8000"), post[-1]
    told = client.post(url, content=body, headers={"Content-Type": "application/json"}).json()
    assert [change["new"]["verdict"] for change in told["changes"]] == ["red"]
    assert "结论：红旗" in client.get(why[1].removeprefix("http://127.0.0.1:8000")).text


def test_many_clients_of_two_workers_lose_nothing(client: Client, place: Path) -> None:
    """Eight clients post and correct at once; both workers know all of it, and the journal is whole."""
    quarters = [f"{year}Q{n}" for year in (2021, 2022) for n in (1, 2, 3)]

    def work(unit: str) -> list[int]:
        statuses = []
        with httpx.Client(base_url=client.base_url, timeout=60, headers={"Connection": "close"}) as own:  # any worker
            for quarter in quarters:
                fact = {**PROGRESS, "unit": unit, "quarter": quarter}
                statuses.append(own.post("/facts/progress", json=fact, headers={"Idempotency-Key": f"{unit}/{quarter}"}).status_code)
                statuses.append(own.put("/facts/progress", json={**fact, "progress": "95"}).status_code)
        return statuses

    before = client.get("/health").json()["sequence"]
    with ThreadPoolExecutor(8) as pool:
        answers = [status for statuses in pool.map(work, [f"M{n}" for n in range(8)]) for status in statuses]
    assert answers == [200] * 8 * 2 * len(quarters)
    with cr.open_journal(place, PLAN) as journal:
        assert journal.head().sequence == before + len(answers)
        assert journal.check() == []
        rows = [one for one in journal.facts()["progress"] if one["unit"].startswith("M")]
        whole = PLAN.evaluate(cr.read_tables(journal.facts(), PLAN), as_of=date(2025, 1, 16))
    assert sorted((one["unit"], one["quarter"], one["progress"]) for one in rows) == sorted(
        (f"M{n}", quarter, 95) for n in range(8) for quarter in quarters
    )
    flags = [d.model_dump(mode="json") for d in whole.decisions if (d.question, d.subject.id) == ("flag", "M0")]
    assert len(flags) == len(quarters)
    for _ in range(4):  # whichever worker answers
        for flag in flags[:2]:
            url = f"/decisions/flag/M0?period={flag['period']}"
            assert client.get(url, headers={"Connection": "close"}).json() == flag


def test_the_service_does_what_it_describes(client: Client) -> None:
    """Requests made up from its own description, right and wrong ones: no answer is one that the description doesn't have."""
    for found in schemathesis.openapi.from_url(f"{client.base_url}/openapi.json").get_all_operations():
        operation = found.ok()
        answers_as_described(operation.as_strategy())
        if operation.body:
            answers_as_described(operation.as_strategy(generation_mode=schemathesis.GenerationMode.NEGATIVE))


def answers_as_described(cases: Any) -> None:
    from schemathesis.specs.openapi.checks import positive_data_acceptance  # a row may be refused for what it says

    @settings(max_examples=6, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(cases)
    def check(case: Any) -> None:
        case.call_and_validate(excluded_checks=[positive_data_acceptance])

    check()
