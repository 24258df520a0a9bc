"""Distributions as they stand in YAML: one of a closed set each, as pydantic models (the source of their JSON Schema)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final, Literal

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from ..language.periods import Period
from ..model.documents import Document, Scalar

Probability = Annotated[Decimal, Field(ge=0, le=1, allow_inf_nan=False)]
Positive = Annotated[Decimal, Field(ge=0, allow_inf_nan=False)]
Real = Annotated[Decimal, Field(allow_inf_nan=False)]
Word = Annotated[str, BeforeValidator(lambda value: str(value).lower() if isinstance(value, bool) else str(value))]
Limits = tuple[Real, Real]
ColumnName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=121)]

NUMERIC: Final = ("uniform", "triangular", "normal", "lognormal", "poisson", "binomial", "integers")
KINDS: Final = ("constant", "choice", "empirical", "bernoulli", *NUMERIC, "days", "periods", "observed")


class NormalDoc(Document):
    """Mean and standard deviation, in the column's own unit; of the logarithm where it is a lognormal one."""

    mean: Real
    sd: Positive


class BinomialDoc(Document):
    """How many of `n` trials succeed, each with probability `p`."""

    n: Annotated[int, Field(ge=0, le=10**9)]
    p: Probability


class DistributionDoc(Document):
    """One distribution, named by its key: `{normal: {mean: 75, sd: 12}, holes: 0.01}`.

    What is drawn is rounded to the column's step. Draws beyond the column's bounds, or beyond `low` and
    `high`, are drawn again (the distribution is truncated), or moved to the bound with `outside: clip`.
    """

    constant: Scalar | None = Field(None, description="this value always")
    choice: dict[Word, Probability] | None = Field(None, description="values with their probabilities, which add up to 1")
    empirical: dict[Word, Positive] | None = Field(None, description="values with how often each was seen")
    bernoulli: Probability | None = Field(None, description="true with this probability")
    uniform: Limits | None = Field(None, description="least and greatest value, all between alike")
    triangular: tuple[Real, Real, Real] | None = Field(None, description="least, most likely and greatest value")
    normal: NormalDoc | None = None
    lognormal: NormalDoc | None = None
    poisson: Annotated[Decimal, Field(ge=0, le=10**15, allow_inf_nan=False)] | None = Field(None, description="its mean")
    binomial: BinomialDoc | None = None
    integers: tuple[int, int] | None = Field(None, description="least and greatest whole number, all between alike")
    days: tuple[date, date] | None = Field(None, description="first and last day, all between alike")
    periods: tuple[Period, Period] | None = Field(None, description="first and last period, all between alike")
    observed: Literal[True] | None = Field(None, description="one of the column's own known cells (resampling)")
    holes: Probability = Field(Decimal(0), description="the share of cells left empty")
    low: Real | None = Field(None, description="no number below it")
    high: Real | None = Field(None, description="no number above it")
    outside: Literal["redraw", "clip"] = Field("redraw", description="what becomes of draws beyond the bounds")

    @property
    def kind(self) -> str:
        """Which distribution it is."""
        return next(kind for kind in KINDS if getattr(self, kind) is not None)

    @model_validator(mode="after")
    def _one_of_the_kinds(self) -> DistributionDoc:
        given = [kind for kind in KINDS if getattr(self, kind) is not None]
        if len(given) != 1:
            raise ValueError(f"give exactly one of {', '.join(f'`{kind}`' for kind in KINDS)}")
        if given[0] not in NUMERIC and (self.low, self.high, self.outside) != (None, None, "redraw"):
            raise ValueError(f"`low`, `high` and `outside` go with numbers, not with `{given[0]}`")
        _check_shares(self.choice, self.empirical)
        _check_order(self.uniform, self.triangular, self.integers, self.days, self.periods, (self.low, self.high))
        return self


def _check_shares(choice: dict[str, Decimal] | None, empirical: dict[str, Decimal] | None) -> None:
    if choice is not None and sum(choice.values()) != 1:
        raise ValueError(f"the probabilities of `choice` add up to {sum(choice.values())}, not to 1")
    if empirical is not None and not sum(empirical.values()):
        raise ValueError("`empirical` has no value that was ever seen")


def _check_order(*limits: tuple[Any, ...] | None) -> None:
    for pair in limits:
        known = [limit for limit in pair or () if limit is not None]
        if len({type(limit) for limit in known if isinstance(limit, Period)}) > 1:
            raise ValueError("the first and the last period are of different kinds")
        if sorted(known) != known:
            raise ValueError(f"{known[0]} lies after {known[-1]}" if len(known) == 2 else "the three are not in order")


class DistributionsDoc(Document):
    """What columns are drawn from, each named `table.column`."""

    format: Literal[1]
    about: str = ""
    distributions: dict[ColumnName, DistributionDoc]
