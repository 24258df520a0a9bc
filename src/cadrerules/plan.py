"""A plan: a policy set ready to be asked. The object that programs load, amend, evaluate and compile."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from .errors import Problem, UsageError
from .language.source import nearest
from .model.clauses import Register
from .model.dependencies import dependencies
from .model.facts import ColumnarTables, Facts, FactTables, Table
from .model.policy import Interpretation, Parameter, Policy, Question, Rule
from .model.policy_set import PolicySet
from .model.program import Program, bind_policy
from .model.result import Result
from .plugins import installed_plugins

if TYPE_CHECKING:
    import pluggy

    from .differences.difference import PolicyDiff
    from .engines.compiled import CompiledPolicy
    from .engines.scalar.single import TracedPolicy
    from .journal.journal import Journal
    from .monitor.changes import Change
    from .monitor.engine import MonitorEngine
    from .monitor.journal import Journal as MonitorJournal
    from .monitor.monitor import Monitor

Progress = Callable[[str, int, int], None]
Engine = Literal["auto", "scalar", "polars", "duckdb", "spark"]
ENGINES: tuple[Engine, ...] = ("auto", "scalar", "polars", "duckdb", "spark")

_MONITOR = ".monitor.monitor"
"""What keeps a plan's answers up to date, named so that plans don't rest on it."""


@dataclass(frozen=True, repr=False)
class Plan:
    """A checked policy set and the plugins that extend it. Never changed in place; safe to share between threads."""

    policy_set: PolicySet
    plugins: pluggy.PluginManager = field(default_factory=installed_plugins, compare=False, repr=False)

    def __repr__(self) -> str:
        return f"<Plan {self.name} {self.hash[:12]}>"  # all its documents would fill pages

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002 - as IPython and hypothesis call it
        printer.text(repr(self))

    def _repr_html_(self) -> str:
        from .report.notebook import of_plan

        return of_plan(self)

    @property
    def name(self) -> str:
        """The policy set's name."""
        return self.policy_set.name

    @property
    def hash(self) -> str:
        """SHA-256 of the policy set's content."""
        return self.policy_set.hash

    @property
    def models(self) -> Mapping[str, type[Facts]]:
        """The model of each table."""
        return self.policy_set.models

    @property
    def tables(self) -> Mapping[str, Table]:
        """The declaration of each table: columns, key, titles."""
        return self.policy_set.tables

    @property
    def policies(self) -> Mapping[str, Policy]:
        """The checked policies, by name."""
        return self.policy_set.policies

    @property
    def questions(self) -> Mapping[str, Question]:
        """The questions the plan answers, by name."""
        return self.policy_set.questions

    @property
    def parameters(self) -> Mapping[str, Parameter]:
        """The parameters, by full name."""
        return self.policy_set.context.parameters

    @property
    def interpretations(self) -> Mapping[str, Interpretation]:
        """The ambiguities and the reading of each in force, by full name."""
        return self.policy_set.context.interpretations

    @property
    def rules(self) -> Mapping[str, Rule]:
        """The rules, by id; of one with several outcomes the first."""
        return {rule.id: rule for policy in self.policies.values() for rule in reversed(policy.rules)}

    @property
    def is_opaque(self) -> bool:
        """Whether plugins compute findings in Python: these may look at any fact, parameter or reading."""
        return bool(self.plugins.hook.cadrerules_findings.get_hookimpls())

    @property
    def clauses(self) -> Register:
        """The register of the source's clauses: what of each is encoded, left out, ambiguous or for people to judge.

        Derived from the plan as it is, amended or not; without entries where it has no `clauses.yaml`.
        """
        return self.policy_set.register

    def amend(
        self,
        params: Mapping[str, Any] | None = None,
        interpretations: Mapping[str, str] | None = None,
        rules: Mapping[str, Mapping[str, Any] | None] | None = None,
    ) -> Plan:
        """A new plan with parameters, readings or rules changed; this one stays as it was.

        `params` maps full names to values (None unsets), `interpretations` full names to readings,
        `rules` rule ids to changed fields, or None to leave the rule out. Raises `UsageError` for an
        unknown name, `PolicyError` for a value or rule that can't be.

        >>> import cadrerules as cr
        >>> plan = cr.load_policies("market-supervision")
        >>> plan.amend(params={"board.black_quarters": 3}).hash == plan.hash
        False
        """
        return replace(self, policy_set=self.policy_set.amend(params, interpretations, rules))

    def evaluate(
        self,
        facts: FactTables | ColumnarTables | Mapping[str, Any] | str | Path,
        *,
        as_of: date | None = None,
        policies: Iterable[str] | None = None,
        engine: str = "auto",
        progress: Progress | None = None,
        group_by: str = "",
    ) -> Result:
        """Findings and decisions on tables of facts, as of a day (default: today).

        `facts` is what `read_tables` gives, or anything it reads. `policies` names those to
        evaluate (default: all). `group_by` names the column that keeps organisations apart, where the
        facts have not been read with it already. `progress` is told what is evaluated, how many are
        done and of how many: policies, or organisations where there are several. `engine` is scalar,
        polars, duckdb, spark, or auto, which takes the faster one that can do it. Raises `DataError`
        for facts that are refused and `UsageError` for an unknown policy or engine, and for facts
        that were read with another grouping column.
        """
        from .organisations import evaluate

        if engine not in ENGINES:
            raise UsageError(Problem("CR-ENGINE-MISSING", values={"name": engine, "known": ", ".join(ENGINES)}))
        day, names = as_of or date.today(), self._names(policies)
        tables = self.held(facts, group_by)
        from .populations import evaluation as populations

        result = populations.evaluate(self, tables, day, names, engine)
        if result is None:
            rows = tables if isinstance(tables, FactTables) else tables.facts()
            result = evaluate(self, rows, day, names, progress)
        return replace(result, kind=tables.kind)

    def held(
        self, facts: FactTables | ColumnarTables | Mapping[str, Any] | str | Path, group_by: str = ""
    ) -> FactTables | ColumnarTables:
        """The facts as validated tables: those that are stay as they are, all else is read."""
        return facts if isinstance(facts, ColumnarTables) else self._facts(facts, group_by)

    def _facts(self, facts: FactTables | Mapping[str, Any] | str | Path, group_by: str) -> FactTables:
        if not isinstance(facts, FactTables):
            from .load.tables import read_tables

            return read_tables(facts, list(self.models.values()), group_by=group_by)
        if group_by not in ("", facts.group):
            values = {"name": group_by, "read": facts.group or "-"}
            raise UsageError(Problem("CR-GROUP-DIFFERS", values=values))
        return facts

    def _names(self, policies: Iterable[str] | None) -> list[str]:
        names = list(self.policies if policies is None else policies)
        for name in names:
            self._known(name, self.policies, "CR-UNKNOWN-POLICY")
        return names

    def _known(self, name: str, known: Mapping[str, Any], code: str) -> None:
        if name not in known:
            raise UsageError(Problem(code, values={"name": name, "nearest": nearest(name, known)}))

    def diff(
        self,
        other: Plan,
        facts: FactTables | ColumnarTables | Mapping[str, Any] | str | Path | None = None,
        *,
        as_of: date | None = None,
        group_by: str = "",
        engine: str = "auto",
        proofs: bool = True,
        progress: Progress | None = None,
    ) -> PolicyDiff:
        """How another plan differs from this one: `changes` of the documents, `differences`, and with facts `flips`.

        `differences` say of each question whether the rules decide alike for all facts, which needs the
        extra `verify`, and are left out without `proofs`. `flips` are the decisions that differ on the facts,
        each with the changes that cause it. `facts`, `as_of`, `group_by` and `engine` are as `evaluate` takes them.

        >>> import cadrerules as cr
        >>> plan = cr.load_policies("market-supervision")
        >>> found = plan.diff(plan.amend(params={"board.red_to": 6}), proofs=False)
        >>> [(change.name, change.fields[0].old, change.fields[0].new) for change in found.changes]
        [('board.red_to', '7', '6')]
        """
        from .differences.difference import diff

        return diff(
            self, other, facts, as_of, group_by=group_by, engine=engine, proofs=proofs, progress=progress
        )

    def monitor(
        self,
        journal: MonitorJournal | Journal | None = None,
        *,
        facts: FactTables | Mapping[str, Any] | str | Path | None = None,
        as_of: date | None = None,
        on_change: Callable[[tuple[Change, ...]], object] | None = None,
        policies: Iterable[str] | None = None,
        engine: MonitorEngine = "auto",
    ) -> Monitor:
        """A monitor for facts that arrive one at a time, as of a day (default: today).

        It begins with `facts`, anything that `read_tables` reads, or with none. `journal`, which must be empty,
        keeps every fact before it is applied: what `open_journal` gives, or another `monitor.journal.Journal`. `on_change` is called with the changes after each fact that changes
        anything. `policies` names those to evaluate (default: all). `engine` is auto, which lets durable_rules decide
        what it can where the extra `stream` is installed, scalar or stream. Answers are the same. Raises `DataError`
        for facts that are refused and `UsageError` for several organisations' and for a journal in use.

        >>> import cadrerules as cr
        >>> monitor = cr.load_policies("market-supervision").monitor(policies=["board"])
        >>> monitor.post("progress", {"quarter": "2024Q1", "unit": "U1", "indicator": "I1", "progress": 80})[0].about.verdict
        'red'
        """
        made = import_module(_MONITOR, __package__).Monitor
        tables = None if facts is None else self._facts(facts, "")
        day, names = as_of or date.today(), self._names(policies)
        made_of = {"facts": tables, "as_of": day, "on_change": on_change, "policies": names, "engine": engine}
        return cast("Monitor", made(self, journal, **made_of))

    def policy(self, name: str) -> PlanPolicy:
        """One policy of the plan; `UsageError` for an unknown name."""
        self._known(name, self.policies, "CR-UNKNOWN-POLICY")
        return PlanPolicy(self, self.policies[name])

    def requires(self, question: str) -> dict[str, tuple[str, ...]]:
        """The tables and columns that the answer to a question rests on.

        >>> import cadrerules as cr
        >>> cr.load_policies("market-supervision").requires("commendation")["style"]
        ('quarter', 'style', 'unit')
        """
        self._known(question, self.questions, "CR-UNKNOWN-QUESTION")
        needed: dict[str, set[str]] = {}
        for policy in self.policies.values():
            for rule in policy.rules:
                if rule.question == question:
                    for table, column in dependencies(policy, rule).columns:
                        needed.setdefault(table, set(self.tables[table].key)).update({column} - {""})
        return {table: tuple(sorted(columns)) for table, columns in sorted(needed.items())}


