"""What columnar engines can't do: refused before any work, and listed in the documentation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from ...errors import Problem, UsageError

T = TypeVar("T")


class Unsupported(Exception):  # noqa: N818 - a signal between passes, never shown
    """Something that the engine can't do; `what` is a name of `CANNOT`."""

    def __init__(self, what: str, where: str = "") -> None:
        super().__init__(what, where)
        self.what, self.where = what, where


CANNOT: Mapping[str, Mapping[str, str]] = {
    "open_key": {
        "en": "rows are grouped, ranked or looked up by a column of which a cell is unknown or in dispute",
        "zh": "用以分组、排名或查找的列中有未知或有争议的单元格",
    },
    "open_dense": {
        "en": "a dense rank of values not all of which are known",
        "zh": "对并非全部已知的数值作不跳号的排名",
    },
    "fractions": {
        "en": "a total, mean, extreme or count of means",
        "zh": "对平均数再求合计、平均、最值或个数",
    },
    "grouped_cohort": {
        "en": "a cohort function of what a view computes for its groups",
        "zh": "对视图分组结果再用成组函数",
    },
    "one_of_a_group": {
        "en": "a view's column that is no aggregate, and takes its value from the first row of each group",
        "zh": "视图的列不作汇总，而取每组第一行的值",
    },
    "python_findings": {
        "en": "findings that a plugin computes in Python",
        "zh": "由插件以 Python 计算的认定",
    },
}
"""By name, what no columnar engine can do, in both languages."""


def cannot(engine: str, what: str, where: str = "") -> UsageError:
    """The error for something of `CANNOT`."""
    return UsageError(Problem("CR-ENGINE-CANNOT", values={"engine": engine, "what": CANNOT[what], "where": where or "-"}))


def refusing_unsupported(engine: str, work: Callable[[], T]) -> T:
    """What some work gives; `UsageError` for what the engine can't do."""
    try:
        return work()
    except Unsupported as error:
        raise cannot(engine, error.what, error.where) from None
