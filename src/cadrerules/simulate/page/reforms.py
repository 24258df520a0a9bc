"""A reform as the document that it could be read from again."""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from ...model.texts import Texts
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
    return {"reform": _builtin(reform.title), **{name: _builtin(part) for name, part in parts.items() if part}}


def _builtin(value: Any) -> Any:
    """The value in types that a document has; numbers that YAML might round are text."""
    match value:
        case Texts(en=en, zh=zh):
            return {"zh": zh, "en": en}
        case Mapping():
            return {str(name): _builtin(each) for name, each in value.items()}
        case list() | tuple():
            return [_builtin(each) for each in value]
        case None | bool():
            return value
        case int():
            return int(value)
        case _:
            return str(value)
