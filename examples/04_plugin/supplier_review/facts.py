"""The tables of the supplier review."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from cadrerules import Column, Facts
from cadrerules.language.periods import Year
from cadrerules.model.remedies import Waivers


class Suppliers(Facts, table="suppliers", en="Suppliers", zh="供应商名录"):
    """The approved suppliers."""

    supplier: Annotated[str, Column(key=True, en="Supplier", zh="供应商")]
    goods: Annotated[str | None, Column(en="Goods", zh="供应品类", optional=True)] = None


class Reviews(Facts, table="reviews", en="Reviews", zh="年度评价"):
    """What a year's deliveries and audit showed."""

    year: Annotated[Year, Column(key=True, en="Year", zh="年度")]
    supplier: Annotated[str, Column(key=True, en="Supplier", zh="供应商", references="suppliers.supplier")]
    late: Annotated[
        Decimal | None,
        Column(en="Late deliveries (%)", zh="逾期交货率", low=0, high=100, step="0.1", worse="higher"),
    ]
    complaints: Annotated[
        Decimal | None,
        Column(en="Deliveries complained of (%)", zh="投诉率", low=0, high=100, step="0.1", worse="higher"),
    ]
    audit: Annotated[
        Literal["A", "B", "C", "D"] | None,
        Column(en="Audit grade", zh="审核等级", words={"A": ("甲",), "B": ("乙",), "C": ("丙",), "D": ("丁",)}),
    ]


TABLES: tuple[type[Facts], ...] = (Suppliers, Reviews, Waivers)
