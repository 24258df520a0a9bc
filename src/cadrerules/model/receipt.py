"""The receipt of a decision: all that somebody else needs to compute it again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from .result import Decision

NAME: Final = "cadrerules-receipt"
VERSION: Final = 1
FIRST: Final = "0" * 64
"""What stands for the hash before the first receipt."""

Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$", description="SHA-256, hexadecimal")]
Cell = Annotated[
    Any,
    Field(
        description='a known value: text, a truth, a whole number, or another number as exact text; else `{"known": false}`, '
        "with the ends `from` and `to` or the words `among` which it lies"
    ),
]
Index = Annotated[int, Field(ge=0)]


class Part(BaseModel):
    """Base of the parts of a receipt; nothing else may stand in them."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PoliciesPart(Part):
    """The policy set that decided: its name and the hash of all its documents."""

    name: str
    hash: Digest


class InputPart(Part):
    """A row that was read, by the cells of its key in order; of its other cells those that the rules rest on.

    `disputed` names the cells that count as unknown because they are in dispute. A table `every quarter` is the calendar's.
    """

    table: str
    key: list[Cell]
    cells: dict[str, Cell] = {}
    disputed: list[str] = []


class RowPart(Part):
    """A row of a relation of a policy, a view or what its rules look at, with the value of each column.

    A column that stands for a part of an expression has that part's text as its name. `made_from` gives, by source, the
    places of the rows it is made from: among the inputs for a table, else among the rows of the trace. `present` is there where it is not
    sure that the row counts.
    """

    policy: str
    relation: str
    made_from: dict[str, list[Index]] = {}
    columns: dict[str, Cell]
    present: Cell = True


class NodePart(Part):
    """A part of a condition with its value, after the parts that it is made of."""

    text: str
    value: Cell


class ApplicationPart(Part):
    """A rule applied to a row of the trace and, where it goes to people found by their rows, to one of those among the inputs."""

    row: Index
    addressee: Index | None = None
    nodes: list[NodePart]
    truth: Cell


class RulePart(Part):
    """How a rule's outcome stands for the subject and period: the rows that it was applied to, and whether it holds.

    `lacks` names the tables for want of which it was not evaluated; `given` says that a plugin computed it, so that it can't be
    computed again from here.
    """

    rule: str
    outcome: str
    truth: Cell
    applications: list[ApplicationPart] = []
    lacks: list[str] = []
    given: bool = False
    waivable: bool = False
    clauses: list[str] = []


class TextPart(Part):
    """The parts of the policies' documents that the rules rest on: a policy set by themselves."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    set: dict[str, Any]
    questions: dict[str, Any]
    policies: dict[str, Any]
    chosen: dict[str, str]


class Receipt(Part):
    """The receipt of one decision. Numbers that aren't whole are text, and so are days and periods.

    `previous` is the hash of the receipt before it, sixty-four zeros for the first; `hash` is SHA-256 of the receipt without
    this field as canonical JSON: keys in order of code points, no spaces, UTF-8.
    """

    format: Literal["cadrerules-receipt"] = "cadrerules-receipt"
    version: Literal[1] = 1
    library: str = Field(description="the version of cadrerules that made it")
    engine: Literal["scalar"] = "scalar"
    policies: PoliciesPart
    as_of: date
    decision: Decision
    parameters: dict[str, int | str | None]
    interpretations: dict[str, str]
    absent: list[str] = Field(description="the tables that the rules read and that weren't there")
    inputs: list[InputPart]
    trace: list[RowPart]
    rules: list[RulePart]
    policy_text: TextPart
    previous: Digest
    hash: Digest


def json_schema() -> str:
    """The JSON Schema of a receipt."""
    schema: Mapping[str, Any] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **Receipt.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False)
