"""Every public object shared by eight threads: each gets the answer that one thread alone gets, and nothing posted is lost."""

from __future__ import annotations

import gc
import itertools
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest

import cadrerules as cr
from cadrerules.language.parse import parse
from cadrerules.load import installed
from cadrerules.model.facts import FactTables
from cadrerules.monitor.journal import MemoryJournal

THREADS = 8
DAY = date(2025, 1, 15)
PLAN = cr.load_policies("market-supervision")
BUREAU = Path(__file__).parents[2] / "examples" / "bureau"
FEW = ["assessment", "board"]
KEY = b"a secret of more than sixteen bytes"
Found = TypeVar("Found")


@pytest.fixture(autouse=True)
def _switching_often() -> Iterator[None]:
    """Threads take turns a hundred times as often as usual."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(before / 100)
    yield
    sys.setswitchinterval(before)


@pytest.fixture(scope="module")
def facts() -> FactTables:
    return cr.read_tables(BUREAU, PLAN)


def at_once(work: Callable[[int], Found]) -> list[Found]:
    """What the work gives in each of the threads, which begin together; it is told the thread's number."""
    ready = threading.Barrier(THREADS)

    def begin(number: int) -> Found:
        ready.wait(30)
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(begin, range(THREADS)))


def fresh() -> cr.Plan:
    """A plan of which nothing has been computed yet."""
    installed._read.cache_clear()
    return cr.load_policies("market-supervision")


def told(result: cr.Result) -> list[Any]:
    return [d.model_dump() for d in result.decisions]


def test_plans_are_loaded_and_tables_read(facts: FactTables) -> None:
    installed._read.cache_clear()
    assert {cr.load_policies("market-supervision").hash for _ in at_once(lambda _: None)} == {PLAN.hash}
    installed._read.cache_clear()
    found = at_once(lambda _: (cr.load_policies("market-supervision").hash, cr.read_tables(BUREAU, PLAN).rows))
    assert found == [(PLAN.hash, facts.rows)] * THREADS


@pytest.fixture
def _collecting_often() -> Iterator[None]:
    """Garbage is collected all the time, and whoever looks on lets other threads go first."""
    before = gc.get_threshold()
    gc.callbacks.append(_let_others_go)
    gc.set_threshold(50)
    yield
    gc.set_threshold(*before)
    gc.callbacks.remove(_let_others_go)


def _let_others_go(*_: object) -> None:
    time.sleep(0)


@pytest.mark.usefixtures("_collecting_often")
def test_expressions_are_parsed() -> None:
    """Python's own parser can't be left to several threads: one that is stopped in 3.11 then raises `SystemError`."""
    texts = [f"count(a.x == {n} and a.y in [{n}, 2.5] and first <= a.done_on <= last) > {n}" for n in range(10)]
    want = [parse(text) for text in texts]
    assert at_once(lambda _: [parse(text) for text in texts]) == [want] * THREADS


def test_a_plan_is_asked_before_it_has_answered_anybody(facts: FactTables) -> None:
    want = told(PLAN.evaluate(facts, as_of=DAY, policies=FEW, engine="scalar"))
    plan = fresh()
    assert at_once(lambda _: told(plan.evaluate(facts, as_of=DAY, policies=FEW, engine="scalar"))) == [want] * THREADS
    plan = fresh()
    alike = (PLAN.requires("promotion"), sorted(PLAN.rules), len(PLAN.clauses.entries), PLAN.amend({"board.red_to": 3}).hash)
    found = at_once(
        lambda _: (plan.requires("promotion"), sorted(plan.rules), len(plan.clauses.entries), plan.amend({"board.red_to": 3}).hash)
    )
    assert found == [alike] * THREADS


