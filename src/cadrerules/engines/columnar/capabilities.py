"""What columnar engines can't do: refused before any work, and listed in the documentation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

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
    "great_numbers": {
        "en": "numbers so great that whole numbers of 64 bits, or doubles, would not hold them exactly",
        "zh": "数值过大，64 位整数或双精度数不能准确表示",
    },
    "python_findings": {
        "en": "findings that a plugin computes in Python",
        "zh": "由插件以 Python 计算的认定",
    },
}
"""By name, what no columnar engine can do, in both languages."""


COLUMNAR = ("polars", "duckdb", "spark")
"""The engines that all run the same relations, so that what holds of one holds of the others."""


@dataclass(frozen=True)
class Feature:
    """Something of plans, and how far columnar engines go: `except_for` are names of `CANNOT`.

    With `on_demand` the scalar engine does it for them, for the one subject or organisation asked about; `in_sql`
    says whether the text of a query does it too.
    """

    about: str
    except_for: tuple[str, ...] = ()
    how: Literal["yes", "on demand", "no"] = "yes"
    in_sql: bool = True


FEATURES: Mapping[str, Feature] = {
    "operator": Feature("operators and functions of one row", ("great_numbers",)),
    "parameters": Feature("parameters, dated and unset ones, and interpretations"),
    "unknown": Feature("unknown cells, carried as bounds"),
    "ranking": Feature("`rank`, every order, ties `competition` and `ordinal`", ("open_key", "great_numbers")),
    "dense": Feature("`rank` with ties `dense`", ("open_dense", "open_key", "great_numbers")),
    "sequence": Feature("`run` (gap `breaks` or `skips`) and `previous` (any `back`)", ("open_key",)),
    "aggregate": Feature(
        "`total`, `mean`, `count`, `distinct`, `lowest`, `highest`, `any`, `all`, `days_covered`",
        ("fractions", "great_numbers"),
    ),
    "across": Feature("aggregates of another table's rows, with `where`", ("fractions", "great_numbers")),
    "lookup": Feature("`lookup` and `exists`, keys with wildcards among them", ("open_key",)),
    "view": Feature("views, and views of views", ("grouped_cohort", "one_of_a_group", "fractions")),
    "where": Feature("`where` in a view"),
    "product": Feature("views of several tables"),
    "calendar": Feature("rows of the calendar"),
    "rules": Feature("rules, and whom they are `to`"),
    "obligations": Feature("obligations"),
    "decision_tables": Feature("decision tables"),
    "decisions": Feature("decisions: precedence, conflicts, waivers"),
    "exemptions": Feature("exemptions"),
    "disputes": Feature("cells in dispute", in_sql=False),
    "group_by": Feature("many organisations at once (`group_by`)"),
    "missing": Feature("what an undetermined finding or decision waits for", how="on demand", in_sql=False),
    "explain": Feature("explanations and traces", how="on demand", in_sql=False),
    "counterfactual": Feature("what would change a decision", how="on demand", in_sql=False),
    "python_findings": Feature("findings that a plugin computes in Python", ("python_findings",), how="no", in_sql=False),
}
"""By name, what the table of engines in the documentation lists."""


def cannot(engine: str, what: str, where: str = "") -> UsageError:
    """The error for something of `CANNOT`."""
    return UsageError(Problem("CR-ENGINE-CANNOT", values={"engine": engine, "what": CANNOT[what], "where": where or "-"}))


def refusing_unsupported(engine: str, work: Callable[[], T]) -> T:
    """What some work gives; `UsageError` for what the engine can't do."""
    try:
        return work()
    except Unsupported as error:
        raise cannot(engine, error.what, error.where) from None
