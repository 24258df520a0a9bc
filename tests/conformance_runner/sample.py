"""A sample of the shared cases for an engine that is slow to start: it leaves no feature and no policy out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cadrerules.language.parse import parse
from cadrerules.plan import Plan
from cadrerules.testing.case_documents import Case, CaseFile
from cadrerules.testing.cases import policies_of
from conformance_runner.documents import LanguageCase, LanguageFile
from conformance_runner.features import EVERYTHING, of_tree

MOST_POLICIES = 3
"""A case that evaluates more policies takes too long to be one of several."""


def features_of(file: LanguageFile, case: LanguageCase) -> frozenset[str]:
    """What a case asks of an engine; nothing where it must raise an error before the engine is asked."""
    if case.raises:
        return frozenset()
    views = {**file.views, **case.views}
    found = {*of_tree(parse(case.text))}
    if (case.facts or file.facts) in views:
        view = views[case.facts or file.facts]
        found |= {"view"} | ({"where"} if view.where else set()) | ({"product"} if len(view.sources) > 1 else set())
        found |= {"calendar"} if any(not isinstance(source, str) for source in view.sources) else set()
    return frozenset(found) & EVERYTHING


def language_sample(files: Mapping[str, LanguageFile], refused: frozenset[str]) -> list[tuple[str, LanguageFile, LanguageCase]]:
    """The cases that together ask for everything: each time the one that asks for most that is new."""
    cases = {
        f"{name}::{case.name}": (name, file, case)
        for name, file in files.items()
        for case in file.cases
        if f"{name}::{case.name}" not in refused
    }
    asked = {key: features_of(file, case) for key, (_, file, case) in cases.items()}
    chosen, left = [], frozenset().union(*asked.values())
    while left:
        best = max(asked, key=lambda key: len(asked[key] & left))  # the first of equals
        chosen.append(cases[best])
        left -= asked[best]
    return chosen


def plan_sample(files: Mapping[str, CaseFile], plan: Plan) -> Iterator[tuple[str, CaseFile, Case]]:
    """One case of each file that evaluates few policies: the one that expects most; every policy is in one."""
    for name, file in files.items():
        few = [case for case in file.cases if not case.raises and len(policies_of(plan, file, case)) <= MOST_POLICIES]
        if few:
            yield name, file, richest(few)


def richest(cases: Sequence[Case]) -> Case:
    """The case that expects most, the first of equals."""
    return max(cases, key=lambda case: len(case.expect) + len(case.expect_findings))