def test_plans_amended_from_one_don_t_mix(facts: FactTables) -> None:
    def red(number: int) -> int:
        amended = plan.amend(params={"board.red_to": number + 1})
        found = amended.evaluate(facts, as_of=DAY, policies=["board"], engine="scalar").decisions
        return sum(d.verdict == "red" for d in found)

    plan = PLAN
    alone = [red(number) for number in range(THREADS)]
    assert len(set(alone)) == THREADS
    plan = fresh()
    assert at_once(red) == alone


def test_a_result_explains_itself(facts: FactTables) -> None:
    """Traces, ways out and reports are made when they are asked for, from what the evaluation left."""
    pytest.importorskip("pyarrow", reason="pyarrow isn't installed")
    pytest.importorskip("jinja2", reason="jinja2 isn't installed")

    def asked(result: cr.Result, number: int) -> list[Any]:
        some = [d.explain(("en", "zh")[number % 2]) for d in result.decisions[number % 2 :: 20]]
        open_one = [d for d in result.decisions if d.status == "undetermined"][number % 3]
        return [*some, open_one.outlook(), open_one.receipt(), result.report("discretion", format="text"), result.to_frame("findings", "pyarrow")]

    def evaluated(plan: cr.Plan) -> cr.Result:
        return plan.evaluate(facts, as_of=DAY, policies=FEW, engine="scalar")

    alone = evaluated(PLAN)
    want = [asked(alone, number) for number in range(THREADS)]
    shared = evaluated(fresh())
    assert at_once(lambda number: asked(shared, number)) == want
    traces = [finding.explain() for finding in alone.findings[::12]]
    shared = evaluated(PLAN)
    assert at_once(lambda _: [finding.explain() for finding in shared.findings[::12]]) == [traces] * THREADS


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_tables_in_columns_and_their_results(engine: str, facts: FactTables) -> None:
    pytest.importorskip("polars", reason="polars isn't installed")
    pytest.importorskip("duckdb", reason="duckdb isn't installed")

    def scanned() -> cr.ColumnarTables:
        return cr.scan_tables({name: frame(facts[name]) for name in ("units", "progress", "style")}, PLAN)

    def evaluated(tables: cr.ColumnarTables) -> cr.Result:
        return PLAN.evaluate(tables, as_of=DAY, policies=["board"], engine=engine)

    def asked(result: cr.Result) -> Any:
        rows = result.to_frame("decisions", "polars").sort("id").drop("missing", "parameters").to_dicts()
        return rows, result.decisions[3].explain("zh"), sorted(map(str, told(result)))

    want, tables = asked(evaluated(scanned())), scanned()
    if engine == "polars":
        assert at_once(lambda _: asked(evaluated(tables))) == [want] * THREADS
    shared = evaluated(tables)
    assert at_once(lambda _: asked(shared)) == [want] * THREADS


def frame(rows: Any) -> Any:
    import polars as pl

    cells = [{name: None if cell is None else str(cell) for name, cell in row.items()} for row in rows]
    return pl.DataFrame(cells, schema=dict.fromkeys(rows[0], pl.String))


def test_compiled_and_traced_policies() -> None:
    policy = PLAN.policy("assessment")
    alone, shared, traced = policy.compile(as_of=DAY), policy.compile(as_of=DAY), policy.traced(as_of=DAY)
    values = {"deducted": (Decimal("1.5"), Decimal("2.5"), None), "completed": (True, False, None), "cause": ("subjective", "objective", None)}
    rows = [
        dict.fromkeys(alone.inputs) | dict(zip(values, cells, strict=True)) for cells in itertools.product(*values.values())
    ]
    want = [alone(row) for row in rows]
    assert len({str(truths) for truths in want}) > 2
    assert at_once(lambda _: [shared(row) for row in rows]) == [want] * THREADS
    truths = [traced(row).truths for row in rows]
    assert at_once(lambda _: [traced(row).truths for row in rows]) == [truths] * THREADS


