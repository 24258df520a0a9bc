"""The shape of the source: imports run one way, nothing heavy at import, the core doesn't know the plan, errors complete."""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules import hookspecs
from cadrerules.errors import CATALOGUE

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "cadrerules"
FILES = sorted(SOURCE.rglob("*.py"))
ORDER = ["errors", "words", "whole_files", "language", "model", "load", "report", "hookspecs", "plugins", "engines", "evaluate", "organisations", "populations", "differences", "plan", "reading", "journal", "monitor", "portable", "simulate", "verify", "testing", "cli", "spark_job", "__main__"]
# The words for people come after the engines they explain, but a report's form is named by a hook.
AFTER_ENGINES = {
    *("clauses", "counterfactual", "discretion", "discretion_report", "explained", "explanation", "formats"),
    *("lines", "notebook", "outline", "prospects", "reasons", "reports", "wording", "words"),
}
# Tables that stay in columns are cells as the engines have them.
IN_COLUMNS = {"columns", "scan", "scan_checks", "scan_links", "spark_cells", "spark_checks", "spark_links", "spark_scan", "spark_tables"}


def area(module: str) -> str:
    """The place in the order of a dotted module below cadrerules."""
    parts = module.split(".")
    if parts[0] == "report" and len(parts) > 1 and parts[1] in AFTER_ENGINES:
        return "evaluate"
    if parts[0] == "load" and len(parts) > 1 and parts[1] in IN_COLUMNS:
        return "evaluate"
    return parts[0]


def imports(path: Path) -> Iterator[str]:
    """The modules below cadrerules that a file imports when it is run, not only for types."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    package = path.relative_to(SOURCE).with_suffix("").parts[:-1]
    typing_only = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level and id(node) not in typing_only:
            base = package[: len(package) - node.level + 1]
            yield ".".join([*base, *(node.module.split(".") if node.module else [])])


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_imports_run_one_way(path: Path) -> None:
    module = ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")
    if module == "__init__":
        return
    for imported in imports(path):
        if not imported:
            continue
        here, there = area(module), area(imported)
        assert here == there or ORDER.index(there) < ORDER.index(here), f"{module} imports {imported}"


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_the_core_does_not_know_the_plan(path: Path) -> None:
    words = {
        node.value for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Constant)
    }
    assert not words & {"staff", "units", "progress", "results", "cadrerules_market_supervision"}


def test_importing_loads_nothing_heavy() -> None:
    code = "import cadrerules, sys; print(' '.join(m.partition('.')[0] for m in sys.modules))"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    heavy = {
        "polars",
        "numpy",
        "pyarrow",
        "pandas",
        "z3",
        "durable",
        "duckdb",
        "sqlglot",
        "hypothesis",
        "pydantic",
        "ruamel",
        "typer",
        "altair",
        "jinja2",
        "sqlalchemy",
        "vl_convert",
    }
    assert not loaded & heavy


def test_public_names_are_sorted_and_there() -> None:
    assert list(cr.__all__) == sorted(cr.__all__)
    for name in cr.__all__:
        assert getattr(cr, name) is not None


def test_without_extras_every_public_name_is_there_and_says_what_it_needs() -> None:
    code = """
import sys
sys.modules["polars"] = None
from cadrerules import *
for function in (compare, sweep):
    try:
        function(None, None)
    except UsageError as error:
        print(error.code, error.problems[0].values["what"])
"""
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert found == "CR-EXTRA-MISSING polars\n" * 2


def test_no_public_name_is_also_a_module() -> None:
    """Importing a module puts it under its name, whatever stood there."""
    modules = {path.stem for path in SOURCE.iterdir() if (path / "__init__.py").is_file() or path.suffix == ".py"}
    assert not modules & set(cr.__all__)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_modules_say_what_they_are_for_and_stay_short(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(text))
    assert len(text.splitlines()) <= 520


def test_every_error_code_is_in_the_catalogue_and_used() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in [*FILES, *sorted((ROOT / "policies").rglob("*.py"))]}
    used = {
        code
        for path, text in texts.items()
        if "messages_" not in path.name
        for code in re.findall(r'"(CR-[A-Z0-9-]+)"', text)
    }
    assert used - set(CATALOGUE) == set()
    assert set(CATALOGUE) - used == set()


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_both_languages_say_the_same(code: str) -> None:
    message = CATALOGUE[code]
    assert message.en
    assert message.zh
    assert bool(message.hint_en) == bool(message.hint_zh)


def test_every_hook_stands_in_the_documentation() -> None:
    page = (ROOT / "docs" / "reference" / "hooks.md").read_text(encoding="utf-8")
    hooks = {name: hook for name, hook in vars(hookspecs).items() if name.startswith("cadrerules_")}
    assert len(hooks) == 4
    for name, hook in hooks.items():
        assert f"def {name}{inspect.signature(hook)}".replace("'", "") in page


def test_generated_pages_are_up_to_date() -> None:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.main(check=True) == 0


def test_every_check_of_verification_is_documented() -> None:
    from typing import get_args

    from cadrerules.verify.found import Check

    page = (ROOT / "docs" / "reference" / "checks.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\w+)$", page, re.MULTILINE) == list(get_args(Check))
