from __future__ import annotations

from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from cadrerules import UsageError, __version__
from cadrerules.authoring.formatting import formatted
from cadrerules.authoring.scaffold import new_package

ROOT = Path(__file__).parents[3]
TEMPLATES = ROOT / "src" / "cadrerules" / "authoring" / "templates"


def test_a_package_has_every_file_and_no_mark_left(tmp_path: Path) -> None:
    made = new_package("canteen-rules", tmp_path)
    assert made == tmp_path / "canteen-rules"
    files = {str(path.relative_to(made)): path.read_text("utf-8") for path in made.rglob("*") if path.is_file()}
    assert len(files) == sum(path.is_file() for path in TEMPLATES.rglob("*"))
    assert {"pyproject.toml", ".gitignore", ".github/workflows/check.yml", "src/canteen_rules/cases/standing.yaml"} <= set(files)
    assert not [name for name, text in files.items() if "@" in name or "@name" in text or "@package" in text or "@version" in text]
    assert f'dependencies = ["cadrerules>={__version__.rpartition(".")[0]}"]' in files["pyproject.toml"]
    assert 'canteen-rules = "canteen_rules.plugin"' in files["pyproject.toml"]
    assert [path.name for path in tmp_path.iterdir()] == ["canteen-rules"]


def test_its_documents_have_their_one_form(tmp_path: Path) -> None:
    made = new_package("canteen-rules", tmp_path)
    assert [formatted(path).diff() for path in (made / "src").rglob("*.yaml")] == [""] * 5


@pytest.mark.parametrize(
    ("name", "nearest"),
    [
        ("Canteen_Rules", "canteen-rules"),
        ("canteen--rules", "canteen-rules"),
        ("../canteen", "canteen"),
        ("2canteens", "canteens"),
        ("canteen-", "canteen"),
        ("食堂", "canteen-rules"),
        ("", "canteen-rules"),
        ("a" * 61, "a" * 60),
        ("canteen\n", "canteen"),
    ],
)
def test_a_name_that_can_not_be_is_refused_with_one_that_can(name: str, nearest: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        new_package(name, tmp_path)
    assert caught.value.code == "CR-PACKAGE-NAME"
    assert f"such as `{nearest}`" in str(caught.value)
    assert list(tmp_path.iterdir()) == []
    new_package(nearest, tmp_path)


@pytest.mark.parametrize("name", ["class", "json", "cadrerules", "pydantic", "market-supervision", "cadrerules-market-supervision"])
def test_a_name_that_is_taken_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        new_package(name, tmp_path)
    assert caught.value.code == "CR-PACKAGE-TAKEN"
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten_and_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "canteen-rules").mkdir()
    (tmp_path / "canteen-rules" / "mine.txt").write_text("mine", "utf-8")
    with pytest.raises(UsageError) as caught:
        new_package("canteen-rules", tmp_path)
    assert caught.value.code == "CR-CANT-WRITE"
    assert [path.name for path in tmp_path.rglob("*")] == ["canteen-rules", "mine.txt"]
    with pytest.raises(UsageError):
        new_package("kitchen-rules", tmp_path / "nowhere")

    def full(path: Path, *_: object, **__: object) -> None:
        if path.name == "standing.yaml":
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(UsageError):
        new_package("kitchen-rules", tmp_path)
    assert not (tmp_path / "kitchen-rules").exists()
    assert len(list(tmp_path.iterdir())) == 1


def test_the_wheel_has_the_templates() -> None:
    included = {Path(file.path) for file in WheelBuilder(str(ROOT)).recurse_included_files()}
    assert {path for path in TEMPLATES.rglob("*") if path.is_file()} <= included
