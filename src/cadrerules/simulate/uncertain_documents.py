"""What is uncertain, as it stands in YAML: what missing cells are drawn from, which known ones too, and what noise others get."""

from __future__ import annotations

from pydantic import Field

from .distribution_documents import ColumnName, DistributionDoc, DistributionsDoc


class UncertainDoc(DistributionsDoc):
    """What is uncertain, by `table.column`.

    Cells that are empty or in dispute are drawn from `distributions`; with `replace` all cells of a column are. `noise`
    is added to the known numbers of a column, in the column's own unit, and the sum kept within the column's bounds.
    """

    distributions: dict[ColumnName, DistributionDoc] = Field(default_factory=dict, description="what empty or disputed cells are drawn from, by `table.column`")
    replace: dict[ColumnName, DistributionDoc] = Field(default_factory=dict, description="what all cells of a column are drawn from, by `table.column`")
    noise: dict[ColumnName, DistributionDoc] = Field(default_factory=dict, description="what is added to the known numbers of a column, by `table.column`")
