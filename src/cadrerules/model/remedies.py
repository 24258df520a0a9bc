"""The tables that every plan shares: waivers of a rule and disputes about a fact."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from ..language.periods import Period
from .facts import NEVER, REFUSED, Column, Facts

Reason = Annotated[str, Column(en="Reason", zh="理由", empty=REFUSED, personal="text")]
Authority = Annotated[str, Column(en="Authority", zh="批准机关", aliases=("决定机关",), empty=REFUSED, personal="text")]
DecidedOn = Annotated[date, Column(en="Decided on", zh="决定日期", empty=REFUSED)]


class Waivers(Facts, table="waivers", en="Waivers", zh="豁免", counts=("decided_on", "expires_on"), absent="none"):
    """Who set aside which rule for whom and which period, by what authority and why."""

    rule: Annotated[str, Column(key=True, en="Rule", zh="规则")]
    subject: Annotated[str, Column(key=True, en="Subject", zh="对象", personal="maybe_id")]
    period: Annotated[Period | None, Column(key=True, en="Period", zh="期间", empty="")]
    authority: Authority
    reason: Reason
    decided_on: DecidedOn
    expires_on: Annotated[date | None, Column(en="Expires on", zh="有效期至", optional=True, empty=NEVER)] = None


class Disputes(Facts, table="disputes", en="Disputes", zh="争议", absent="none"):
    """Cells whose content is disputed; they count as unknown until resolved.

    `key` names the row: its key cells in column order, joined by `/`, such as `2024/U05/I03`.
    """

    table: Annotated[str, Column(key=True, en="Table", zh="表")]
    key: Annotated[str, Column(key=True, en="Key", zh="主键", personal="text")]
    column: Annotated[str, Column(key=True, en="Column", zh="列")]
    raised_on: Annotated[date, Column(en="Raised on", zh="提出日期", empty=REFUSED)]
    resolved_on: Annotated[date | None, Column(en="Resolved on", zh="解决日期", optional=True, empty=NEVER)] = None
