"""A policy set made of the parts of another one, as they stand in a receipt."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from ..errors import Place, PolicyError, Problem
from ..model.documents import PolicyDoc
from ..model.parts import by_name
from ..model.policy_set import PolicySet
from ..model.set_documents import QuestionDoc, SetDoc
from .declared_tables import declared_table


def read_parts(parts: Mapping[str, Any]) -> PolicySet:
    """The checked policy set of documents that `model.parts.parts_of` gave; `PolicyError` where they aren't one."""
    try:
        doc = SetDoc.model_validate({**parts["set"], "tables": _each(parts["set"]["tables"], "columns")})
        questions = {name: QuestionDoc.model_validate(of) for name, of in _each(parts["questions"], "verdicts").items()}
        read = [PolicyDoc.model_validate(of) for of in _each(parts["policies"], "views").values()]
    except ValidationError as error:
        raise PolicyError(_problem(entry) for entry in error.errors(include_url=False)) from None
    policies = {policy.policy: policy for policy in read}
    models = {name: declared_table(name, table) for name, table in doc.tables.items()}
    return PolicySet(doc, models, questions, policies, dict(parts["chosen"]))


def _each(documents: Mapping[str, Any], field: str) -> dict[str, Any]:
    """Documents of which one field was written as a list, for the sake of its order."""
    return {name: {**doc, **({field: by_name(doc[field])} if field in doc else {})} for name, doc in documents.items()}


def _problem(entry: Mapping[str, Any]) -> Problem:
    path = ".".join(map(str, entry["loc"]))
    return Problem("CR-BAD-DOCUMENT", Place(path=path), {"reason": entry["msg"]})
