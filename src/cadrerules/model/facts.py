"""Tables of facts: a pydantic model per table, its grain, and what each column may hold."""

from __future__ import annotations

import types as pytypes
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from math import inf
from typing import Annotated, Any, ClassVar, Final, Literal, Self, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, ValidationInfo, field_validator, model_validator

from ..language import periods
from ..language.evaluate import RowExpression
from ..language.types import DATE, TEXT, TRUTH, Choice, Number, Period, Type, unknown
from ..language.values import Value, decimal_places, in_units
from .cells import plain, read_cell, refuse
from .texts import Texts


class _Empty:
    """What an empty cell means, where it isn't a value."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __repr__(self) -> str:
        return self.name


UNKNOWN: Final = _Empty("UNKNOWN")
"""An empty cell is a fact nobody has yet."""
REFUSED: Final = _Empty("REFUSED")
"""The cell must not be empty."""
EVERY: Final = _Empty("EVERY")
"""An empty key cell stands for every value."""
NEVER: Final = date.max
"""An empty date has not come and may never come."""
ALWAYS: Final = date.min
"""An empty date lies before all others."""

Personal = Literal["", "id", "name", "maybe_id", "text"]
"""What a column of text holds of persons: nothing, their ids, their names, perhaps their ids, or text that may mention them."""


@dataclass(frozen=True, slots=True)
class Column:
    """What stands in a column, given beside its type: `Annotated[Decimal | None, Column(...)]`.

    `low`, `high` and `step` bound a number; `worse` says in which direction it is worse for the one
    concerned; `empty` what an empty cell means (default: unknown, refused for keys); `optional`
    whether the column may be left out; `references` the table whose key it names; `words` the
    Chinese words accepted for each choice, the first one shown; `aliases` further headings;
    `personal` whether it holds persons' ids (`id`), names (`name`), ids of persons or of something
    else (`maybe_id`), or text that may mention persons (`text`), so that pseudonyms can replace them.
    """

    en: str = ""
    zh: str = ""
    key: bool = False
    low: str | int | None = None
    high: str | int | None = None
    step: str | int = 1
    worse: Literal["lower", "higher"] | None = None
    empty: Any = None
    optional: bool = False
    references: str = ""
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()
    personal: Personal = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A contradiction within one row: a condition in the rule language and what it means."""

    when: str
    en: str
    zh: str

    @property
    def meaning(self) -> Mapping[str, str]:
        """What it means, in both languages."""
        return {"en": self.en, "zh": self.zh}


class Facts(BaseModel):
    """Base of all tables: subclass it with `class Progress(Facts, table="progress", ...)`.

    Class arguments: `table` (its name), `en` and `zh` (its titles), `counts` (the columns with the
    first and last day on which a row counts: rows not yet, or no longer, in force as of a date are
    left out), `refuse` (contradictions), `absent` (whether a table that isn't there leaves a look-up
    unknown or stands for no rows).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    spec: ClassVar[Table]

    @field_validator("*", mode="before")
    @classmethod
    def _read(cls, raw: object, info: ValidationInfo) -> object:
        return read_cell(raw, cls.spec.columns[info.field_name or ""])

    @model_validator(mode="after")
    def _agree(self) -> Self:
        for refusal in contradictions(self.spec, {name: getattr(self, name) for name in self.spec.columns}):
            refuse("CR-CONTRADICTION", meaning=refusal.meaning)
        return self

    def __init_subclass__(cls, **_: Any) -> None:
        """Leave the class arguments to pydantic, which hands them on once the fields are known."""
        super().__init_subclass__()

    @classmethod
    def __pydantic_init_subclass__(  # type: ignore[override]
        cls,
        *,
        table: str,
        en: str = "",
        zh: str = "",
        counts: tuple[str, str] | None = None,
        refuse: tuple[Refusal, ...] = (),
        absent: Literal["unknown", "none"] = "unknown",
        **kwargs: Any,
    ) -> None:
        columns = {name: _spec(name, info.annotation, info.metadata) for name, info in cls.model_fields.items()}
        cls.spec = Table(table, Texts(en=en or table, zh=zh or table), columns, counts, refuse, absent)


@dataclass(frozen=True)
class ColumnSpec:
    """A column as the language sees it: its type and how its cells are read."""

    name: str
    type: Type
    about: Column

    @cached_property
    def title(self) -> Texts:
        """Its heading in both languages."""
        return Texts(en=self.about.en or self.name, zh=self.about.zh or self.name)

    @cached_property
    def empty(self) -> Any:
        """What an empty cell means: UNKNOWN, REFUSED, EVERY, or the value that stands for it."""
        if self.about.empty is not None:
            return self.about.empty
        return REFUSED if self.about.key else UNKNOWN

    @cached_property
    def required(self) -> bool:
        """Whether the cell must not be empty."""
        return self.empty is REFUSED

    @cached_property
    def choices(self) -> Mapping[str, str]:
        """Each word accepted for a choice, and the choice; empty for other types."""
        options = self.type.options if isinstance(self.type, Choice) else ()
        words = {plain(word): option for option, all_of in self.about.words.items() for word in all_of}
        return {**words, **{option: option for option in options}}

    @cached_property
    def unknown(self) -> Value:
        """The value of a cell of which nothing is known."""
        return unknown(self.type)

    def value(self, cell: Any) -> Value:
        """The language's value of a validated cell: numbers in units of the step, empty as declared."""
        if cell is None:
            return self.unknown if isinstance(self.empty, _Empty) else self.empty
        if isinstance(self.type, Number):
            return in_units(cell, self.type.scale)
        return cell  # type: ignore[no-any-return]


