"""`cadrerules policy`: what policy sets there are, what stands in one, whether it checks, and its schema."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, cast

import typer

from ..errors import CadreError, Lang
from ..language.text import to_text
from ..load.files import needing
from ..load.policies import DOCUMENTS, json_schema
from ..model.documents import CasesDoc
from ..model.policy import Interpretation, Parameter, Policy, Rule
from ..plan import Plan
from ..plugins import installed_plugins, policy_sources
from ..reading import load_policies
from ..report.clauses import FORMATS
from ..report.wording import parameter_value, why_unset
from . import options
from .diff import diff
from .output import say, write
from .words import word

if TYPE_CHECKING:
    from pydantic import BaseModel

    from ..engines.sql.functions import Dialect

app = typer.Typer(no_args_is_help=True, help="Look at policy sets.")
app.command()(diff)

_SOURCE = Annotated[str, typer.Argument(help="An installed policy set, or a folder.", metavar="[NAME|PATH]")]
_DIALECT = Annotated[str, typer.Option(help="duckdb, spark or postgres.", metavar="NAME")]
_OF = Annotated[str, typer.Option(help="decisions or findings.", metavar="WHAT")]
_COMPLETE = Annotated[bool, typer.Option("--complete", help="No cell is empty: simpler SQL.")]
_KIND = Annotated[
    str,
    typer.Argument(
        help="policy, questions, clauses, policy_set, cases, distributions, uncertain, population or reform.", metavar="[KIND]"
    ),
]


@app.command("list")
def list_(lang: options.Language = "", out: options.Out = None) -> None:
    """The installed policy sets; a faulty one is reported and doesn't hide the others."""
    language, lines, faults = options.language(lang), [], []
    for name in policy_sources(installed_plugins()):
        try:
            lines += list(Shown(load_policies(name), language).head())
        except CadreError as error:
            faults.append(error)
    write("".join(f"{line}\n" for line in lines), out, language)
    for fault in faults:
        say(fault.report(language))
    if faults:
        raise typer.Exit(2)


@app.command()
def show(
    policies: options.Policies = "",
    policy: options.Policy = None,
    settings: options.Settings = None,
    readings: options.Readings = None,
    lang: options.Language = "",
    out: options.Out = None,
) -> None:
    """The rules, parameters and readings of a policy set."""
    language = options.language(lang)
    plan = options.plan_for(policies, None, settings, readings)
    chosen = [plan.policy(name).policy for name in policy or plan.policies]
    shown = Shown(plan, language)
    lines = [*shown.head(), *(line for each in chosen for line in shown.policy(each))]
    write("".join(f"{line}\n" for line in lines), out, language)


@app.command()
def clauses(
    policies: options.Policies = "",
    settings: options.Settings = None,
    readings: options.Readings = None,
    format: options.RegisterFormat = "text",  # noqa: A002 - the option's name
    lang: options.Language = "",
    out: options.Out = None,
) -> None:
    """Every clause of the source: which rules, numbers and readings answer it, and what is left to people."""
    language = options.language(lang)
    options.one_of(format, "--format", tuple(FORMATS))
    plan = options.plan_for(policies, None, settings, readings)
    write(FORMATS[format](plan, language), out, language)


@app.command()
def sql(
    policies: Annotated[str, typer.Argument(help="An installed policy set, or a folder.", metavar="[POLICIES]")] = "",
    policy: options.Policy = None,
    dialect: _DIALECT = "duckdb",
    of: _OF = "decisions",
    settings: options.Settings = None,
    readings: options.Readings = None,
    as_of: options.AsOf = "",
    complete: _COMPLETE = False,
    group_by: options.GroupBy = "",
    lang: options.Language = "",
    out: options.Out = None,
) -> None:
    """The policies as one SQL statement on typed tables, for a warehouse."""
    with needing("sqlglot", "frames"):
        from ..engines.sql.text import DIALECTS, OUTPUTS, Asked, policy_sql

    language = options.language(lang)
    options.one_of(dialect, "--dialect", DIALECTS)
    options.one_of(of, "--of", OUTPUTS)
    plan = options.plan_for(policies, None, settings, readings)
    names = tuple(plan.policy(name).policy.name for name in policy) if policy else tuple(plan.policies)
    asked = Asked(names, cast("Dialect", dialect), options.day(as_of), of, group_by, complete, language)
    write(policy_sql(plan, asked), out, language)


@app.command()
def check(source: _SOURCE = "", lang: options.Language = "") -> None:
    """Report every problem of a policy set; the exit status is 2 where there is one."""
    language = options.language(lang)
    plan = load_policies(source or None)
    write(f"{plan.name}{word('colon', language)}{word('fine', language)}\n", None, language)


