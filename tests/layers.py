"""The layers of the source: which folder or module may import which, and what each really imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "cadrerules"
FILES = sorted(SOURCE.rglob("*.py"))
ORDER = ["errors", "words", "whole_files", "language", "model", "load", "report", "hookspecs", "plugins", "engines", "evaluate", "organisations", "populations", "differences", "plan", "reading", "journal", "checker", "evidence", "replaying", "monitor", "portable", "simulate", "verify", "testing", "authoring", "cli", "spark_job", "__main__"]
"""Each imports only what stands before it."""
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


def module_of(path: Path) -> str:
    """The dotted name of a file, below cadrerules; `__init__` for the package itself."""
    return ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__")


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
        if isinstance(node, ast.ImportFrom) and id(node) not in typing_only:
            if node.level:
                base = package[: len(package) - node.level + 1]
                yield ".".join([*base, *(node.module.split(".") if node.module else [])])
            elif node.module and node.module.startswith("cadrerules."):
                yield node.module.removeprefix("cadrerules.")
