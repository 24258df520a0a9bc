"""A reform as the document that it could be read from again."""

from __future__ import annotations

import io
from typing import Any

from ..reforms import Reform


def document(reform: Reform) -> str:
    """The reform in YAML."""
    from ruamel.yaml import YAML

    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style, writer.allow_unicode, writer.width = False, True, 100
    writer.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    held = io.StringIO()
    writer.dump(_plain(reform), held)
    return held.getvalue()


def _plain(reform: Reform) -> dict[str, Any]:
    parts = {"reason": reform.reason, "params": reform.params, "interpretations": reform.interpretations, "rules": reform.rules}
    return {"reform": reform.title, **{name: _builtin(part) for name, part in parts.items() if part}}


def _builtin(value: Any) -> Any:
    """The value in types that a document has; numbers that YAML might round are text."""
    match value:
        case dict():
            return {str(name): _builtin(each) for name, each in value.items()}
        case list() | tuple():
            return [_builtin(each) for each in value]
        case None | bool() | int() | str():
            return value
        case _ if hasattr(value, "items"):
            return {str(name): _builtin(each) for name, each in value.items()}
        case _:
            return str(value)
