"""Distributions as they stand in YAML: one of a closed set each, as pydantic models (the source of their JSON Schema)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import BeforeValidator, Field, PlainValidator, StringConstraints, WithJsonSchema, model_validator

from ..language.periods import Period
from ..model.documents import Document, Scalar

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,59}")
NUMERIC: Final = ("uniform", "triangular", "normal", "lognormal", "poisson", "binomial", "integers")
KINDS: Final = ("constant", "choice", "empirical", "bernoulli", *NUMERIC, "days", "periods", "observed")


def _amount(value: Any) -> Decimal | str:
    """A finite number, or the name of a column."""
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    try:
        number = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise ValueError("write a number, or the name of a column of the row")
    return number


def _day(value: Any) -> date | str:
    """A day, or the name of a column."""
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("write a day such as 2024-09-01, or the name of a column of the row") from None


_NUMBER_OR_NAME = {"anyOf": [{"type": "number"}, {"type": "string", "description": "a column of the row"}]}
_DAY_OR_NAME = {"anyOf": [{"type": "string", "format": "date"}, {"type": "string", "description": "a column of the row"}]}
Amount = Annotated[Decimal | str, PlainValidator(_amount), WithJsonSchema(_NUMBER_OR_NAME)]
"""A number, or the column of the row that holds it."""
Day = Annotated[date | str, PlainValidator(_day), WithJsonSchema(_DAY_OR_NAME)]
"""A day, or the column of the row that holds it, or a period that contains it."""
Probability = Annotated[Decimal, Field(ge=0, le=1, allow_inf_nan=False)]
Weight = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
Positive = Annotated[Decimal, Field(gt=0, allow_inf_nan=False)]
Real = Annotated[Decimal, Field(allow_inf_nan=False)]
Word = Annotated[
    str,
    BeforeValidator(
        lambda value: str(value).lower() if isinstance(value, bool) else str(value), json_schema_input_type=str | float | bool
    ),
]
ColumnName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=121)]


class NormalDoc(Document):
    """Mean and standard deviation, in the column's own unit; of the logarithm where it is a lognormal one."""

    mean: Amount = Field(description="the mean")
    sd: Amount = Field(description="the standard deviation")


class BinomialDoc(Document):
    """How many of `n` trials succeed, each with probability `p`."""

    n: Amount = Field(description="how many trials")
    p: Amount = Field(description="the probability that one succeeds")


