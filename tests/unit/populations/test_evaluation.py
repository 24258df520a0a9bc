"""Populations in columns: frames come back as they were given, files are written in parts, and `auto` chooses."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import cadrerules as cr
from cadrerules import cli
from cadrerules.cli import options
from cadrerules.hookspecs import hookimpl
from cadrerules.populations import evaluation as populations
from cadrerules.populations import holding, results
from cadrerules.populations.scan import Scanned
from cadrerules.report.frames import arrow_schema, polars_types
from cadrerules.report.tables import columns

DAY = date(2025, 1, 15)
PLAN = cr.load_policies("market-supervision")
TRACED = ("missing", "parameters")
"""Columns that only the scalar engine fills where something is undetermined."""


def tables(bureaus: int = 5) -> dict[str, pl.DataFrame]:
    """Bureaus whose units have the same ids; now and then a cell is empty."""
    places = [(f"B{b}", f"2024Q{q}", f"U{u:02}") for b in range(bureaus) for q in (1, 2, 3) for u in range(1, 13)]
    progress = {
        "bureau": [b for b, _, _ in places],
        "quarter": [q for _, q, _ in places],
        "unit": [u for _, _, u in places],
        "indicator": ["I1"] * len(places),
        "progress": [None if at % 41 == 40 else float(at * 7 % 30) for at in range(len(places))],
    }
    waiver = {"rule": "board.interview", "subject": "U01", "period": "2024Q1", "authority": "局党组", "reason": "另有说明", "decided_on": "2025-01-10"}
    dispute = {"table": "progress", "key": "2024Q1/U03/I1", "column": "progress", "raised_on": "2024-04-01"}
    return {
        "progress": pl.DataFrame(progress),
        "style": pl.DataFrame(progress).select("bureau", "quarter", "unit", style=pl.lit("good")).unique(maintain_order=True),
        "waivers": pl.DataFrame({"bureau": ["B1"], **waiver}),
        "disputes": pl.DataFrame({"bureau": ["B2"], **dispute}),
    }


GIVEN: Mapping[str, tuple[Callable[[pl.DataFrame], Any], type]] = {
    "polars": (lambda frame: frame, pl.DataFrame),
    "lazy": (lambda frame: frame.lazy(), pl.LazyFrame),
    "pandas": (lambda frame: frame.to_pandas(), pd.DataFrame),
    "pyarrow": (lambda frame: frame.to_arrow(), pa.Table),
    "duckdb": (lambda frame: duckdb.from_arrow(frame.to_arrow()), duckdb.DuckDBPyRelation),
}


def rows_of(frame: Any) -> list[dict[str, Any]]:
    """The rows of a frame of any kind."""
    if isinstance(frame, pd.DataFrame):
        return [{n: None if c is pd.NA else c for n, c in row.items()} for row in frame.to_dict("records")]
    if isinstance(frame, pa.Table):
        return frame.to_pylist()  # type: ignore[no-any-return]
    frame = frame.pl() if isinstance(frame, duckdb.DuckDBPyRelation) else frame.lazy().collect()
    return frame.to_dicts()  # type: ignore[no-any-return]


def sorted_rows(frame: Any) -> list[dict[str, Any]]:
    """The rows in one order, without what only the scalar engine traces."""
    plain = [{name: cell for name, cell in row.items() if name not in TRACED} for row in rows_of(frame)]
    return sorted(plain, key=repr)


def scanned(kind: str = "polars", **more: Any) -> Scanned:
    given = {name: GIVEN[kind][0](frame) for name, frame in tables().items()}
    found = cr.scan_tables(given, PLAN, group_by="bureau", **more)
    assert isinstance(found, Scanned)
    return found


@pytest.fixture(scope="module")
def scalar() -> cr.Result:
    return PLAN.evaluate(tables(), as_of=DAY, policies=["board"], engine="scalar", group_by="bureau")


# --- frames -------------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ["polars", "duckdb", "scalar"])
@pytest.mark.parametrize("kind", GIVEN)
def test_a_frame_is_given_back_as_the_kind_that_was_given(scalar: cr.Result, kind: str, engine: str) -> None:
    result = PLAN.evaluate(scanned(kind), as_of=DAY, policies=["board"], engine=engine)
    for name in ("decisions", "findings"):
        frame = result.to_frame(name)
        assert isinstance(frame, GIVEN[kind][1])
        assert sorted_rows(frame) == sorted_rows(scalar.to_frame(name, "polars"))
    assert isinstance(result.to_frame("not_evaluated"), GIVEN[kind][1])
    assert isinstance(result.to_frame("decisions", "pyarrow"), pa.Table)


def test_what_undetermined_ones_wait_for_is_null_where_it_is_not_traced(scalar: cr.Result) -> None:
    result = PLAN.evaluate(scanned(), as_of=DAY, policies=["board"], engine="polars")
    for name, fields in (("decisions", TRACED), ("findings", TRACED[:1])):
        for row in rows_of(result.to_frame(name)):
            for field in fields:
                assert row[field] == (None if row["status"] == "undetermined" else [])
    assert any(decision.missing for decision in result.decisions)
    assert [d.model_dump() for d in result.decisions] == [d.model_dump() for d in scalar.decisions]


@pytest.mark.parametrize("name", ["decisions", "findings", "not_evaluated"])
@pytest.mark.parametrize("engine", ["polars", "duckdb", "scalar"])
def test_frames_have_one_schema_whatever_the_engine(engine: str, name: str) -> None:
    shown = columns(name, "bureau")
    for policies in (["board"], []):
        result = PLAN.evaluate(scanned(), as_of=DAY, policies=policies, engine=engine)
        assert dict(result.to_frame(name, "polars").schema) == polars_types(shown)
        assert list(result.to_frame(name, "lazy").collect_schema()) == [column.name for column in shown]
        assert result.to_frame(name, "pyarrow").schema == arrow_schema(shown)
        assert result.to_frame(name, "duckdb").columns == [column.name for column in shown]
    one = PLAN.evaluate(scanned(), as_of=DAY, policies=["board"], engine="scalar").to_frame(name, "pandas")
    other = PLAN.evaluate(scanned(), as_of=DAY, policies=["board"], engine=engine).to_frame(name, "pandas")
    assert one.dtypes.to_dict() == other.dtypes.to_dict()


def test_frames_of_several_kinds_rows_and_files_come_back_as_polars(tmp_path: Path) -> None:
    units = pl.DataFrame({"unit": ["U1"]})
    waivers = tables()["waivers"].drop("bureau")
    for source in ({"units": units.to_pandas(), "waivers": waivers}, {"units": [{"unit": "U1"}]}):
        assert cr.read_tables(source, PLAN).kind == cr.scan_tables(source, PLAN).kind == "polars"
    mixed = {"units": units.to_pandas(), "waivers": []}
    assert cr.read_tables(mixed, PLAN).kind == cr.scan_tables(mixed, PLAN).kind == "pandas"
    units.write_parquet(tmp_path / "units.parquet")
    assert cr.read_tables(tmp_path, PLAN).kind == cr.scan_tables(tmp_path, PLAN).kind == "polars"
    evaluated = PLAN.evaluate({"units": units.to_arrow()}, as_of=DAY, policies=[])
    assert isinstance(evaluated.to_frame(), pa.Table)


def test_a_kind_that_there_is_not_is_refused_before_any_work() -> None:
    result = PLAN.evaluate(scanned(), as_of=DAY, policies=["board"], engine="polars")
    for name, kind in (("decisions", "numpy"), ("decision", "polars")):
        with pytest.raises(cr.UsageError) as caught:
            result.to_frame(name, kind)
        assert caught.value.code == "CR-NOT-AN-OPTION"


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("rows", [1, 40, 200, 10**6])
@pytest.mark.parametrize("name", ["decisions", "findings"])
def test_batches_give_the_same_rows_as_all_at_once(
    scalar: cr.Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, name: str
) -> None:
    monkeypatch.setattr(holding, "BATCH_ROWS", rows)
    told: list[tuple[int, int]] = []
    result = PLAN.evaluate(scanned(), as_of=DAY, policies=["board"], engine="polars")
    count = result.write_parquet(tmp_path / "out.parquet", name, lambda _, done, of: told.append((done, of)))
    written = pq.read_table(tmp_path / "out.parquet")
    assert written.schema == arrow_schema(columns(name, "bureau"))
    assert sorted_rows(written) == sorted_rows(scalar.to_frame(name, "polars"))
    assert count == len(written)
    assert [done for done, _ in told] == sorted({done for done, _ in told})
    assert told[-1] == (5 * 72 + 2, 5 * 72 + 2)
    assert len(told) == (1 if rows == 10**6 else 2 if rows == 200 else 5)


def test_a_file_is_written_also_for_no_rows(tmp_path: Path) -> None:
    empty = {name: frame.head(0) for name, frame in tables().items()}
    for given, policies in ((scanned(), []), (cr.scan_tables(empty, PLAN, group_by="bureau"), ["board"])):
        result = PLAN.evaluate(given, as_of=DAY, policies=policies, engine="polars")
        assert result.write_parquet(tmp_path / "out.parquet") == 0
        assert pq.read_table(tmp_path / "out.parquet").schema == arrow_schema(columns("decisions", "bureau"))


def test_the_scalar_engine_writes_the_same_columns(scalar: cr.Result, tmp_path: Path) -> None:
    assert scalar.write_parquet(tmp_path / "out.parquet") == len(scalar.decisions)
    assert pq.read_table(tmp_path / "out.parquet").schema == arrow_schema(columns("decisions", "bureau"))


# --- the command line ---------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    for name, frame in tables().items():
        frame.write_parquet(data / f"{name}.parquet")
    return data


def run(folder: Path, out: Path, *more: str) -> int:
    asked = ["evaluate", str(folder), "--group-by", "bureau", "--format", "parquet", "--out", str(out), "--policy", "board"]
    with pytest.raises(SystemExit) as left:
        cli.main([*asked, "--as-of", "2025-01-15", "--lang", "en", *more])
    return int(left.value.code or 0)


def test_the_command_writes_one_file(scalar: cr.Result, folder: Path) -> None:
    out = folder.parent / "out.parquet"
    assert run(folder, out, "--engine", "polars") == 0
    assert sorted_rows(pq.read_table(out)) == sorted_rows(scalar.to_frame("decisions", "polars"))
    assert run(folder, out, "--engine", "polars", "--group", "B1") == 0
    alone = scalar.to_frame("decisions", "polars").filter(pl.col("bureau") == "B1")
    assert sorted_rows(pq.read_table(out)) == sorted_rows(alone)
    assert run(folder, out, "--engine", "polars", "--group", "B9") == 2
    assert sorted_rows(pq.read_table(out)) == sorted_rows(alone)


def test_a_failure_leaves_no_half_file(folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(holding, "BATCH_ROWS", 1)
    once = results.evaluate_columns
    calls: list[int] = []

    def failing(*asked: Any) -> Any:
        calls.append(1)
        if len(calls) == 4:
            raise cr.UsageError(cr.errors.Problem("CR-UNREADABLE"))
        return once(*asked)

    monkeypatch.setattr(results, "evaluate_columns", failing)
    assert run(folder, folder.parent / "out.parquet", "--engine", "polars") == 2
    assert [path.name for path in folder.parent.iterdir()] == ["data"]
    assert "Traceback" not in capfd.readouterr().err


def test_tables_that_are_folders_can_be_read_whatever_the_engine(scalar: cr.Result, folder: Path) -> None:
    for name, frame in tables().items():
        (folder / f"{name}.parquet").unlink()
        frame.write_parquet(folder / name, partition_by="bureau", mkdir=True)
    for engine in ("auto", "scalar", "polars"):
        assert run(folder, folder.parent / "out.parquet", "--engine", engine) == 0
        assert sorted_rows(pq.read_table(folder.parent / "out.parquet")) == sorted_rows(scalar.to_frame("decisions", "polars"))


def test_which_folders_stay_in_columns(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stays() -> list[str]:
        return [engine for engine in ("auto", "scalar", "polars", "duckdb") if options.stays_in_columns(folder, engine)]

    (folder / "README.md").write_text("x")
    assert stays() == ["polars", "duckdb"]
    monkeypatch.setattr(holding, "FEW_ROWS", 100)
    assert stays() == ["auto", "polars", "duckdb"]
    (folder / "units.csv").write_text("unit\nU01\n")
    assert stays() == []
    assert not options.stays_in_columns(folder / "units.csv", "polars")


# --- auto ---------------------------------------------------------------------------------------


def test_auto_takes_polars_for_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    few, columns = cr.read_tables(tables(3), PLAN, group_by="bureau"), scanned()
    assert populations.chosen_engine(few, "auto", PLAN) == populations.chosen_engine(columns, "auto", PLAN) == "scalar"
    assert populations.chosen_engine(few, "duckdb", PLAN) == "duckdb"
    for held, rows in ((few, sum(map(len, few.rows.values()))), (columns, columns.rows)):
        monkeypatch.setattr(holding, "FEW_ROWS", rows)
        assert populations.chosen_engine(held, "auto", PLAN) == "scalar"
        monkeypatch.setattr(holding, "FEW_ROWS", rows - 1)
        assert populations.chosen_engine(held, "auto", PLAN) == "polars"
    monkeypatch.setattr(holding, "find_spec", lambda _: None)
    assert populations.chosen_engine(few, "auto", PLAN) == "scalar"


def test_auto_asks_the_scalar_engine_for_what_polars_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "FEW_ROWS", 0)
    dense = PLAN.amend(interpretations={"board.ties": "dense"})
    open_score = {"progress": pl.DataFrame({"quarter": ["2024Q1"] * 2, "unit": ["U1", "U2"], "indicator": ["I1", "I2"], "progress": [0.5, None]})}
    with pytest.raises(cr.UsageError, match="CR-ENGINE-CANNOT"):
        dense.evaluate(cr.scan_tables(open_score, dense), as_of=DAY, policies=["board"], engine="polars")
    found = dense.evaluate(cr.scan_tables(open_score, dense), as_of=DAY, policies=["board"])
    assert [decision.verdict for decision in found.decisions] == ["red", "red"]


def test_auto_takes_the_scalar_engine_where_a_plugin_computes_findings() -> None:
    class Findings:
        @hookimpl
        def cadrerules_findings(self, facts: Any, as_of: date) -> list[Any]:
            return []

    plugins = cr.plugin_manager()
    plugins.register(Findings())
    plan = cr.load_policies("market-supervision", plugins=plugins)
    assert populations.chosen_engine(scanned(), "auto", plan) == "scalar"
    assert plan.evaluate(scanned(), as_of=DAY, policies=["board"]).decisions
    with pytest.raises(cr.UsageError) as caught:
        plan.evaluate(scanned(), as_of=DAY, policies=["board"], engine="polars")
    assert caught.value.code == "CR-ENGINE-CANNOT"


@pytest.mark.parametrize(("engine", "module", "extra"), [("duckdb", "duckdb", "frames"), ("spark", "pyspark", "spark"), ("polars", "polars", "frames")])
def test_an_engine_that_is_not_installed_is_told_with_its_extra(engine: str, module: str, extra: str, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = cr.read_tables(tables(3), PLAN, group_by="bureau")
    for name in [name for name in sys.modules if name.startswith(f"cadrerules.engines.{engine}")]:
        monkeypatch.delitem(sys.modules, name)
    for name in [name for name in sys.modules if name == module or name.startswith(f"{module}.")]:
        monkeypatch.setitem(sys.modules, name, None)
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(cr.UsageError) as caught:
        PLAN.evaluate(facts, as_of=DAY, engine=engine)
    assert caught.value.code == "CR-EXTRA-MISSING"
    assert extra in str(caught.value)


def test_waivers_of_all_organisations_are_spoken_of_as_by_the_scalar_engine() -> None:
    plan = cr.load_policies("market-supervision")

    def waiver(bureau: str, rule: str) -> dict[str, Any]:
        return {"bureau": bureau, "rule": rule, "subject": "P1", "period": "2024", "authority": "A", "reason": "r", "decided_on": "2024-12-01"}

    def tables(*rules: str) -> dict[str, Any]:
        units = [{"bureau": f"B{n}", "unit": "U1"} for n in range(len(rules))]
        return {"units": units, "waivers": [waiver(f"B{n}", rule) for n, rule in enumerate(rules)]}

    def told(engine: str, *rules: str) -> Any:
        return plan.evaluate(tables(*rules), as_of=date(2025, 1, 15), engine=engine, group_by="bureau").warnings

    idle = ("assessment.excellent_unit", "assessment.excellent_unit")
    assert told("polars", *idle) == told("scalar", *idle)
    assert [w["en"][:4] for w in told("polars", *idle)] == ["B0: ", "B1: "]
    reports = []
    for engine in ("scalar", "polars"):
        with pytest.raises(cr.DataError) as refused:
            told(engine, "no.rule", "no.other")
        reports.append(refused.value.report())
    assert reports[0] == reports[1]
    assert "B0" in reports[0]
    assert "B1" in reports[0]