@dataclass(frozen=True)
class Table:
    """A table: its name, titles, columns (key first), when its rows count, and what it refuses.

    `group` names the column that keeps organisations apart while it is read.
    """

    name: str
    title: Texts
    columns: Mapping[str, ColumnSpec]
    counts: tuple[str, str] | None = None
    refuse: tuple[Refusal, ...] = ()
    absent: Literal["unknown", "none"] = "unknown"
    group: str = ""

    @cached_property
    def key(self) -> tuple[str, ...]:
        """The names of the columns that tell rows apart."""
        return tuple(name for name, column in self.columns.items() if column.about.key)

    def personal(self, *kinds: Personal) -> tuple[str, ...]:
        """The columns about persons of these kinds; of every kind where none is named."""
        held = {name: column.about.personal for name, column in self.columns.items()}
        return tuple(name for name, kind in held.items() if kind and (not kinds or kind in kinds))

    @cached_property
    def types(self) -> Mapping[str, Type]:
        """The type of each column."""
        return {name: column.type for name, column in self.columns.items()}

    @cached_property
    def conditions(self) -> tuple[tuple[Refusal, RowExpression], ...]:
        """The contradictions it refuses, ready to run."""
        return tuple((refusal, RowExpression.of(refusal.when, self.types)) for refusal in self.refuse)

    @cached_property
    def weighed(self) -> tuple[str, ...]:
        """The columns that its contradictions are about."""
        return tuple(dict.fromkeys(name for _, condition in self.conditions for _, name in condition.reads))


def contradictions(table: Table, row: Row) -> list[Refusal]:
    """The contradictions in a row of validated cells; an unknown condition is none."""
    values = {name: table.columns[name].value(row[name]) for name in table.weighed}
    return [refusal for refusal, condition in table.conditions if condition.value(values) is True]


def targets_first(tables: Mapping[str, Table]) -> list[str]:
    """The tables in an order in which those that others refer to come first."""
    order: list[str] = []

    def place(name: str) -> None:
        if name in tables and name not in order:
            for target in sorted({column.about.references.partition(".")[0] for column in tables[name].columns.values()} - {name}):
                place(target)
            order.append(name)

    for name in sorted(tables):
        place(name)
    return order


def _spec(name: str, annotation: Any, metadata: list[Any]) -> ColumnSpec:
    about = next((m for m in metadata if isinstance(m, Column)), Column())
    column = ColumnSpec(name, _type(annotation, about), about)
    if about.personal and column.type != TEXT:
        raise TypeError(f"only text can be personal, not `{name}`")
    return column


def _type(annotation: Any, about: Column) -> Type:
    """The language's type of a Python annotation; `TypeError` for one that has none."""
    if get_origin(annotation) is Annotated:
        return _type(get_args(annotation)[0], about)
    if get_origin(annotation) in (Union, pytypes.UnionType):
        (inner,) = [a for a in get_args(annotation) if a is not type(None)]
        return _type(inner, about)
    if get_origin(annotation) is Literal:
        return Choice(get_args(annotation))
    if annotation is bool:
        return TRUTH
    if annotation is str:
        return TEXT
    if annotation is date:
        return DATE
    if annotation in (int, Decimal):
        return _number(about)
    if isinstance(annotation, type) and issubclass(annotation, periods.Period):
        return Period(annotation.kind)
    raise TypeError(f"a column can't be of type {annotation!r}")


def _number(about: Column) -> Number:
    step = Decimal(str(about.step))
    scale = decimal_places(step)
    if step != Decimal(1).scaleb(-scale):
        raise TypeError(f"a step must be a power of ten, not {step}")
    low = -inf if about.low is None else in_units(Decimal(str(about.low)), scale)
    high = inf if about.high is None else in_units(Decimal(str(about.high)), scale)
    return Number(scale, low, high)


def written_key(cells: Iterable[Any]) -> str:
    """The key of a row as disputes name it: `2024/U05/I03`, an empty cell as nothing."""
    return "/".join("" if cell is None else str(cell) for cell in cells)


Row = Mapping[str, Any]
"""One validated row: column name to cell, `None` where empty."""


@dataclass(frozen=True)
class FactTables:
    """Validated tables, ready to evaluate: rows per table name; `tables` holds their declarations.

    Made by `cadrerules.read_tables`. A table that is absent is not in `rows`; an empty one is `()`.
    `group` names the column that keeps organisations apart: every row has it, though no table declares it.
    `kind` is the kind of frames that they came in, `polars` where in none.
    """

    tables: Mapping[str, Table] = field(repr=False)
    rows: Mapping[str, tuple[Row, ...]]
    origin: str = ""
    warnings: tuple[str, ...] = ()
    group: str = ""
    kind: str = field(default="polars", compare=False)

    def __contains__(self, table: str) -> bool:
        return table in self.rows

    def __getitem__(self, table: str) -> tuple[Row, ...]:
        return self.rows[table]


class ColumnarTables(ABC):
    """Validated tables that stay in columns, ready to evaluate. Made by `cadrerules.scan_tables`.

    `engine` is the one that holds them already, `kind` the kind of frames that they came in, `rows` how many there are.
    """

    engine: ClassVar[Literal["polars", "spark"]] = "polars"
    kind: str
    rows: int

    @abstractmethod
    def facts(self, organisation: str | None = None) -> FactTables:
        """All rows, or those of one organisation without the grouping column."""

    @abstractmethod
    def only(self, organisation: str) -> ColumnarTables:
        """One organisation; `UsageError` where no table has it, or nothing keeps organisations apart."""

    @abstractmethod
    def organisations(self) -> list[str]:
        """The organisations that any table has, in order; none without a grouping column."""