@app.command()
def schema(kind: _KIND = "policy", lang: options.Language = "", out: options.Out = None) -> None:
    """The JSON Schema of a document, for editors."""
    from ..simulate.distribution_documents import DistributionsDoc
    from ..simulate.reform_documents import ReformDoc
    from ..simulate.synthetic.documents import PopulationDoc
    from ..simulate.uncertain_documents import UncertainDoc
    from ..testing.case_documents import CaseFile

    documents: dict[str, type[BaseModel]] = {
        **DOCUMENTS,
        "cases": CaseFile,
        "distributions": DistributionsDoc,
        "uncertain": UncertainDoc,
        "population": PopulationDoc,
        "reform": ReformDoc,
    }
    write(json_schema(documents[options.one_of(kind, "KIND", tuple(documents))]) + "\n", out, options.language(lang))


@dataclass(frozen=True)
class Shown:
    """A plan as lines of text in one language."""

    plan: Plan
    lang: Lang

    def _say(self, key: str, *values: object, **named: object) -> str:
        return word(key, self.lang, *values, **named)

    def head(self) -> Iterator[str]:
        """Name, title, hash, and how much there is of what."""
        doc, colon = self.plan.policy_set.doc, self._say("colon")
        yield f"{self.plan.name}{colon}{doc.title.text(self.lang)}"
        yield f"  {self._say('hash', self.plan.hash[:12])}"
        yield "  " + self._say(
            "counts",
            policies=len(self.plan.policies),
            rules=len(self.plan.rules),
            parameters=len(self.plan.parameters),
            unset=sum(not parameter.is_set for parameter in self.plan.parameters.values()),
            readings=len(self.plan.interpretations),
            adopted=sum(reading.adopted for reading in self.plan.interpretations.values()),
        )

    def policy(self, policy: Policy) -> Iterator[str]:
        """Everything a policy says."""
        own = f"{policy.name}."
        yield ""
        yield self._titled(policy.name, policy.title.text(self.lang), policy.doc.clause)
        rules = [line for rule in policy.rules for line in self._rule(rule)]
        columns = [line for relation in policy.relations for line in self._columns(policy, relation.name)]
        parameters = [self._parameter(p) for name, p in self.plan.parameters.items() if name.startswith(own)]
        found = [r for name, r in self.plan.interpretations.items() if name.startswith(own)]
        readings = [line for reading in found for line in self._reading(reading)]
        yield from self._section("rules", rules)
        yield from self._section("columns", columns)
        yield from self._section("parameters", parameters)
        yield from self._section("readings", readings)

    def _section(self, key: str, lines: list[str]) -> Iterator[str]:
        if lines:
            yield f"  {self._say(key)}"
            yield from (f"    {line}" for line in lines)

    def _titled(self, name: str, title: str, clauses: tuple[str, ...]) -> str:
        clause = self._say("brackets", self._say("clause", ", ".join(clauses))) if clauses else ""
        return f"{name}{self._say('colon')}{title}{clause}"

    def _rule(self, rule: Rule) -> Iterator[str]:
        yield self._titled(rule.id, rule.title.text(self.lang), rule.clauses)
        yield f"  {_one_line(rule.text)}"
        verdict = self.plan.questions[rule.question].verdicts[rule.verdict].title.text(self.lang)
        yield f"  -> {rule.outcome}{self._say('colon')}{verdict}"
        if to := rule.each:
            yield "  " + (self._say("to_where", to.each, _one_line(to.where)) if to.where else self._say("to", to.each))

    def _columns(self, policy: Policy, relation: str) -> Iterator[str]:
        for definition in next(r for r in policy.relations if r.name == relation).definitions:
            title = policy.titles.get(definition.name)
            note = self._say("brackets", title.text(self.lang)) if title else ""
            by_cases = isinstance(policy.doc.derive.get(definition.name), CasesDoc)
            text = to_text(definition.node) if by_cases else _one_line(definition.text)
            yield f"{definition.name} = {text}{note}"

    def _parameter(self, parameter: Parameter) -> str:
        title = parameter.doc.title.text(self.lang) if parameter.doc.title else ""
        return self._titled(f"{parameter.name} = {self._value(parameter)}", title, parameter.doc.clause)

    def _value(self, parameter: Parameter) -> str:
        value = parameter_value(parameter, self.lang)
        return self._say("not_set") + self._say("brackets", why_unset(parameter, self.lang)) if value is None else value

    def _reading(self, reading: Interpretation) -> Iterator[str]:
        title = reading.doc.title.text(self.lang) if reading.doc.title else ""
        yield self._titled(reading.name, title, reading.doc.clause)
        options_of = reading.doc.options
        for option in reading.doc.words:
            text = options_of[option].text(self.lang) if isinstance(options_of, dict) else ""
            mark, state = (
                ("*", self._say("brackets", self._adoption(reading))) if option == reading.option else (" ", "")
            )
            yield f"  {mark} {option}{self._say('colon') if text else ''}{text}{state}"
        yield f"    {self._say('why', reading.doc.why.text(self.lang))}"

    def _adoption(self, reading: Interpretation) -> str:
        if reading.adopted and reading.doc.adopted:
            return self._say("adopted", by=reading.doc.adopted.by, on=reading.doc.adopted.on)
        return self._say("default" if reading.option == reading.doc.default else "chosen")


def _one_line(text: str) -> str:
    return " ".join(text.split())