def test_a_monitor_loses_no_fact() -> None:
    journal, heard = MemoryJournal(), list[cr.Change]()
    monitor = PLAN.monitor(journal, as_of=DAY, policies=["board"], on_change=heard.extend)
    quarters = [f"{year}Q{n}" for year in (2023, 2024) for n in (1, 2, 3)]

    def post(number: int) -> list[str]:
        for quarter in quarters:
            fact = {"quarter": quarter, "unit": f"U{number}", "indicator": "I1", "progress": 50}
            monitor.post("progress", fact)
            monitor.correct("progress", fact | {"progress": 60 + number})
            assert any(d.subject.id == f"U{number}" and d.period == quarter for d in monitor.decisions)
        monitor.retract("progress", (quarters[-1], f"U{number}", "I1"))
        return [d.id for d in monitor.result().decisions if d.subject.id == f"U{number}" and d.question == "flag"]

    assert at_once(post) == [[f"flag/U{n}/{quarter}" for quarter in quarters[:-1]] for n in range(THREADS)]
    assert len(monitor.facts["progress"]) == THREADS * 5
    assert len(journal.kept) == 1 + THREADS * 13
    assert [d.model_dump() for d in monitor.decisions] == told(monitor.result())
    begun = [c.about.id for c in heard if isinstance(c.about, cr.Decision) and c.what == "begins"]
    assert {f"flag/U{n}/{quarter}" for n in range(THREADS) for quarter in quarters} <= set(begun)
    again = cr.Monitor.resume(PLAN, journal, policies=["board"])
    assert [d.model_dump() for d in again.decisions] == told(monitor.result())


def test_a_journal_loses_no_entry(tmp_path: Path) -> None:
    pytest.importorskip("sqlalchemy", reason="SQLAlchemy isn't installed")
    with cr.open_journal(tmp_path / "facts.db", PLAN) as journal:
        entries = at_once(lambda number: [journal.post("units", {"unit": f"U{number}-{n}"}).sequence for n in range(4)])
        assert sorted(n for some in entries for n in some) == list(range(1, THREADS * 4 + 1))
        assert len(journal.facts()["units"]) == THREADS * 4
        assert at_once(lambda _: len(journal.check())) == [0] * THREADS


def test_simulations_and_pseudonyms(facts: FactTables) -> None:
    def asked(_: int) -> Any:
        swept = cr.sweep(PLAN, facts, ["board.red_to=3..4"], as_of=DAY, engine="scalar")
        compared = cr.compare(PLAN, facts, PLAN.amend({"assessment.bar_to": 4}), as_of=DAY, engine="scalar", attribute=False)
        hidden = cr.pseudonymise(facts, KEY)
        return [p.counts for p in swept.points], compared.to_dict(), hidden.rows["staff"], cr.pseudonym("P1", KEY)

    want = asked(0)
    with ThreadPoolExecutor(2) as pool:  # these take long: two are at it at once
        assert list(pool.map(asked, range(2))) == [want, want]


def test_proofs_wait_for_each_other() -> None:
    pytest.importorskip("z3", reason="z3 isn't installed")
    from cadrerules.verify import difference

    def asked(number: int) -> list[tuple[str, str]]:
        changed = PLAN.amend(params={"board.red_to": 6 + number % 2})
        return [(d.question, d.answer) for d in difference(PLAN, changed, ["board"], ["flag"])]

    alone = [asked(number) for number in range(2)]
    assert alone[0] != alone[1]
    with ThreadPoolExecutor(4) as pool:  # each takes a second
        assert list(pool.map(asked, range(4))) == alone * 2


@pytest.mark.parametrize("name", cr.__all__)
def test_every_public_name_stands_in_the_table_of_threads(name: str) -> None:
    page = (Path(__file__).parents[2] / "docs" / "explanation" / "threads.md").read_text(encoding="utf-8")
    table = [line for line in page.splitlines() if line.startswith("| ")]
    assert any(re.search(rf"`{name}\b", line.split("|")[1]) for line in table)
