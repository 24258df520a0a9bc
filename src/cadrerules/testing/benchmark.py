"""Times a policy with pytest-benchmark: compiled, traced or over columns, on rows given or made up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from ..load.files import needing
from ..plan import Plan
from ..reading import scan_tables
from .samples import sample_inputs, sample_tables

if TYPE_CHECKING:
    from ..model.facts import ColumnarTables

Way = Literal["compiled", "traced", "columnar"]

AS_OF: Final = date(2025, 1, 15)
"""The day of the evaluation where none is given: a fixed one, so that every run does the same."""
_CALLS: Final = {"compiled": 5_000, "traced": 500}
"""So many rows a round at least, so that the clock itself doesn't count."""


@dataclass(frozen=True)
class PolicyBenchmark:
    """Times policies with the `benchmark` fixture of pytest-benchmark."""

    benchmark: Any

    def __call__(
        self,
        plan: Plan,
        policy: str,
        *,
        rows: int | Any = 1_000,
        way: Way = "compiled",
        as_of: date = AS_OF,
        seed: int = 0,
        holes: float = 0.0,
        rounds: int = 20,
        engine: str = "polars",
    ) -> Any:
        """Time a policy on rows and give its last answer.

        - `compiled` and `traced` call the policy row by row. `rows` is one row (a mapping of the policy's
          inputs), a list of them, or how many to make up. The answer is that to the one row, or a list.
        - `columnar` evaluates whole tables that stay in columns, by `engine`, to a frame of decisions, which is the answer.
          `rows` is what `scan_tables` takes, or how many rows of each table to make up.

        Made-up rows are the same for a `seed`, near the values where the rules turn, with the share `holes`
        of cells empty. The benchmark's `extra_info` holds the policy set's hash, policy, way, how many rows,
        and after a run the mean seconds per row. `ValueError` for another way.
        """
        if way not in get_args(Way):
            raise ValueError(f"a way is one of {', '.join(get_args(Way))}, not {way}")
        asked = _Asked(plan, policy, rows, as_of, seed, holes)
        call, given, count = asked.columnar(engine) if way == "columnar" else asked.by_rows(way)
        repeated = max(1, _CALLS[way] // count) if way in _CALLS and self.benchmark.enabled else 1
        if self.benchmark.group is None:
            self.benchmark.group = f"{plan.name} {policy}"
        answer = self.benchmark.pedantic(call, (given,), rounds=rounds, iterations=repeated, warmup_rounds=1)
        self._note(hash=plan.hash, policy=policy, way=way, rows=count, made_up=isinstance(rows, int))
        return answer

    def _note(self, rows: int, **info: Any) -> None:
        stats = self.benchmark.stats
        per_row = {"seconds_per_row": stats.stats.mean / rows} if stats and rows else {}
        self.benchmark.extra_info.update(info, rows=rows, **per_row)


@dataclass(frozen=True)
class _Asked:
    """What is timed on what."""

    plan: Plan
    policy: str
    rows: int | Any
    as_of: date
    seed: int
    holes: float

    def by_rows(self, way: Way) -> tuple[Callable[[Any], Any], Any, int]:
        """The call, what it is called with, and how many rows that is."""
        of = self.plan.policy(self.policy)
        call: Callable[[Any], Any] = of.compile(self.as_of) if way == "compiled" else of.traced(self.as_of)
        rows = self.rows
        if isinstance(rows, Mapping):  # called as it is: a loop would count as much as the call itself
            return call, dict(rows), 1
        if isinstance(rows, int):
            rows = sample_inputs(self.plan, self.policy, rows, as_of=self.as_of, seed=self.seed, holes=self.holes)
        return lambda each: [call(row) for row in each], list(rows), len(rows)

    def columnar(self, engine: str) -> tuple[Callable[[Any], Any], Any, int]:
        """The same for tables that stay in columns."""
        tables = scan_tables(self._frames() if isinstance(self.rows, int) else self.rows, self.plan)
        return lambda each: self._decided(each, engine), tables, tables.rows

    def _frames(self) -> Mapping[str, Any]:
        with needing("polars", "frames"):
            import polars as pl
        made = sample_tables(self.plan, self.policy, self.rows, as_of=self.as_of, seed=self.seed, holes=self.holes)
        return {name: pl.DataFrame([_written(row) for row in rows], infer_schema_length=None) for name, rows in made.items()}

    def _decided(self, tables: ColumnarTables, engine: str) -> Any:
        result = self.plan.evaluate(tables, as_of=self.as_of, policies=[self.policy], engine=engine)
        return result.to_frame("decisions", "polars")


def _written(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as a frame holds it: periods as their text."""
    return {name: cell if cell is None or isinstance(cell, bool | int | str | date) else str(cell) for name, cell in row.items()}
