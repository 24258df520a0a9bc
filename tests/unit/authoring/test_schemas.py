from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from pydantic import ValidationError

from cadrerules import UsageError
from cadrerules.authoring.kinds import KINDS, kind_of
from cadrerules.authoring.schemas import json_schema, write_schemas
from cadrerules.load.yaml import read_yaml

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted(path for folder in ("policies", "examples", "tests/benchmarks/populations/row_rules") for path in (ROOT / folder).rglob("*.yaml"))
VALIDATORS = {kind: Draft202012Validator(json.loads(json_schema(kind))) for kind in KINDS}

TITLE = "{zh: 一, en: One}"
RIGHT = {
    "accepted": f"format: 1\naccepted: [{{check: gap, rules: [a.b], hash: 0123456789ab, reason: {TITLE}}}]\n",
    "uncertain": "format: 1\nnoise: {rows.points: {normal: {mean: 0, sd: 1.5}}}\n",
    "distributions": "format: 1\ndistributions: {rows.kind: {choice: {\"true\": 0.5, 1: 0.5}}}\n",
    "policy": f"format: 1\npolicy: p\ntitle: {TITLE}\nclause: [\"1\"]\nfacts: rows\nderive: {{one: 1, yes_: true, far: day > 7}}\nparams: {{a: {{values: {{2024-01-01: 7}}}}}}\n",
    "cases": "format: 1\nas_of: 2024-01-01\ncases: [{name: n, clause: 2.2, expect: [{question: q, subject: 7, period: 2024, due: 2.5}]}]\n",
}
WRONG = {
    "policy": f"format: 1\npolicy: p\ntitle: {TITLE}\nfact: rows\n",
    "questions": f"format: 1\nquestions: {{Standing: {{title: {TITLE}, subject: s, period: year, verdicts: {{}}, decide: each}}}}\n",
    "clauses": "format: 1\nclauses: []\n",
    "cases": "format: 1\nas_of: 2024-01-01\ncases: [{nam: n}]\n",
    "policy_set": f"format: 2\npolicy_set: p\ntitle: {TITLE}\n",
    "reform": "reform: more\nparams: {red_to: 7}\n",
    "accepted": f"format: 1\naccepted: [{{check: nothing, rules: [a.b], hash: 0123456789ab, reason: {TITLE}}}]\n",
    "uncertain": "format: 1\nnoise: {points: {normal: {mean: 0, sd: 1.5}}}\n",
    "distributions": "format: 1\ndistributions: {rows.points: {gauss: 1}}\n",
    "population": "format: 1\ntables: {rows: {row: 7}}\n",
}


def objects(schema: Any) -> Iterator[dict[str, Any]]:
    if isinstance(schema, dict):
        yield schema
    for part in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from objects(part)


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one_of_the_draft_and_says_what_everything_is(kind: str) -> None:
    schema = json.loads(json_schema(kind))
    Draft202012Validator.check_schema(schema)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    described = [(owner.get("title"), name, entry) for owner in objects(schema) for name, entry in owner.get("properties", {}).items()]
    assert len(described) > 3
    assert [(owner, name) for owner, name, entry in described if not entry.get("description")] == []
    assert [owner for owner in objects(schema) if "properties" in owner and not owner.get("description")] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_shipped_documents_fit_their_schema(path: Path) -> None:
    located = read_yaml(path)
    kind = next(name for name, kind in KINDS.items() if kind is kind_of(located))
    assert [error.message for error in VALIDATORS[kind].iter_errors(plain(located.data))] == []


@pytest.mark.parametrize("kind", RIGHT)
def test_what_loads_fits_the_schema(kind: str) -> None:
    located = read_yaml(RIGHT[kind])
    KINDS[kind].model.model_validate(located.data)
    assert [error.message for error in VALIDATORS[kind].iter_errors(plain(located.data))] == []


@pytest.mark.parametrize("kind", KINDS)
def test_what_does_not_load_does_not_fit(kind: str) -> None:
    data = read_yaml(WRONG[kind]).data
    with pytest.raises(ValidationError):
        KINDS[kind].model.model_validate(data)
    assert not VALIDATORS[kind].is_valid(plain(data))


def test_every_kind_is_told_by_its_entries() -> None:
    for kind, text in {**WRONG, **RIGHT}.items():
        assert kind_of(read_yaml(text)) is KINDS[kind]


def test_all_schemas_are_written_into_a_folder(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path / "new" / "schemas")
    assert sorted(path.name for path in paths) == sorted(f"{kind}.schema.json" for kind in KINDS)
    assert paths[0].read_text("utf-8") == json_schema("policy")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError) as caught:
        write_schemas(tmp_path / "file")
    assert caught.value.code == "CR-CANT-WRITE"


def plain(data: Any) -> Any:
    """As an editor reads a document: decimals are numbers."""
    return json.loads(json.dumps(data, default=float))
