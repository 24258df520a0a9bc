"""Every hook with its signature, and how the example plugin implements it."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

from cadrerules import hookspecs
from generating.notes import NOTE

ROOT = Path(__file__).parents[2]
PLUGIN = ROOT / "examples" / "04_plugin" / "supplier_review" / "plugin.py"


def hooks() -> Iterator[str]:
    """Every hook with its signature, how several answers combine, and how the example plugin implements it."""
    examples = _functions(PLUGIN)
    yield "# Hooks"
    yield NOTE
    yield "A plugin is a module named in the entry-point group `cadrerules`; it marks what it implements with"
    yield "`cadrerules.hookspecs.hookimpl`. `cadrerules.plugin_manager()` finds the installed ones; nothing is loaded at"
    yield "import, and the order of plugins never matters. The shipped plan, `policies/cadrerules_market_supervision/`, is one."
    yield "\nThe examples are from `examples/04_plugin/`, a whole plugin to copy; its README goes through it step by step."
    for name, hook in sorted(vars(hookspecs).items()):
        if name.startswith("cadrerules_"):
            yield f"\n## {name}\n"
            yield f"`def {name}{inspect.signature(hook)}`\n".replace("'", "")
            yield inspect.cleandoc(hook.__doc__ or "")
            yield f'\n```python title="{PLUGIN.relative_to(ROOT).as_posix()}"\n{examples[name]}\n```'


def _functions(file: Path) -> dict[str, str]:
    """The source of each function of a module, decorators included."""
    text = file.read_text(encoding="utf-8")
    found = [node for node in ast.parse(text).body if isinstance(node, ast.FunctionDef)]
    lines = text.splitlines()
    return {n.name: "\n".join(lines[n.decorator_list[0].lineno - 1 : n.end_lineno]) for n in found}
