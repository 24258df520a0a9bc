"""The job for `spark-submit` gives what the scalar engine gives, without Python on the workers."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from populations.nation import write
from populations.shape import Nation

import cadrerules as cr
import servers
from cadrerules import spark_job

pytestmark = pytest.mark.spark

JOB = Path(spark_job.__file__)
GIVEN = ("--policies", "market-supervision", "--group-by", "bureau", "--as-of", "2025-01-15")
VARIABLES = {"PYSPARK_DRIVER_PYTHON": sys.executable, "PYSPARK_PYTHON": "/bin/false", "PYTHONPATH": ":".join(filter(None, sys.path))}
"""A worker that wanted Python would fail."""


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    if missing := servers.missing_for_spark():
        pytest.skip(missing)
    return write(Nation(organisations=3, holes=0.01), tmp_path_factory.mktemp("nation"))


def told(done: subprocess.CompletedProcess[str]) -> str:
    """What the job says; spark-submit writes all of it to standard output."""
    return done.stdout + done.stderr


def check(nation: Path, out: Path, amended: cr.Plan, policies: list[str] | None, *arguments: str) -> None:
    done = servers.spark_submit(JOB, str(nation), "--out", str(out), *GIVEN, *arguments, **VARIABLES)
    assert done.returncode == 0, done.stderr
    facts = cr.read_tables(nation, amended, group_by="bureau")
    result = amended.evaluate(facts, as_of=date(2025, 1, 15), policies=policies, engine="scalar")
    for name, key in (("decisions", ["bureau", "id"]), ("findings", ["bureau", "rule", "outcome", "subject", "period"])):
        wanted = result.to_frame(name).drop("missing", "parameters", strict=False)
        found = pl.read_parquet(out / name / "*.parquet").select(wanted.columns)
        assert wanted.height
        assert f"{name} ({wanted.height:,})" in told(done)
        assert_frame_equal(found.sort(key), wanted.sort(key), check_dtypes=False)
    again = servers.spark_submit(JOB, str(nation), "--out", str(out), *GIVEN, *arguments, **VARIABLES)
    assert again.returncode == 2
    assert "CR-CANT-WRITE" in told(again)


@pytest.mark.slow
def test_some_policies_amended(nation: Path, tmp_path: Path) -> None:
    plan = cr.load_policies("market-supervision")
    readings = {n: i for n, i in plan.interpretations.items() if n.startswith(("training.", "rectification."))}
    name, other = next((n, word) for n, i in readings.items() for word in i.doc.words if word != i.doc.default)
    amended = plan.amend(interpretations={name: other})
    chosen = ("--policy", "rectification", "--policy", "training", "--interpret", f"{name}={other}")
    check(nation, tmp_path / "out", amended, ["rectification", "training"], *chosen)


@pytest.mark.slow
def test_the_whole_plan(nation: Path, tmp_path: Path) -> None:
    check(nation, tmp_path / "out", cr.load_policies("market-supervision"), None)


def test_what_is_wrong_is_told(nation: Path, tmp_path: Path) -> None:
    done = servers.spark_submit(JOB, str(nation), "--out", str(tmp_path / "out"), "--policies", "market-supervision", "--lang", "zh", **VARIABLES)
    assert done.returncode == 2
    assert "CR-UNKNOWN-HEADING" in told(done)
    assert "“bureau”" in told(done)
    assert not (tmp_path / "out").exists()
