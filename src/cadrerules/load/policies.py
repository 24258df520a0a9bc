"""From a folder of YAML documents to a checked policy set."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ..errors import Place, PolicyError, Problem
from ..language.source import Source
from ..model.documents import PolicyDoc
from ..model.facts import Facts
from ..model.policy_set import PolicySet
from ..model.set_documents import ClausesDoc, QuestionDoc, QuestionsDoc, SetDoc
from ..model.written import Locate
from .decision_tables import Places, with_rows
from .decision_tables import located as in_files
from .declared_tables import declared_table
from .yaml import Located, read_yaml

Doc = TypeVar("Doc", bound=BaseModel)
Models = Iterable[type[Facts]]

SET_FILE, QUESTIONS_FILE, CLAUSES_FILE = "policy_set.yaml", "questions.yaml", "clauses.yaml"
ACCEPTED_FILE = "accepted.yaml"
"""What is accepted of a set's findings in verification: it stands beside the documents and is none of them."""
POPULATION_FILE = "population.yaml"
"""What a made-up population of the set's tables looks like: it stands beside the documents, too."""
BESIDE = (ACCEPTED_FILE, POPULATION_FILE)


def read_policy_set(folder: Path, tables: Models = (), tables_of: Callable[[str], Models] | None = None) -> PolicySet:
    """The policy set in a folder: `policy_set.yaml`, `questions.yaml`, perhaps `clauses.yaml`, and one document per policy.

    `tables` are the models of its tables; a set may also declare tables itself, or use those of an
    installed set, found by `tables_of`; without any of these, those of the installed set of its name. Raises `PolicyError` with all problems of all documents.
    """
    if not (folder / SET_FILE).is_file():
        raise PolicyError(Problem("CR-NO-POLICIES", Place(file=str(folder))))
    documents = {path.name: read_yaml(path) for path in sorted(folder.glob("*.yaml")) if path.name not in BESIDE}
    return build_policy_set(documents, tables, tables_of, folder)


def build_policy_set(
    documents: Mapping[str, Located],
    tables: Models = (),
    tables_of: Callable[[str], Models] | None = None,
    folder: Path = Path(),
) -> PolicySet:
    """The policy set that documents, keyed by file name, make up; `folder` holds the tables they name."""
    problems: list[Problem] = []
    set_doc = validated(SetDoc, documents[SET_FILE], problems)
    questions: dict[str, QuestionDoc] = {}
    clauses: ClausesDoc | None = None
    policies: dict[str, PolicyDoc] = {}
    locators: dict[str, Locate] = {}
    for file, located in documents.items():
        if file == QUESTIONS_FILE:
            found = validated(QuestionsDoc, located, problems)
            questions = dict(found.questions) if found else {}
        elif file == CLAUSES_FILE:
            clauses = validated(ClausesDoc, located, problems)
            problems += _repeated_listings(clauses, located) if clauses else []
        elif file != SET_FILE and (doc := validated(PolicyDoc, located, problems)):
            if doc.policy in policies:
                problems.append(Problem("CR-NAME-TWICE", located.place(("policy",)), {"kind": "policy", "name": doc.policy}))
            problems += _repeated_rules(doc, located)
            doc, places = _with_rows(doc, folder, problems)
            policies[doc.policy], locators[doc.policy] = doc, in_files(locator(located), places)
    if problems or set_doc is None:
        raise PolicyError(problems)
    models = {model.spec.name: model for model in _tables(set_doc, tables, tables_of)}
    return PolicySet(set_doc, models, questions, policies, {}, locators, clauses, folder=None if folder == Path() else folder)


def _with_rows(doc: PolicyDoc, folder: Path, problems: list[Problem]) -> tuple[PolicyDoc, Places]:
    try:
        return with_rows(doc, folder)
    except PolicyError as error:
        problems.extend(error.problems)
        return doc, {}


def _tables(doc: SetDoc, tables: Models, tables_of: Callable[[str], Models] | None) -> list[type[Facts]]:
    """The set's tables: those given or declared, those of the set it names, or else of the installed set of its own name."""
    tables = tuple(tables)
    named = doc.tables_of or ("" if tables or doc.tables else doc.policy_set)
    borrowed = tables_of(named) if named and tables_of else ()
    return [*tables, *borrowed, *(declared_table(name, table) for name, table in doc.tables.items())]


def _repeated_rules(doc: PolicyDoc, located: Located) -> list[Problem]:
    named = [("rules", i, rule.id) for i, rule in enumerate(doc.rules)]
    named += [("obligations", i, owed.id) for i, owed in enumerate(doc.obligations)]
    twice = [part for n, part in enumerate(named) if part[2] in [other[2] for other in named[:n]]]
    return [
        Problem("CR-NAME-TWICE", located.place((section, i, "id")), {"kind": "rule", "name": name})
        for section, i, name in twice
    ]


def _repeated_listings(doc: ClausesDoc, located: Located) -> list[Problem]:
    """The rules that are listed more than once under a clause: each would count twice."""
    first: dict[tuple[str, str], tuple[str | int, ...]] = {}
    listed = [
        (entry.clause, name, ("clauses", i, "rules", j))
        for i, entry in enumerate(doc.clauses)
        for j, name in enumerate(entry.rules)
    ]
    twice = [(name, path) for clause, name, path in listed if first.setdefault((clause, name), path) != path]
    return [Problem("CR-NAME-TWICE", located.place(path), {"kind": "rule", "name": name}) for name, path in twice]


def validated(model: type[Doc], located: Located, problems: list[Problem]) -> Doc | None:
    """The document as a model, or None with a problem per entry that is wrong."""
    try:
        return model.model_validate(located.data)
    except ValidationError as error:
        entries = error.errors(include_url=False, include_context=False, include_input=False)
        problems.extend(_problem(entry, located) for entry in entries)
        return None


def _problem(entry: Any, located: Located) -> Problem:
    path = _real_path(entry["loc"], located.data)
    place = located.key_place(path) if entry["type"] == "extra_forbidden" else located.place(path)
    where = ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
    reason = entry["msg"].removeprefix("Value error, ")
    return Problem("CR-BAD-DOCUMENT", place, {"reason": f"`{where}`: {reason}" if where else reason})


def _real_path(loc: tuple[str | int, ...], data: Any) -> tuple[str | int, ...]:
    """The part of pydantic's location that exists in the data: it also names the branches of unions."""
    path: list[str | int] = []
    for i, part in enumerate(loc):
        inside = (isinstance(data, Mapping) and part in data) or (isinstance(data, list) and isinstance(part, int))
        if inside:
            path.append(part)
            data = data[part] if not isinstance(data, list) or int(part) < len(data) else None
        elif i == len(loc) - 1 and isinstance(data, Mapping):
            path.append(part)  # a missing entry
    return tuple(path)


def locator(located: Located) -> Locate:
    """Finds the place of an expression in its document."""

    def locate(path: tuple[str | int, ...], text: str) -> Source:
        place = located.place(path)
        column = located.scalar_column(path)
        return Source(text, located.file, place.line, column or place.column or 1, path=_joined(path))

    return locate


def _joined(path: tuple[str | int, ...]) -> str:
    return ".".join(str(part + 1) if isinstance(part, int) else part for part in path)
