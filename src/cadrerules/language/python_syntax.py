"""Python's own parser, for one thread at a time: in Python 3.11 trees made in two threads at once count each other's depth."""

from __future__ import annotations

import ast
import threading
from typing import Final

_LOCK: Final = threading.Lock()


def expression_tree(text: str) -> ast.expr:
    """The tree of an expression, which is not evaluated; raises as `ast.parse` does."""
    with _LOCK:
        return ast.parse(text, mode="eval").body


def statement_trees(text: str) -> list[ast.stmt]:
    """The trees of statements; raises as `ast.parse` does."""
    with _LOCK:
        return ast.parse(text).body
