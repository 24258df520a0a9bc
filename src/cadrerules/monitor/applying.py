"""A fact told as data, as a line of JSON or the body of a request has it, and the one function that applies it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Protocol, TypeAlias, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from ..errors import DataError, Place, Problem
from ..load.json_files import parse

if TYPE_CHECKING:
    from ..journal.entries import Entry


def _day(found: object) -> object:
    """A day as text in ISO form, for pydantic would also take a number for one."""
    if isinstance(found, str | date):
        return found
    raise PydanticCustomError("day", "not a day")


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RowTold(_Told):
    """A new row of a table, or what the row with its key is to be from now on; cells as `read_tables` takes them."""

    kind: Literal["post", "correct"]
    table: str
    row: dict[str, Any]


class KeyTold(_Told):
    """The row with this key stands no more: its cells by column, in order, or the only one."""

    kind: Literal["retract"]
    table: str
    key: dict[str, Any] | list[Any] | str | int


class TableTold(_Told):
    """The table is there, though it may have no row."""

    kind: Literal["table"]
    table: str


class DayTold(_Told):
    """It is now this day."""

    kind: Literal["advance"]
    day: Annotated[date, BeforeValidator(_day)]


Told: TypeAlias = Annotated[RowTold | KeyTold | TableTold | DayTold, Field(discriminator="kind")]
"""A fact as data: an object whose `kind` is post, correct, retract, table or advance. A model for requests, too."""

LONGEST: Final = 1_000_000
"""So many bytes may a line have."""
_TOLD: Final[TypeAdapter[Told]] = TypeAdapter(Told)
Given = TypeVar("Given", covariant=True)


class Takes(Protocol[Given]):
    """What takes facts: a monitor, which gives the changes, and a journal, which gives the entry."""

    def post(self, table: str, row: Any) -> Given:
        """Take a new row."""

    def correct(self, table: str, row: Any) -> Given:
        """Take what a row should have said."""

    def retract(self, table: str, key: Any) -> Given:
        """Take back the row with a key."""

    def begin(self, table: str) -> Given:
        """Take a table that may have no rows."""

    def advance(self, day: date) -> Given:
        """Take the day that it is now."""


def apply_fact(to: Takes[Given], told: Told) -> Given:
    """Tell a monitor or a journal of a fact; what it gives. Raises what its own method does.

    >>> from datetime import date
    >>> import cadrerules as cr
    >>> monitor = cr.load_policies("market-supervision").monitor(as_of=date(2024, 7, 1), policies=["board"])
    >>> row = {"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": 80}
    >>> str(apply_fact(monitor, read_fact({"kind": "post", "table": "progress", "row": row}))[0])
    'decision flag U1 2024Q1 begins: - -> red'
    """
    match told:
        case RowTold(kind="post"):
            return to.post(told.table, told.row)
        case RowTold():
            return to.correct(told.table, told.row)
        case KeyTold():
            return to.retract(told.table, told.key)
        case TableTold():
            return to.begin(told.table)
        case DayTold():
            return to.advance(told.day)


def told_by(entry: Entry) -> Told | None:
    """The fact that a journal's entry tells; none where it tells none, as a receipt or an erasure."""
    match entry.kind:
        case "post" | "correct" as kind:
            return RowTold(kind=kind, table=entry.table, row=dict(entry.row or {}))
        case "retract" if entry.key is not None:
            return KeyTold(kind="retract", table=entry.table, key=list(entry.key))
        case "table":
            return TableTold(kind="table", table=entry.table)
        case "advance" if entry.day is not None:
            return DayTold(kind="advance", day=entry.day)
    return None


def read_fact(raw: object) -> Told:
    """The fact that an object such as `{"kind": "advance", "day": "2024-07-01"}` tells; `DataError` for another."""
    try:
        return _TOLD.validate_python(raw)
    except ValidationError as error:
        places = {str(at["loc"][1]) for at in error.errors() if at["type"] != "extra_forbidden" and len(at["loc"]) > 1}
        raise DataError([Problem("CR-NO-FACT", Place(field=name)) for name in sorted(places) or [""]]) from None


def read_line(line: bytes) -> Told:
    """The fact on a line of JSON in UTF-8; `DataError` for anything else, and for a line that is too long."""
    if len(line) > LONGEST:
        raise DataError(Problem("CR-LINE-TOO-LONG", values={"limit": f"{LONGEST:,}"}))
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise DataError(Problem("CR-BAD-ENCODING", values={"encodings": "UTF-8"})) from None
    return read_fact(parse(text.strip(), Place()))
