"""Reforms: small documents that change a plan's parameters, readings and rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from ..errors import Lang, Place, PolicyError, Problem
from ..language.source import nearest
from ..load.policies import validated
from ..load.yaml import Located, read_yaml
from ..model.parameters import read_value
from ..model.texts import Texts
from .reform_documents import ReformDoc
from .reform_places import locating, placed

if TYPE_CHECKING:
    from ..plan import Plan

MAX_BYTES: Final = 200_000
"""The largest reform document."""


@dataclass(frozen=True)
class Reform:
    """A named change of a plan, in the terms of `Plan.amend`; `reason` says what it is for.

    >>> import cadrerules as cr
    >>> reform = Reform("Red flags end at place 6", params={"board.red_to": 6})
    >>> plan = cr.load_policies("market-supervision")
    >>> reform.of(plan).parameters["board.red_to"].doc.value
    6
    """

    title: str | Texts
    reason: str | Texts = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    interpretations: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
    located: Located | None = field(default=None, compare=False, repr=False)
    """The document it was read from, so that what is wrong with it is told at its place."""

    def called(self, lang: Lang) -> str:
        """Its title in a language."""
        return _in(self.title, lang)

    def why(self, lang: Lang) -> str:
        """Its reason in a language; empty where it has none."""
        return _in(self.reason, lang)

    def of(self, plan: Plan) -> Plan:
        """The plan with the reform made; `PolicyError` with all problems, each at its place in the document."""
        if problems := [*self._unknown(plan), *self._refused(plan)]:
            raise PolicyError(sorted(problems, key=lambda problem: (problem.place.line or 0, problem.place.column or 0)))
        located = replace(plan, policy_set=locating(plan.policy_set, self.rules, self.located))
        try:
            return located.amend(self.params, self.interpretations, self.rules)
        except PolicyError as error:
            raise PolicyError(placed(problem, self.rules, self.located) for problem in error.problems) from None

    def to_dict(self) -> dict[str, Any]:
        """The reform as plain data: titles in both languages, values as text."""
        return {
            "title": {"en": self.called("en"), "zh": self.called("zh")},
            "reason": {"en": self.why("en"), "zh": self.why("zh")},
            "params": {name: None if value is None else str(value) for name, value in self.params.items()},
            "interpretations": dict(self.interpretations),
            "rules": {name: None if rule is None else sorted(rule) for name, rule in self.rules.items()},
        }

    def _place(self, *path: str, key: bool = True) -> Place:
        if self.located is None:
            return Place(path=".".join(path))
        return self.located.key_place(path) if key else self.located.place(path)

    def _unknown(self, plan: Plan) -> Iterator[Problem]:
        """The names that the plan hasn't; a rule may be new, but not its policy."""
        gone = {name: name for name, rule in self.rules.items() if rule is None}
        new = {name: name.rpartition(".")[0] for name, rule in self.rules.items() if rule is not None}
        yield from self._not_in("params", "parameter", {name: name for name in self.params}, plan.parameters)
        readings = {name: name for name in self.interpretations}
        yield from self._not_in("interpretations", "interpretation", readings, plan.interpretations)
        amendable = {f"{policy.name}.{rule.id}": rule for policy in plan.policies.values() for rule in policy.doc.rules}
        yield from self._not_in("rules", "rule", gone, amendable)
        yield from self._not_in("rules", "policy", new, plan.policies)

    def _not_in(self, section: str, kind: str, names: Mapping[str, str], known: Mapping[str, Any]) -> Iterator[Problem]:
        for key, name in names.items():
            if name not in known:
                values = {"kind": kind, "name": name, "nearest": nearest(name, known)}
                yield Problem("CR-UNKNOWN-SETTING", self._place(section, key), values)

    def _refused(self, plan: Plan) -> Iterator[Problem]:
        """The values and readings that can't be."""
        for name, value in self.params.items():
            if value is not None and name in plan.parameters:
                try:
                    read_value(plan.parameters[name], value, self._place("params", name, key=False))
                except PolicyError as error:
                    yield from error.problems
        for name, option in self.interpretations.items():
            words = plan.interpretations[name].doc.words if name in plan.interpretations else (option,)
            if option not in words:
                values = {"name": name, "option": option, "options": ", ".join(words)}
                yield Problem("CR-UNKNOWN-READING", self._place("interpretations", name, key=False), values)


def _in(text: str | Texts, lang: Lang) -> str:
    return text if isinstance(text, str) else text.text(lang)


def read_reform(source: Path | str | Mapping[str, Any]) -> Reform:
    """The reform in a YAML file, or written as a mapping with the same entries.

    Raises `PolicyError` with all problems, each at its file, line and column. Whether a plan has what the
    reform names is checked by `Reform.of`.
    """
    if isinstance(source, Mapping):
        return _reform(_of_mapping(source), None)
    problems: list[Problem] = []
    located = read_yaml(Path(source), Path(source).name, MAX_BYTES)
    doc = validated(ReformDoc, located, problems)
    if doc is None:
        raise PolicyError(problems)
    return _reform(doc, located)


def _reform(doc: ReformDoc, located: Located | None) -> Reform:
    return Reform(doc.reform, doc.reason, **doc.changes(), located=located)


def _of_mapping(source: Mapping[str, Any]) -> ReformDoc:
    try:
        return ReformDoc.model_validate(source)
    except ValidationError as error:
        faults = [(".".join(map(str, entry["loc"])), entry["msg"]) for entry in error.errors()]
        raise PolicyError(Problem("CR-BAD-DOCUMENT", Place(path=at), {"reason": msg}) for at, msg in faults) from None


def reformed(given: Reform | Plan | Path | str | Mapping[str, Any], plan: Plan) -> tuple[Reform, Plan]:
    """A reform and the plan it makes: of a reform, a path or mapping of one, or a plan, which is then called by its hash."""
    from ..plan import Plan as Whole

    if isinstance(given, Whole):
        return Reform(f"{given.name} {given.hash[:12]}"), given
    reform = given if isinstance(given, Reform) else read_reform(given)
    return reform, reform.of(plan)
