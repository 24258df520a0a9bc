"""A population as a folder: there whole or not at all, ready to be evaluated, of any plan."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

import cadrerules as cr
import small_duties
from cadrerules.load.tables import read_tables
from cadrerules.load.yaml import read_yaml
from cadrerules.simulate.synthetic import draw_tables, synthesise, write
from cadrerules.simulate.synthetic.derived import derived_population
from cadrerules.simulate.synthetic.drawing import blocks
from cadrerules.simulate.synthetic.reading import read_population
from small_marks import write_marks

PLAN = cr.load_policies("market-supervision")
AS_OF = date(2025, 1, 15)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return synthesise(PLAN, tmp_path_factory.mktemp("made") / "bureaus", organisations=3, seed=1).folder


def test_the_folder_is_evaluated_at_once(folder: Path) -> None:
    result = PLAN.evaluate(cr.scan_tables(folder, PLAN, group_by="organisation"), as_of=AS_OF, policies=["board", "training"], engine="polars")
    assert result.not_evaluated == ()
    assert result.warnings == ()
    assert {decision.group for decision in result.decisions} == {"B000001", "B000002", "B000003"}


@pytest.mark.slow
def test_every_question_and_verdict_that_facts_can_reach_occurs() -> None:
    ranges = {f"rectification.{aspect}_{end}": value for aspect in ("total", "thought", "style", "ability") for end, value in (("min", 1), ("max", 9))}
    plan = PLAN.amend({"board.black_quarters": 1, **ranges}, {"resolution.promotion": "report_conflict"})
    tables = draw_tables(plan, organisations=24, sizes={"units": 12, "problems": 5}, group="bureau")
    result = plan.evaluate(tables, as_of=AS_OF, engine="polars", group_by="bureau")
    found = Counter((decision.question, decision.verdict) for decision in result.decisions)
    asked = {(question, verdict) for question, about in plan.questions.items() for verdict in about.verdicts}
    assert asked <= set(found)
    assert all(found[question, None] for question in ("promotion", "excellent", "flag", "obligation"))  # and what is unknown
    assert any(decision.waived_by for decision in result.decisions)


def test_tables_in_memory_are_those_in_the_folder(folder: Path) -> None:
    tables = draw_tables(PLAN, organisations=3, seed=1)
    assert {file.stem for file in folder.glob("*.parquet")} == set(tables) == set(PLAN.tables)
    for name, frame in tables.items():
        assert pl.read_parquet(folder / f"{name}.parquet").equals(frame)


def test_how_much_is_written_together_changes_nothing(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(write, "CHUNK", 1)
    source = derived_population({"units": PLAN.tables["units"], "style": PLAN.tables["style"]})
    made = synthesise(PLAN, tmp_path / "one", organisations=150, population=source)
    monkeypatch.setattr(write, "CHUNK", 8)
    synthesise(PLAN, tmp_path / "eight", organisations=150, population=source)
    frames = [pl.read_parquet(tmp_path / name / "style.parquet") for name in ("one", "eight")]
    assert frames[0].equals(frames[1])
    assert frames[0].height == made.rows["style"] == 150 * 10 * 8


def test_a_folder_that_is_stopped_is_not_there(tmp_path: Path) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synthesise(PLAN, tmp_path / "made", organisations=2, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "made").mkdir()
    with pytest.raises(cr.UsageError) as caught:
        synthesise(PLAN, tmp_path / "made", organisations=1)
    assert caught.value.code == "CR-CANT-WRITE"
    assert list((tmp_path / "made").iterdir()) == []


def test_progress_tells_how_many_are_done(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    source = derived_population({"units": PLAN.tables["units"]})
    synthesise(PLAN, tmp_path / "made", organisations=100, population=source, progress=lambda *of: told.append(of))
    assert told == [("market-supervision", 64, 100), ("market-supervision", 100, 100)]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"organisations": 0}, "CR-TOO-FEW"),
        ({"seed": -1}, "CR-TOO-FEW"),
        ({"sizes": {"unit": 3}}, "CR-UNKNOWN-SETTING"),
        ({"sizes": {"units": -3}}, "CR-TOO-FEW"),
        ({"group": "unit"}, "CR-GROUP-IS-COLUMN"),
        ({"group": ""}, "CR-POPULATION-GROUP"),
    ],
)
def test_what_cannot_be_made_is_refused(asked: dict[str, object], code: str, tmp_path: Path) -> None:
    with pytest.raises(cr.UsageError) as caught:
        synthesise(PLAN, tmp_path / "made", **asked)  # type: ignore[arg-type]
    assert caught.value.code == code
    assert list(tmp_path.iterdir()) == []


def test_one_organisation_needs_no_column() -> None:
    tables = draw_tables(PLAN, organisations=1, group="")
    assert tables["units"].columns == ["unit"]
    cr.read_tables(tables, PLAN)


@pytest.mark.parametrize("models", [PLAN.models, small_duties.duties(small_duties.of_persons(every="year")).models], ids=["plan", "duties"])
def test_a_population_follows_from_the_tables_where_none_is_described(models: dict[str, type[cr.Facts]]) -> None:
    tables = {name: model.spec for name, model in models.items()}
    population = read_population(derived_population(tables), tables)
    (block,) = blocks(population, list(models.values()), 5, seed=1, sizes=population.doc.sizes, group="office")
    facts = read_tables(block, list(models.values()), group_by="office")
    assert set(facts.rows) == {name for name, table in tables.items() if table.absent == "unknown"}
    assert all(facts.rows.values())


def test_what_follows_from_the_tables_lasts_from_period_to_period() -> None:
    tables = draw_tables(PLAN, organisations=2, population=derived_population(PLAN.tables))
    lasting = tables["progress"].group_by("organisation", "unit", "indicator").len()
    assert set(lasting["len"]) == {8}
    assert lasting.height == 2 * 10 * 3
    results = tables["results"]
    assert results.filter(pl.col("regional_rank") > pl.col("cities")).is_empty()
    assert results["regional_rank"].null_count() > 0


def test_a_description_beside_the_policies_is_found_and_is_no_policy(tmp_path: Path) -> None:
    write_marks(tmp_path)
    plan = cr.load_policies(tmp_path)
    assert draw_tables(plan, organisations=1)["marks"].height == 2 * 10  # from the tables alone
    (tmp_path / "population.yaml").write_text(MARKED, encoding="utf-8")
    described = cr.load_policies(tmp_path)
    assert described.hash == plan.hash
    tables = draw_tables(described.amend(params={"mark.most": 4}), organisations=1)
    assert tables["marks"].select("person", "points").rows() == [("P1", Decimal("2.5"))]
    other = {**read_yaml(MARKED).data, "sizes": {"people": 4}}
    assert draw_tables(described, organisations=1, population=other)["marks"].height == 4
    assert draw_tables(described, organisations=1, sizes={"people": 2})["marks"].height == 2


MARKED = """\
format: 1
sizes: {people: 1}
tables:
  marks:
    rows: people
    columns:
      year: {constant: 2024}
      person: {id: "P#"}
      points: {constant: 2.5}
      cause: {constant: own}
      note: null
"""
