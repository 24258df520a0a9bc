"""An extension of Griffe: examples in docstrings are shown as code, not as the quotations that Markdown takes `>>>` for."""

from __future__ import annotations

from typing import Any

import griffe


class FencedDoctests(griffe.Extension):
    """Puts a fence round each run of lines from `>>>` to the next empty one."""

    def on_instance(self, *, obj: griffe.Object, **_: Any) -> None:
        """Change the docstring before it is parsed."""
        if obj.docstring:
            obj.docstring.value = fenced(obj.docstring.value)


def fenced(text: str) -> str:
    """The text with a fence round each example."""
    blocks = text.split("\n\n")
    return "\n\n".join(f"```pycon\n{b}\n```" if b.lstrip().startswith(">>>") else b for b in blocks)
