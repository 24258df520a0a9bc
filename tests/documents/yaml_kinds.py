"""Reads a block of YAML as the document it is, or as the part of one."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, TypeAdapter

from cadrerules.authoring.kinds import KINDS
from cadrerules.load.yaml import read_yaml
from cadrerules.model.documents import ObligationDoc, PolicyDoc, RuleDoc
from cadrerules.simulate.reform_documents import ReformDoc
from cadrerules.testing.case_documents import Case

MODELS: Mapping[str, type[BaseModel]] = {
    **{name: kind.model for kind in KINDS.values() for name in kind.telling},
    "sizes": KINDS["population"].model,
}
"""The model of each kind of document by the entry that tells it, whole or in part."""

ENTRIES = TypeAdapter[Any](list[RuleDoc] | list[ObligationDoc] | list[Case])
"""Lists that stand in documents and are shown alone."""


def check_yaml(text: str) -> None:
    """Raise what is wrong with a document, with a part of a policy that is named by its entries, or with a list of one."""
    data = _read(text)
    if isinstance(data, list):
        ENTRIES.validate_python(data)
        return
    kind = next((model for key, model in MODELS.items() if key in data), None)
    if kind and ("format" in data or kind is ReformDoc):
        kind.model_validate(data)
        return
    fields = (kind or PolicyDoc).model_fields
    for key, value in data.items():
        field = fields[key]
        TypeAdapter[Any](
            Annotated[field.annotation, Field(discriminator=field.discriminator), *field.metadata]
        ).validate_python(value)


def _read(text: str) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "block.yaml"
        file.write_text(text, encoding="utf-8")
        return read_yaml(file).data
