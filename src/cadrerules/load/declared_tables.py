"""Tables that a policy set declares in YAML, as the same pydantic models that Python authors write."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import create_model

from ..language import periods
from ..model.facts import ALWAYS, EVERY, NEVER, REFUSED, UNKNOWN, Column, Facts
from ..model.set_documents import ColumnDoc, TableDoc

_TYPES: Mapping[str, Any] = {
    "number": Decimal,
    "whole": int,
    "truth": bool,
    "text": str,
    "date": date,
    "year": periods.Year,
    "quarter": periods.Quarter,
    "month": periods.Month,
    "week": periods.Week,
    "period": periods.Period,
}
_EMPTY: Mapping[str | None, Any] = {
    None: None,
    "unknown": UNKNOWN,
    "refused": REFUSED,
    "every": EVERY,
    "never": NEVER,
    "always": ALWAYS,
    "none": "",
    "true": True,
    "false": False,
}


def declared_table(name: str, doc: TableDoc) -> type[Facts]:
    """The model of a table declared in a document."""
    fields = {column: _field(about) for column, about in doc.columns.items()}
    titles = {"en": doc.title.en, "zh": doc.title.zh} if doc.title else {}
    arguments = {"table": name, "counts": doc.counts, **titles}
    return create_model(name.title(), __base__=Facts, __cls_kwargs__=arguments, **fields)


def _field(doc: ColumnDoc) -> Any:
    words = {k: tuple(v) for k, v in doc.options.items()} if isinstance(doc.options, dict) else {}
    about = Column(
        en=doc.title.en if doc.title else "",
        zh=doc.title.zh if doc.title else "",
        key=doc.key,
        low=None if doc.low is None else str(doc.low),
        high=None if doc.high is None else str(doc.high),
        step=str(doc.step),
        worse=doc.worse,
        empty=_EMPTY[doc.empty],
        optional=doc.optional,
        references=doc.references,
        words=words,
        aliases=tuple(doc.aliases),
        personal=doc.personal,
    )
    kind = Literal[tuple(doc.options)] if doc.type == "choice" else _TYPES[doc.type]
    return (Annotated[kind | None, about], None if doc.optional else ...)