class DistributionDoc(Document):
    """One distribution, named by its key: `{normal: {mean: 75, sd: 12}, holes: 0.01}`.

    What is drawn is rounded to the column's step, or to multiples of `step`. Draws beyond the column's bounds, or beyond `low` and
    `high`, are drawn again (the distribution is truncated), or moved to the bound with `outside: clip`.
    In the place of a number or day may stand the column of the same row that holds it.
    """

    kinds: ClassVar[tuple[str, ...]] = KINDS

    constant: Scalar | None = Field(None, description="this value always")
    choice: dict[Word, Probability] | None = Field(None, description="values with their probabilities, which add up to 1")
    empirical: dict[Word, Weight] | None = Field(None, description="values with how often each was seen")
    bernoulli: Amount | None = Field(None, description="true with this probability")
    uniform: tuple[Amount, Amount] | None = Field(None, description="least and greatest value, all between alike")
    triangular: tuple[Real, Real, Real] | None = Field(None, description="least, most likely and greatest value")
    normal: NormalDoc | None = Field(None, description="a normal distribution")
    lognormal: NormalDoc | None = Field(None, description="a distribution whose logarithm is normal")
    poisson: Amount | None = Field(None, description="its mean")
    binomial: BinomialDoc | None = Field(None, description="how many of several trials succeed")
    integers: tuple[Amount, Amount] | None = Field(None, description="least and greatest whole number, all between alike")
    days: tuple[Day, Day] | None = Field(None, description="first and last day, all between alike")
    periods: tuple[Period, Period] | None = Field(None, description="first and last period, all between alike")
    observed: Literal[True] | None = Field(None, description="one of the column's own known cells (resampling)")
    low: Amount | None = Field(None, description="no number below it")
    high: Amount | None = Field(None, description="no number above it")
    step: Positive | None = Field(None, description="numbers are multiples of it; else of the column's step")
    outside: Literal["redraw", "clip"] = Field("redraw", description="what becomes of draws beyond the bounds")
    holes: Probability = Field(Decimal(0), description="the share of cells left empty")

    @property
    def kind(self) -> str:
        """Which distribution it is."""
        return next(kind for kind in self.kinds if getattr(self, kind) is not None)

    @property
    def amounts(self) -> tuple[Any, ...]:
        """The numbers that a numeric distribution is made of, or the columns that hold them."""
        of = getattr(self, self.kind)
        match of:
            case NormalDoc():
                return of.mean, of.sd
            case BinomialDoc():
                return of.n, of.p
            case tuple():
                return of
            case _:
                return (of,)

    @property
    def number_names(self) -> Iterator[str]:
        """The columns of numbers that it names."""
        of = self.amounts if self.kind in NUMERIC or self.kind == "bernoulli" else ()
        yield from (name for name in (*of, self.low, self.high) if isinstance(name, str))

    @property
    def day_names(self) -> Iterator[str]:
        """The columns of days or periods that it names."""
        yield from (name for name in self.days or () if isinstance(name, str))

    @model_validator(mode="after")
    def _one_of_the_kinds(self) -> DistributionDoc:
        given = [kind for kind in self.kinds if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(f'`{kind}`' for kind in self.kinds)}")
        if given[0] not in NUMERIC and (self.low, self.high, self.step, self.outside) != (None, None, None, "redraw"):
            raise ValueError(f"`low`, `high`, `step` and `outside` go with numbers, not with `{given[0]}`")
        _check_shares(self.choice, self.empirical)
        _check_order(self.uniform, self.triangular, self.integers, self.days, self.periods, (self.low, self.high))
        _check_amounts(self)
        return self


def _check_shares(choice: dict[str, Decimal] | None, empirical: dict[str, Decimal] | None) -> None:
    if choice is not None and sum(choice.values()) != 1:
        raise ValueError(f"the probabilities of `choice` add up to {sum(choice.values())}, not to 1")
    if empirical is not None and not sum(empirical.values()):
        raise ValueError("`empirical` has no value that was ever seen")


def _check_order(*limits: tuple[Any, ...] | None) -> None:
    for pair in limits:
        known = [limit for limit in pair or () if limit is not None and not isinstance(limit, str)]
        if len({type(limit) for limit in known if isinstance(limit, Period)}) > 1:
            raise ValueError("the first and the last period are of different kinds")
        if sorted(known) != known:
            raise ValueError(f"{known[0]} lies after {known[-1]}" if len(known) == 2 else "the three are not in order")


def _check_amounts(doc: DistributionDoc) -> None:
    """What numpy would refuse, said in the document's words."""
    known = [None if isinstance(amount, str) else amount for amount in doc.amounts]
    whole = known if doc.kind == "integers" else known[:1] if doc.kind == "binomial" else []
    if any(n is not None and n != n.to_integral_value() for n in whole):
        raise ValueError(f"`{doc.kind}` takes whole numbers")
    least = {"normal": known[-1:], "lognormal": known[-1:], "poisson": known, "binomial": known, "bernoulli": known}.get(doc.kind, [])
    if any(n is not None and n < 0 for n in least):
        raise ValueError(f"`{doc.kind}` takes no number below 0 here")
    if doc.kind in ("binomial", "bernoulli") and known[-1] is not None and known[-1] > 1:
        raise ValueError("a probability is at most 1")
    if any(isinstance(n, Decimal) and abs(n) > 10**15 for n in known):
        raise ValueError("the number is too large")


class DistributionsDoc(Document):
    """What columns are drawn from, each named `table.column`."""

    format: Literal[1] = Field(description="the version of this form")
    about: str = Field("", description="where the figures come from")
    distributions: dict[ColumnName, DistributionDoc] = Field(description="what each column is drawn from, by `table.column`")
