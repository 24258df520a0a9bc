"""Every field of every document that authors write, from the JSON Schema of its model."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from cadrerules.authoring.kinds import KINDS
from generating.notes import NOTE

TITLES = {
    "policy": "A policy",
    "policy_set": "The policy set: `policy_set.yaml`",
    "questions": "Questions: `questions.yaml`",
    "clauses": "The register of clauses: `clauses.yaml`",
    "cases": "Case files",
    "reform": "A reform",
    "population": "A made-up population",
    "distributions": "Uncertain facts: distributions",
    "uncertain": "Uncertain facts",
    "accepted": "Accepted findings: `accepted.yaml`",
}
IS = """
What may stand where in the YAML documents, as the program checks it. [Policy documents](policies.md) shows how the parts
work together. `cadrerules policy schema KIND` prints the same as a JSON Schema for editors. A field in **bold** must be there.
"""
WORDS = {"string": "text", "integer": "whole number", "boolean": "`true` or `false`"}
Schema = Mapping[str, Any]
Names = Mapping[str, str]


def fields() -> Iterator[str]:
    """The page: a heading for each kind of document, and under it one for each part that none before it had."""
    yield "# Fields of documents"
    yield NOTE
    yield IS
    told: dict[str, Schema] = {}
    for kind, of in KINDS.items():
        schema = of.model.model_json_schema(by_alias=True)
        parts = schema.pop("$defs", {})
        named = {name: _heading(name, parts[name], kind, told) for name in parts}
        yield f"\n## {TITLES.get(kind, kind.replace('_', ' ').capitalize())}\n"
        yield f"`cadrerules policy schema {kind}`. {_about(schema)}"
        yield from _table(schema, named)
        for name in _mentioned(schema, parts):
            if named[name] not in told:
                told[named[name]] = parts[name]
                yield f"\n### {named[name]}\n"
                yield _about(parts[name])
                yield from _table(parts[name], named)


def _heading(name: str, part: Schema, kind: str, told: Mapping[str, Schema]) -> str:
    """What a part is called on the page; with the kind of document where another kind's part has the name."""
    plain = name.removesuffix("Doc")
    return plain if told.get(plain, part) == part else f"{plain} of {kind}"


def _mentioned(schema: Schema, parts: Mapping[str, Schema]) -> list[str]:
    """The parts with fields of their own that a schema leads to, the nearest first."""
    met: dict[str, None] = {}
    waiting: list[Schema] = [schema]
    while waiting:
        for name in _references(waiting.pop(0)):
            if name not in met:
                met[name] = None
                waiting.append(parts[name])
    return [name for name in met if "properties" in parts[name]]


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        if "$ref" in node:
            yield _name(node)
        for inner in node.values():
            yield from _references(inner)
    elif isinstance(node, list):
        for inner in node:
            yield from _references(inner)


def _name(node: Schema) -> str:
    return str(node["$ref"]).rpartition("/")[2]


def _about(schema: Schema) -> str:
    return str(schema.get("description", "")).strip()


def _table(schema: Schema, named: Names) -> Iterator[str]:
    required = schema.get("required", ())
    yield "\n| field | what | holds | where left out |\n|---|---|---|---|"
    for name, field in schema["properties"].items():
        shown = f"**`{name}`**" if name in required else f"`{name}`"
        yield f"| {shown} | {_cell(_about(field))} | {_cell(_type(field, named))} | {_default(field)} |"


def _default(field: Schema) -> str:
    default = field.get("default")
    return "" if default in (None, "", []) or isinstance(default, dict) else f"`{_written(default)}`"


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _type(field: Schema, named: Names) -> str:
    """What a field may hold, in a few words."""
    match field:
        case {"$ref": _}:
            heading = named[_name(field)]
            return f"[{heading}](#{heading.lower().replace(' ', '-')})"
        case {"const": value}:
            return f"`{_written(value)}`"
        case {"enum": values}:
            return ", ".join(f"`{_written(value)}`" for value in values)
        case {"anyOf": options} | {"oneOf": options}:
            return " or ".join(dict.fromkeys(_type(o, named) for o in options if o.get("type") != "null"))
        case {"type": "array", "prefixItems": items}:
            return f"list of {len(items)}: {', '.join(dict.fromkeys(_type(item, named) for item in items))}"
        case {"type": "array"}:
            return f"list of {_type(field.get('items', {}), named)}"
        case {"type": "object", "additionalProperties": Mapping() as inner}:
            return f"by name: {_type(inner, named)}"
        case {"type": "object", "patternProperties": Mapping() as inner}:
            return f"by name: {' or '.join(_type(one, named) for one in inner.values())}"
        case {"format": "date"}:
            return "day"
        case {"type": plain}:
            return WORDS.get(str(plain), str(plain))
        case _:
            return "anything"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
