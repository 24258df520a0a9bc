"""The document that describes a population: its tables, how many rows they have and what their columns are drawn from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from ...model.documents import Document, Expression, Name
from ...model.texts import Texts
from ..distribution_documents import KINDS, DistributionDoc, Probability, Word

PLACES: Final = re.compile(r"\{([a-z][a-z0-9_]*)\}")
"""The columns that a text names."""
_WORDS: Final = re.compile(r"[a-z][a-z0-9_]*")
Pattern = Annotated[str, StringConstraints(pattern=r"^[^#]*#+[^#]*$", max_length=60)]
Size = Annotated[int, Field(ge=0, le=1_000_000)]
Words = Annotated[list[Word], Field(min_length=1, max_length=1000)]
Span = Annotated[str, StringConstraints(pattern=r"^[^.]+\.\.[^.]+$", max_length=40)]
Values = Annotated[
    Annotated[Span, Tag("span")] | Annotated[Words, Tag("list")],
    Discriminator(lambda given: "list" if isinstance(given, list) else "span"),
]
Count = Annotated[
    Annotated[Size, Tag("number")] | Annotated[Name, Tag("name")] | Annotated[DistributionDoc, Tag("distribution")],
    Discriminator(lambda given: "name" if isinstance(given, str) else "number" if isinstance(given, int) else "distribution"),
]
"""A number of rows, the name of a size, or what the number is drawn from."""


class AfterDoc(Document):
    """So many days, or whole months, after the day in another column."""

    day: Name = Field(description="the column that holds the day")
    days: DistributionDoc | None = Field(None, description="how many days later")
    months: DistributionDoc | None = Field(None, description="how many months later")

    @model_validator(mode="after")
    def _one(self) -> AfterDoc:
        if (self.days is None) == (self.months is None):
            raise ValueError("give either `days` or `months`")
        return self

    @property
    def by(self) -> DistributionDoc:
        """What the distance is drawn from."""
        found = self.days or self.months
        assert found
        return found


class MadeDoc(Document):
    """What a column may hold that no distribution gives."""

    id: Pattern | None = Field(None, description="`U##`: the row's number within its organisation, of so many digits or more")
    text: str | None = Field(None, description="`{year}/{unit}`: a text made of other columns", max_length=200)
    of: Name | None = Field(None, description="what another column of the row holds")
    after: AfterDoc | None = Field(None, description="a day some time after that in another column")
    cases: list[CaseDoc] | None = Field(None, description="the first case that fits the row says what is drawn")


class ColumnDoc(DistributionDoc, MadeDoc):
    """What a column holds: a distribution, or one of the further kinds."""

    kinds: ClassVar[tuple[str, ...]] = (*KINDS, "id", "text", "of", "after", "cases")

    @property
    def others(self) -> Iterator[str]:
        """The columns of the row that it names, other than in conditions."""
        yield from self.number_names
        yield from self.day_names
        yield from PLACES.findall(self.text or "")
        yield from [self.of] if self.of else ()
        if self.after:
            yield self.after.day
            yield from self.after.by.number_names
        for case in self.cases or ():
            yield from case.draw.others

    @property
    def words(self) -> Iterator[str]:
        """The columns that it names, and all words of its conditions, some of which may be columns."""
        yield from self.others
        for case in self.cases or ():
            yield from _WORDS.findall(case.when or "")
            yield from case.draw.words


class CaseDoc(Document):
    """What is drawn where a condition holds, or otherwise."""

    when: Expression | None = Field(None, description="a condition on other columns of the row; without it, all other rows")
    draw: ColumnDoc = Field(description="what is drawn")


class PickDoc(Document):
    """A row of another table of the same organisation, picked at random for each row, and what is taken from it."""

    table: Name = Field(description="the table that the row is picked from")
    where: Expression | None = Field(None, description="only of rows that fit")
    take: dict[Name, Name] = Field(description="columns here, and the picked row's column that each is taken from")


class PartDoc(Document):
    """Rows of a table: how many there are, and what they hold."""

    each: Name | None = Field(None, description="another table: as many rows for each of its rows, whose columns they have too")
    where: Expression | None = Field(None, description="only for rows of `each` that fit")
    rows: Count | None = Field(None, description="how many per organisation, or per row of `each`")
    across: dict[Name, Values] = Field({}, description="a row for each of these: `2023Q1..2024Q4`, or a list")
    share: Probability | None = Field(None, description="the share of these rows that is kept")
    pick: list[PickDoc] = Field([], description="random rows of other tables, and what is taken from them")
    columns: dict[Name, ColumnDoc | None] = Field({}, description="what each column holds; nothing (`null`) leaves it empty")

    @property
    def in_order(self) -> dict[str, ColumnDoc | None]:
        """Its columns, each after those that it names; in the order of the document where they name each other."""
        waiting, found = dict(self.columns), dict[str, ColumnDoc | None]()
        while waiting:
            ready = [n for n, doc in waiting.items() if doc is None or not {*doc.words} & ({*waiting} - {n})]
            for name in ready or [*waiting][:1]:
                found[name] = waiting.pop(name)
        return found


class HelpingDoc(Document):
    """Whether a table is one of the population's."""

    aside: bool = Field(False, description="whether it only helps to draw other tables, and isn't written")


class TableDoc(PartDoc, HelpingDoc):
    """A table of the population. One that is `aside` only helps to draw the others, and isn't written."""

    parts: list[PartDoc] = Field([], description="where its rows are of several kinds; `columns` are then those that all share")

    @model_validator(mode="after")
    def _either(self) -> TableDoc:
        own = [name for name in ("rows", "each", "where", "across", "share", "pick") if getattr(self, name)]
        if self.parts and own:
            raise ValueError(f"with `parts`, `{own[0]}` belongs in one of them")
        return self

    @property
    def all_parts(self) -> list[PartDoc]:
        """Its parts, each with the columns that all share."""
        if not self.parts:
            return [self]
        return [part.model_copy(update={"columns": {**self.columns, **part.columns}}) for part in self.parts]


class PopulationDoc(Document):
    """A population: tables in an order in which those that others rest on come first."""

    format: Literal[1] = Field(description="the version of this form")
    about: Texts | None = Field(None, description="where its figures come from")
    organisations: Pattern = Field("O#######", description="the ids of organisations")
    sizes: dict[Name, Size] = Field({}, description="numbers of rows by name, which a call may change")
    tables: dict[Name, TableDoc] = Field(description="its tables by name, those that others rest on first")


MadeDoc.model_rebuild()
ColumnDoc.model_rebuild()
