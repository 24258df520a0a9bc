"""`cadrerules simulate compare`: formats, options and what is refused."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from types import ModuleType

import polars as pl
import pytest

import cadrerules as cr
from cadrerules import cli
from cadrerules.simulate.reforms import read_reform
from small_parcels import written

ROWS = "year,parcel,weight,fragile\n2024,A,9.5,false\n2024,B,9,\n"
LIGHTER = "reform: {zh: 更轻即重, en: Heavy from 9 on}\nparams: {fees.heavy: 9}\n"


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as left:
        cli.main(["simulate", "compare", *arguments])
    code = left.value.code
    assert isinstance(code, int)
    return code


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a policy set, a reform of it and facts."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path / "plan")
    (tmp_path / "lighter.yaml").write_text(LIGHTER, "utf-8")
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "parcels.csv").write_text(ROWS, "utf-8")
    return tmp_path


COMMON = ("data", "--policies", "plan", "--reform", "lighter.yaml", "--as-of", "2025-01-15")


@pytest.mark.usefixtures("here")
def test_formats_say_what_python_gives(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    found = cr.compare(cr.load_policies("plan"), "data", read_reform("lighter.yaml"), as_of=date(2025, 1, 15), by="parcels.fragile")
    by = ("--by", "parcels.fragile")
    assert run(*COMMON, *by, "--lang", "en") == 0
    told = capfd.readouterr().out
    assert told == found.to_text("en")
    assert "Reform: Heavy from 9 on" in told
    assert run(*COMMON, *by, "--lang", "zh") == 0
    assert capfd.readouterr().out == found.to_text("zh")
    assert run(*COMMON, *by, "--format", "json", "--out", "found.json") == 0
    assert json.loads(Path("found.json").read_text("utf-8")) == json.loads(json.dumps(found.to_dict()))
    assert run(*COMMON, "--format", "csv", "--out", "found.csv") == 0
    assert Path("found.csv").read_bytes() == found.to_csv()
    page = ModuleType("cadrerules.simulate.page")
    page.to_html = lambda found, lang, **_: f"<p>{lang} {len(found.reforms)}"  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cadrerules.simulate.page", page)
    capfd.readouterr()
    assert run(*COMMON, "--format", "html", "--lang", "zh") == 0
    assert capfd.readouterr().out == "<p>zh 1"


@pytest.mark.usefixtures("here")
def test_settings_are_the_plan_that_a_reform_is_compared_with(capfd: pytest.CaptureFixture[str]) -> None:
    assert run(*COMMON, "--set", "fees.heavy=9.2", "--format", "json") == 0
    told = json.loads(capfd.readouterr().out)
    assert told["policies"]["hash"] == cr.load_policies("plan").amend(params={"fees.heavy": "9.2"}).hash
    assert told["reforms"][0]["changes"][0]["fields"] == [{"name": "value", "old": "9.2", "new": "9"}]
    assert run(*COMMON, "--no-attribute", "--format", "json") == 0
    assert json.loads(capfd.readouterr().out)["reforms"][0]["parts"] == []


def test_parquet_stays_in_columns_and_organisations_apart(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "columns").mkdir()
    rows = pl.read_csv(ROWS.encode(), infer_schema=False)
    offices = [rows.with_columns(office=pl.lit(name)) for name in ("N", "S")]
    pl.concat(offices).write_parquet(here / "columns" / "parcels.parquet")
    common = ("columns", *COMMON[1:], "--engine", "polars", "--group-by", "office", "--by", "office", "--format", "json")
    assert run(*common) == 0
    (reform,) = json.loads(capfd.readouterr().out)["reforms"]
    assert [(row["group"], row["subject"]) for row in reform["affected"]] == [("N", "A"), ("S", "A")]
    assert [each["value"] for each in reform["breakdowns"]] == ["N", "S"]
    assert run(*common, "--group", "S") == 0
    (reform,) = json.loads(capfd.readouterr().out)["reforms"]
    assert [(row["group"], row["subject"]) for row in reform["affected"]] == [("S", "A")]


def test_persons_go_by_pseudonyms(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "person.key").write_bytes(b"k" * 32)
    bureau, reforms = (Path(__file__).parents[3] / "examples" / name for name in ("bureau", "reforms"))
    reform = str(reforms / "no_way_past_three_points.yaml")
    asked = (str(bureau), "--reform", reform, "--as-of", "2025-01-15", "--pseudonymise", str(tmp_path / "person.key"))
    assert run(*asked, "--format", "csv") == 0
    told = capfd.readouterr().out
    assert "P119" not in told
    assert ",person,P-" in told


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("data", "--policies", "plan"), "CR-NO-REFORM"),
        ((*COMMON, "--format", "xlsx"), "CR-NOT-AN-OPTION"),
        ((*COMMON, "--by", "parcels.wight"), "CR-BY-UNKNOWN"),
        ((*COMMON, "--reform", "nowhere.yaml"), "CR-YAML-UNREADABLE"),
        ((*COMMON, "--out", "nowhere/found.txt"), "CR-CANT-WRITE"),
    ],
)
def test_what_can_not_be_is_refused(arguments: tuple[str, ...], code: str, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(*arguments, "--lang", "en") == 2
    assert code in capfd.readouterr().err


def test_a_faulty_reform_is_told_before_the_facts_are_read(here: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (here / "faulty.yaml").write_text("reform: x\nparams: {fees.hevy: 9}\n", "utf-8")
    assert run("data", "--policies", "plan", "--reform", "faulty.yaml", "--lang", "en") == 2
    told = capfd.readouterr().err
    assert "CR-UNKNOWN-SETTING: faulty.yaml, line 2, column 10: there is no parameter `fees.hevy`" in told
    assert "did you mean `fees.heavy`?" in told


def test_stopping_it_leaves_no_half_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cadrerules.simulate.comparing.outcomes", stopped)
    before = sorted(here.iterdir())
    assert run(*COMMON, "--out", "found.txt") == 130
    assert sorted(here.iterdir()) == before
