"""A package that `policy new` made: installed as its authors install it, it passes its own tests and checks at once, and is as the pages say."""

from __future__ import annotations

import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from cadrerules.authoring.scaffold import new_package

ROOT = Path(__file__).parents[2]
CODE = "from cadrerules.cli import main; main()"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package, installed into the folder `site` beside it."""
    if importlib.util.find_spec("hatchling") is None or importlib.util.find_spec("pip") is None:
        pytest.skip("hatchling and pip, which install the package, aren't there")
    made = new_package("canteen-rules", tmp_path_factory.mktemp("new"))
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(made.parent / "site"), str(made)]
    subprocess.run(command, check=True, capture_output=True)
    return made


def run(package: Path, *arguments: str) -> str:
    """What a program prints, run in the package's folder; it must succeed."""
    path = os.pathsep.join(filter(None, [str(package.parent / "site"), os.environ.get("PYTHONPATH")]))
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("CADRERULES_", "PYTEST_"))}
    env = kept | {"PYTHONPATH": path, "CADRERULES_LANG": "en", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=env, check=False, cwd=package)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def cadrerules(package: Path, line: str) -> str:
    return run(package, "-W", "error", "-c", CODE, *line.split())


def test_its_workflow_passes(package: Path) -> None:
    """Every command of the workflow but the installation, as it stands there."""
    workflow = (package / ".github" / "workflows" / "check.yml").read_text("utf-8")
    commands = re.findall(r"- run: (.+)", workflow)
    assert commands[0] == 'pip install -e ".[test]"'
    assert len(commands) == 6
    shown = []
    for command in commands[1:]:
        program, *arguments = command.split()
        if program == "cadrerules":
            shown.append(cadrerules(package, " ".join(arguments)))
        elif program == "pytest":
            shown.append(run(package, "-m", "pytest", "-q", "-p", "no:cacheprovider"))
        else:
            shown.append(run(package, "-m", program, *arguments, "--no-cache"))
    assert shown[:2] == ["", ""]
    assert "13 of 13 cases passed" in shown[2]
    assert re.search(r"\b17 passed", shown[3])


def test_it_is_found_by_its_name_and_decides(package: Path) -> None:
    result = json.loads(cadrerules(package, "evaluate example --policies canteen-rules --as-of 2024-06-30 --format json"))
    assert {(d["subject"]["id"], d["period"]): d["verdict"] for d in result["decisions"]} == {
        ("C1", "2024-04"): "commended",
        ("C1", "2024-05"): "commended",
        ("C2", "2024-05"): "watched",
        ("C3", "2024-05"): None,
        ("C3", "2024-06"): None,
    }
    assert "食堂评价" in cadrerules(package, "explain example C3 --policies canteen-rules --as-of 2024-06-30 --lang zh")


def test_its_description_is_complete(package: Path) -> None:
    project = tomllib.loads((package / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["name"] == "canteen-rules"
    assert project["entry-points"]["cadrerules"] == {"canteen-rules": "canteen_rules.plugin"}
    settings = json.loads((package / ".vscode" / "settings.json").read_text("utf-8"))
    for schema, pattern in settings["yaml.schemas"].items():
        assert list(package.glob(pattern))
        assert re.fullmatch(r"\.schemas/\w+\.schema\.json", schema)


# --- the pages --------------------------------------------------------------------------------------

TUTORIALS = sorted((ROOT / "docs" / "tutorial").glob("plugin*.md"))
EDITOR = ROOT / "docs" / "how-to" / "editor.md"


def blocks(page: Path, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", page.read_text("utf-8"), re.DOTALL)


@pytest.mark.parametrize("page", TUTORIALS, ids=lambda page: page.name)
def test_the_tutorial_lists_the_files(page: Path, package: Path) -> None:
    (listed,) = re.findall(r"^canteen-rules/\n((?:  .*\n)+)", page.read_text("utf-8"), re.MULTILINE)
    named = set(re.findall(r"(?<![\w.])\.?\w[\w-]*\.\w+|\.gitignore", listed))
    there = {path.name for path in package.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert named == there - {"__init__.py"}


def test_the_editor_s_settings_are_the_package_s(package: Path) -> None:
    (settings,) = blocks(EDITOR, "json")
    assert settings == (package / ".vscode" / "settings.json").read_text("utf-8")
    (neovim,) = (block for block in blocks(EDITOR, "lua") if "yamlls" in block)
    assert dict(re.findall(r'\["(.*?)"\] = "(.*?)"', neovim)) == json.loads(settings)["yaml.schemas"]