@dataclass(frozen=True)
class PlanPolicy:
    """One policy of a plan."""

    plan: Plan
    policy: Policy

    def _repr_html_(self) -> str:
        from .report.notebook import of_policy

        return of_policy(self)

    def compile(self, as_of: date | None = None) -> CompiledPolicy:
        """A fast callable for one row, without trace; `UsageError` for a policy without rules on facts of its own."""
        from .engines.compiled import compile_policy

        return compile_policy(self._program(as_of), self.plan.tables)

    def truths(
        self,
        facts: FactTables | ColumnarTables | Mapping[str, Any] | str | Path,
        *,
        as_of: date | None = None,
        engine: str = "auto",
        kind: str = "polars",
        group_by: str = "",
    ) -> Any:
        """A frame with each row of the policy's own facts by its key, and a column for each rule that looks at them.

        A rule's column is true where its condition holds on the row, false where it doesn't, and null where
        that is unknown; whom an outcome goes to, and waivers, aren't asked. `facts`, `as_of` and `group_by` are
        as `Plan.evaluate` takes them; `engine` is polars, duckdb or spark, `kind` that of the frame.
        """
        from .populations import evaluation as populations

        if not self.policy.facts or not self.policy.rules:
            raise UsageError(Problem("CR-NOT-FOR-COMPILING", values={"name": self.policy.name}))
        tables = self.plan.held(facts, group_by)
        return populations.truths(self.plan, tables, as_of or date.today(), self.policy.name, engine, kind)

    def traced(self, as_of: date | None = None) -> TracedPolicy:
        """A callable for one row that keeps the value of every part of every condition.

        Slower than `compile`; takes the same inputs. `UsageError` for a policy without rules.
        """
        from .engines.scalar.single import TracedPolicy

        return TracedPolicy(self._program(as_of), self.plan.tables)

    def _program(self, as_of: date | None) -> Program:
        if not self.policy.facts or not self.policy.rules:
            raise UsageError(Problem("CR-NOT-FOR-COMPILING", values={"name": self.policy.name}))
        policies = self.plan.policy_set
        return bind_policy(self.policy, policies.bindings(as_of or date.today()), policies.context.grains)
