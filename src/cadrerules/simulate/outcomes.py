"""What an evaluation answers, as a frame: one row for each question, subject and period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from ..differences.decisions import Answer, Answers, answers
from ..engines.columnar.evaluation import Columnar
from ..engines.columnar.expressions import Col
from ..engines.columnar.relations import Pick
from ..model.facts import ColumnarTables, FactTables
from ..model.result import Decision
from ..organisations import evaluate
from ..populations.evaluation import in_columns

if TYPE_CHECKING:
    from ..plan import Plan

Progress = Callable[[str, int, int], None]

NOTHING = "nothing"
"""The outcome where nothing applies; also what a row that isn't there says."""
KEYS = ("group", "question", "kind", "subject", "period", "rule")
"""What outcomes are told apart by; `rule` only where each rule is decided apart, `group` only with a grouping column."""
TOLD = ("owed_by", "due", "short")
"""What the outcome of an obligation tells beside its verdict."""
SCHEMA: Mapping[str, type[pl.String]] = dict.fromkeys((*KEYS, "outcome", *TOLD), pl.String)
"""The columns of a frame of outcomes, all of them text."""


def outcomes(
    plan: Plan,
    tables: FactTables | ColumnarTables,
    as_of: date,
    policies: Iterable[str] | None = None,
    engine: str = "auto",
    progress: Progress | None = None,
) -> pl.DataFrame:
    """What the plan answers on validated tables, in the columns of `SCHEMA`, in no particular order.

    `outcome` is a verdict, or where it is undetermined those that are possible, in the question's order and
    joined by `|`, with `nothing` for none of them; of a question that is decided for each verdict, those that
    apply are joined by `+`. Where nothing applies there is no row. Arguments, and what is raised, are as of `Plan.evaluate`.
    """
    names = list(plan.policies if policies is None else policies)
    held = in_columns(plan, tables, as_of, names, engine)
    if held is not None:
        return of_columns(held, plan)
    rows = tables if isinstance(tables, FactTables) else tables.facts()
    return of_decisions(evaluate(plan, rows, as_of, names, progress).decisions)


def of_decisions(decisions: Iterable[Decision]) -> pl.DataFrame:
    """The outcomes that decisions of the scalar engine are."""
    found = answers(decisions)
    made = [(key.group, *key[:5], *_told(each)) for key, each in found.items()]
    return pl.DataFrame(made, SCHEMA, orient="row").filter(pl.col("outcome") != NOTHING)


def _told(each: Answers) -> tuple[str | None, ...]:
    return "+".join(sorted(map(_outcome, each))), *(getattr(each[0], name) for name in TOLD)


def _outcome(answer: Answer) -> str:
    if answer.status == "decided":
        return answer.verdict or NOTHING
    return "|".join(verdict or NOTHING for verdict in answer.possible)


def counts(
    plan: Plan, tables: FactTables | ColumnarTables, as_of: date, policies: Iterable[str] | None = None, engine: str = "auto"
) -> Counter[tuple[str, str]]:
    """How many decisions there are, by question and outcome; arguments as of `outcomes`."""
    names = list(plan.policies if policies is None else policies)
    held = in_columns(plan, tables, as_of, names, engine)
    if held is None:
        rows = tables if isinstance(tables, FactTables) else tables.facts()
        told = ((d.question, _outcome(Answer.of(d))) for d in evaluate(plan, rows, as_of, names).decisions)
        return Counter(key for key in told if key[1] != NOTHING)
    found = _decided(held).group_by("question", "outcome").len()
    return Counter({(question, outcome): count for question, outcome, count in found.iter_rows()})


# --- from columnar engines ----------------------------------------------------------------------

_WANTED = {"group": "group", "question": "question", "kind": "subject_kind", "subject": "subject", "period": "period", "rule": "of_rule"}
_STATE = ("status", "verdict", "possible", *TOLD)


def of_columns(held: Columnar, plan: Plan) -> pl.DataFrame:
    """The outcomes that a columnar engine found."""
    return _together(_decided(held), [name for name, question in plan.questions.items() if question.decide == "each"])


def _decided(held: Columnar) -> pl.DataFrame:
    """The outcome of each decision."""
    if held.decisions is None:
        return pl.DataFrame(schema=SCHEMA)
    kinds = held.decisions.columns
    wanted = {name: Col(of, kinds[of]) for name, of in (_WANTED | dict(zip(_STATE, _STATE, strict=True))).items()}
    found: pl.DataFrame = held.population.backend.frame(Pick(held.decisions, wanted), "polars")
    return found.select(*KEYS, outcome_of(), *TOLD).cast(pl.Schema(SCHEMA)).filter(pl.col("outcome") != NOTHING)


def outcome_of() -> pl.Expr:
    """The outcome that `status`, `verdict` and `possible` of a decision say."""
    possible = pl.col("possible").list.eval(pl.element().fill_null(NOTHING)).list.join("|")
    decided = pl.col("verdict").fill_null(NOTHING)
    return pl.when(pl.col("status") == "decided").then(decided).otherwise(possible).alias("outcome")


def _together(found: pl.DataFrame, each: list[str]) -> pl.DataFrame:
    """The outcomes of what is decided for each verdict put together."""
    if not each:
        return found
    apart = pl.col("question").is_in(each)
    told = [pl.col(name).first() for name in TOLD]
    joined = found.filter(apart).group_by(KEYS).agg(pl.col("outcome").sort().str.join("+"), *told)
    return pl.concat([found.filter(~apart), joined.select(list(SCHEMA))])
