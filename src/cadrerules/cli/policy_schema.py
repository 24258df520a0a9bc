"""`cadrerules policy schema`: what may stand in documents, for editors."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import options
from .output import say, write
from .words import word

_KIND = Annotated[
    str,
    typer.Argument(
        help="policy, questions, clauses, cases, policy_set, reform, accepted, uncertain, distributions or population.", metavar="[KIND]"
    ),
]
_INTO = Annotated[Path | None, typer.Option(help="Write the schemas of all kinds into this folder, which is made where it isn't there.", metavar="FOLDER")]


def schema(kind: _KIND = "policy", into: _INTO = None, lang: options.Language = "", out: options.Out = None) -> None:
    """The JSON Schema (draft 2020-12) of a kind of document, for editors, with a description of every entry.

    For example:

        cadrerules policy schema cases --out cases.schema.json

        cadrerules policy schema --into .schemas
    """
    from ..authoring.kinds import KINDS
    from ..authoring.schemas import json_schema, write_schemas

    language = options.language(lang)
    if into is not None:
        for path in write_schemas(into):
            say(word("written", language, path))
        return
    write(json_schema(options.one_of(kind, "KIND", tuple(KINDS))), out, language)
