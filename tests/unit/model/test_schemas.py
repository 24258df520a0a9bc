"""The JSON schemas of results and tables, from which an application's own description is made."""

from __future__ import annotations

import cadrerules as cr

PLAN = cr.load_policies("market-supervision")


def test_a_decision_is_described_by_its_fields() -> None:
    described = cr.Decision.model_json_schema(mode="serialization")
    assert list(described["properties"]) == list(cr.Decision.model_fields)
    assert described["required"] == ["id", "question", "subject", "period", "status"]
    assert described["properties"]["subject"] == {"$ref": "#/$defs/Subject"}
    assert list(cr.Finding.model_json_schema(mode="serialization")["properties"]) == list(cr.Finding.model_fields)


def test_a_row_is_described_by_its_columns() -> None:
    described = PLAN.models["assessments"].model_json_schema()
    assert described["properties"]["period"] == {"title": "Period", "type": "string", "description": "a period", "examples": ["2024Q3"]}
    assert described["additionalProperties"] is False
