"""Writes the generated pages of the documentation from the code; `--check` fails where one is out of date."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from cadrerules.model.receipt import json_schema  # noqa: E402
from generating import api, architecture, command_line, engines, errors, fields, hooks, operators, shipped_plan  # noqa: E402


def receipt_schema() -> Iterator[str]:
    """The JSON Schema of a receipt."""
    yield json_schema()


PAGES: dict[str, Callable[[], Iterator[str]]] = {
    "pictures/architecture.svg": architecture.picture,
    "reference/api.md": api.api,
    "reference/clauses.md": shipped_plan.clauses,
    "reference/clauses.zh.md": partial(shipped_plan.clauses, "zh"),
    "reference/command-line.md": command_line.command_line,
    "reference/engines.md": engines.engines,
    "reference/errors.md": errors.errors,
    "reference/errors.zh.md": partial(errors.errors, "zh"),
    "reference/fields.md": fields.fields,
    "reference/hooks.md": hooks.hooks,
    "reference/operators.md": operators.operators,
    "reference/receipt.schema.json": receipt_schema,
    "reference/tables.md": shipped_plan.tables,
    "reference/tables.zh.md": partial(shipped_plan.tables, "zh"),
}


def main(*, check: bool) -> int:
    """Write the pages, or say which are out of date."""
    stale = []
    for name, page in PAGES.items():
        text = "\n".join(page()) + "\n"
        path = HERE / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8")
    if check and stale:
        print(f"out of date: {', '.join(stale)}; run `python docs/generate.py`")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main(check="--check" in sys.argv))
