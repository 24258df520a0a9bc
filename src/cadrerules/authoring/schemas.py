"""The JSON Schema of a kind of document, for editors: what may stand in it, each entry with a description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from ..whole_files import whole_file, writing
from .kinds import KINDS

SUFFIX = ".schema.json"


class _ForEditors(GenerateJsonSchema):
    """Leaves out titles that only repeat the names of entries and of models."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - the base class says what it takes
        return False


def json_schema(kind: str) -> str:
    """The JSON Schema (draft 2020-12) of a kind of document, one of `KINDS`.

    It tells the form of a document, so that an editor can complete and check it as it is typed. What lies beyond the form, such as
    names that must be known, only loading finds.

    >>> json_schema("reform").splitlines()[1]
    '  "$schema": "https://json-schema.org/draft/2020-12/schema",'
    """
    schema = KINDS[kind].model.model_json_schema(schema_generator=_ForEditors)
    for part in _parts(schema):
        if "patternProperties" in part:  # names of another form are refused
            part.setdefault("additionalProperties", False)
    for part in schema.get("$defs", {}).values():
        part.pop("title", None)
    return json.dumps({"$schema": GenerateJsonSchema.schema_dialect, **schema}, indent=2, ensure_ascii=False) + "\n"


def write_schemas(folder: Path) -> list[Path]:
    """Write the schema of every kind into a folder, `policy.schema.json` and so on; `UsageError` where it can't be.

    The folder is made where it isn't there.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{kind}{SUFFIX}" for kind in KINDS]
    for kind, path in zip(KINDS, paths, strict=True):
        with whole_file(path) as beside:
            beside.write_text(json_schema(kind), encoding="utf-8")
    return paths


def _parts(schema: Any) -> Iterator[dict[str, Any]]:
    """A schema and all schemas in it."""
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _parts(part)
