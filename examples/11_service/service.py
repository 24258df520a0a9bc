"""A service: facts are posted as they happen, decisions are asked for and explained, errors are problem details.

    uvicorn --app-dir examples/11_service --factory service:create_app --workers 2

Each worker has a monitor of its own. All of them share one journal: a `SharedMonitor` takes in what the other workers
entered before it answers, and enters a fact only where nothing came between. Open `/docs` for the API, made from the
models of the plan's tables and of decisions. Who may ask what is for you to add: decisions are about people.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Annotated, Any, Literal, Self

from fastapi import Body, Depends, FastAPI, Header, Query, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel, WithJsonSchema

import cadrerules as cr
import problems

JOURNAL = "bureau.db"
POLICIES = "market-supervision"


class DecisionChange(BaseModel):
    """A decision that begins, ends or becomes another."""

    what: Literal["begins", "ends", "changes"]
    old: cr.Decision | None
    new: cr.Decision | None


class Told(BaseModel):
    """What a fact led to."""

    changes: list[DecisionChange]

    @classmethod
    def of(cls, changes: tuple[cr.Change, ...]) -> Self:
        """The decisions among the changes."""
        return cls(changes=[DecisionChange(what=c.what, old=c.old, new=c.new) for c in changes if c.of == "decision"])


class Health(BaseModel):
    """What a worker works with, and how far in the journal it has come."""

    status: Literal["ok"] = "ok"
    policies: str
    hash: str
    as_of: date
    sequence: int


def shared(request: Request) -> cr.SharedMonitor:
    """The worker's monitor."""
    return request.app.state.monitor


Shared = Annotated[cr.SharedMonitor, Depends(shared)]
Id = Annotated[str, Header(alias="Idempotency-Key", max_length=100, description="the same call again counts once")]
Period = Annotated[str | None, Query(examples=["2024"], description="needed where there are decisions for several")]


def create_app(journal: str | None = None) -> FastAPI:
    """The application of one worker; `journal` is a file or a URL, else what CADRERULES_JOURNAL says."""
    plan = cr.load_policies(os.environ.get("CADRERULES_POLICIES", POLICIES))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        with cr.open_journal(journal or os.environ.get("CADRERULES_JOURNAL", JOURNAL), plan) as opened:
            app.state.monitor = cr.SharedMonitor(plan, opened)
            yield

    app = FastAPI(title="Decisions", version=cr.__version__, lifespan=lifespan, responses=problems.RESPONSES)
    problems.install(app)
    for name, model in plan.models.items():
        add_table(app, name, model)
    app.get("/decisions/{question}/{subject}")(decide)
    app.get("/decisions/{question}/{subject}/explanation", response_class=PlainTextResponse)(explain)
    app.get("/people/{person}/decisions")(decisions_on)
    app.post("/day")(advance)
    app.get("/health")(health)
    return app


def add_table(app: FastAPI, name: str, model: type[cr.Facts]) -> None:
    """The routes of one table, described by its model; the monitor reads the cells, and names all that is wrong."""
    row = Annotated[dict[str, Any], Body(), WithJsonSchema(model.model_json_schema())]

    def post(row: row, monitor: Shared, key: Id = "") -> Told:  # type: ignore[valid-type]
        return Told.of(monitor.post(name, row, id=key))

    def correct(row: row, monitor: Shared, key: Id = "") -> Told:  # type: ignore[valid-type]
        return Told.of(monitor.correct(name, row, id=key))

    about = (model.__doc__ or "").partition("\n")[0]
    app.post(f"/facts/{name}", summary=f"A new fact. {about}")(post)
    app.put(f"/facts/{name}", summary=f"What a fact should have said. {about}")(correct)


def decide(question: str, subject: str, monitor: Shared, period: Period = None) -> cr.Decision:
    """The decision on a question about a subject: a proposal for a person to confirm."""
    return monitor.result().decision(question, subject, period)


def explain(
    question: str, subject: str, monitor: Shared, period: Period = None, lang: Literal["en", "zh"] = "en"
) -> str:
    """Why: the rules, their conditions and clauses, and the facts."""
    return monitor.result().decision(question, subject, period).explain(lang)


def decisions_on(person: str, monitor: Shared) -> list[cr.Decision]:
    """All decisions about a person; none where nothing applies."""
    return [d for d in monitor.current().decisions if (d.subject.kind, d.subject.id) == ("person", person)]


def advance(day: Annotated[date, Body(embed=True)], monitor: Shared) -> Told:
    """It is now this day: deadlines pass, what was to come has come."""
    return Told.of(monitor.advance(day))


def health(monitor: Shared) -> Health:
    """Whether the worker can read the journal."""
    as_of = monitor.current().as_of
    return Health(policies=monitor.plan.name, hash=monitor.plan.hash, as_of=as_of, sequence=monitor.sequence)
