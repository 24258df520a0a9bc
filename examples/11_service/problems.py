"""Errors as problem details (RFC 9457), in the language that the client accepts; `type` leads to the code's meaning."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, cast

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from starlette.exceptions import HTTPException as AnyHTTPException

import cadrerules as cr
from cadrerules.errors import CATALOGUE

Lang = Literal["en", "zh"]
MEDIA_TYPE = "application/problem+json"
REF = "#/components/schemas/{model}"
STATUS: Mapping[str, int] = {
    "CR-NO-DECISION": 404,
    "CR-SEVERAL-DECISIONS": 409,
    "CR-MONITOR-OTHER-ROW": 409,
    "CR-MONITOR-NO-ROW": 404,
    "CR-MONITOR-BACK": 409,
    "CR-JOURNAL-ID-REUSED": 409,
    "CR-JOURNAL-BUSY": 503,
    "CR-JOURNAL-FAILED": 503,
}
"""Of errors that aren't for what was sent, which is 422."""


class Fault(BaseModel):
    """One thing that is wrong."""

    code: str
    place: str
    message: str
    hint: str


class ProblemDetails(BaseModel):
    """What is wrong with a request, all of it at once."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = ""
    faults: list[Fault] = []


class Meaning(BaseModel):
    """What an error code means, in English and Chinese; `{..}` stands for what the error names."""

    code: str
    en: str
    zh: str


RESPONSES: dict[int | str, dict[str, Any]] = {
    status: {"description": text, "content": {MEDIA_TYPE: {"schema": {"$ref": REF.format(model="ProblemDetails")}}}}
    for status, text in {400: "Not readable", 404: "Not there", 409: "At odds", 422: "Refused", 503: "Busy"}.items()
}


def install(app: FastAPI) -> None:
    """Have the application answer every error with problem details, and tell what a code means."""
    app.exception_handler(cr.CadreError)(_coded)
    app.exception_handler(RequestValidationError)(_malformed)
    app.exception_handler(AnyHTTPException)(_plain)
    app.get("/errors/{code}")(meaning)
    described = app.openapi

    def openapi() -> dict[str, Any]:
        _, models = models_json_schema([(ProblemDetails, "serialization")], ref_template=REF)
        described()["components"]["schemas"] |= models["$defs"]
        return described()

    app.openapi = openapi  # type: ignore[method-assign] - as FastAPI has it extended


def meaning(code: str) -> Meaning:
    """What an error code means."""
    if code not in CATALOGUE:
        raise HTTPException(404)
    return Meaning(code=code, en=CATALOGUE[code].text("en"), zh=CATALOGUE[code].text("zh"))


def _coded(request: Request, error: Exception) -> JSONResponse:
    """An error of cadrerules, with its codes."""
    found, lang = cast("cr.CadreError", error), _lang(request)
    faults = [Fault(code=p.code, place=p.place.text(lang), message=p.message(lang), hint=p.hint(lang)) for p in found.problems]
    title, status = CATALOGUE[found.code].text(lang), STATUS.get(found.code, 422)
    return _answer(
        ProblemDetails(type=f"/errors/{found.code}", title=title, status=status, detail=found.report(lang), faults=faults)
    )


def _malformed(_: Request, error: Exception) -> JSONResponse:
    """A request that isn't of the shape the API describes."""
    wrong = cast("RequestValidationError", error).errors()
    detail = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong)
    return _answer(ProblemDetails(title="The request isn't of the described shape", status=422, detail=detail))


def _plain(_: Request, error: Exception) -> JSONResponse:
    """What HTTP itself refuses."""
    found = cast("AnyHTTPException", error)
    answer = _answer(ProblemDetails(title=str(found.detail), status=found.status_code))
    answer.headers.update(found.headers or {})
    return answer


def _answer(problem: ProblemDetails) -> JSONResponse:
    return JSONResponse(problem.model_dump(), problem.status, media_type=MEDIA_TYPE)


def _lang(request: Request) -> Lang:
    return "zh" if request.headers.get("accept-language", "").lower().startswith("zh") else "en"
