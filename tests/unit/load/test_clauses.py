"""The register of clauses as a document: every fault with its code and place, and what may be cited."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import cadrerules as cr
from cadrerules.errors import PolicyError
from small_register import write


def problems(folder: Path, **changes: tuple[str, str]) -> list[tuple[str, str, int | None]]:
    """The problems of the set after replacing a text in one of its documents: code, file, line."""
    try:
        cr.load_policies(write(folder, **changes))
    except PolicyError as error:
        told = [error.report(lang) for lang in ("en", "zh")]
        return [(p.code, Path(p.place.file).name, p.place.line) for p in error.problems if all(told)]
    return []


def test_a_set_with_a_register_checks(tmp_path: Path) -> None:
    assert problems(tmp_path) == []


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("format: 1\n", "format: 2\n", ("CR-BAD-DOCUMENT", "clauses.yaml", 1)),
        ('clause: "1"', "clause: 1", ("CR-BAD-DOCUMENT", "clauses.yaml", 3)),
        ('clause: "1"', 'clause: ""', ("CR-BAD-DOCUMENT", "clauses.yaml", 3)),
        ("{zh: 大, en: Big}", "{en: Big}", ("CR-BAD-DOCUMENT", "clauses.yaml", 4)),
        ("status: computable", "status: encoded", ("CR-BAD-DOCUMENT", "clauses.yaml", 5)),
        ("rules: [size.big]", "rules: [big]", ("CR-BAD-DOCUMENT", "clauses.yaml", 6)),
        ("rules: [size.big]", "rule: [size.big]", ("CR-BAD-DOCUMENT", "clauses.yaml", 6)),
        ("rules: [size.big]", "rules: [size.big, size.big]", ("CR-NAME-TWICE", "clauses.yaml", 6)),
        ("through: [size.big, size.gone]", "rules: [size.big]", ("CR-NAME-TWICE", "clauses.yaml", 10)),
        (
            "status: needs_judgement",
            "status: needs_judgement\n    rules: [size.x]",
            ("CR-BAD-DOCUMENT", "clauses.yaml", 15),
        ),
        (
            "status: needs_judgement",
            "status: needs_judgement\n    through: [size.x]",
            ("CR-BAD-DOCUMENT", "clauses.yaml", 15),
        ),
    ],
)
def test_each_fault_of_a_register_has_a_code_and_a_place(tmp_path: Path, old: str, new: str, expected: Any) -> None:
    assert problems(tmp_path, clauses=(old, new)) == [expected]


def test_a_rule_may_stand_under_two_clauses(tmp_path: Path) -> None:
    assert problems(tmp_path, clauses=("rules: [size.small, size.tiny]", "rules: [size.small, size.big]")) == []


def test_an_empty_register_is_refused(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "clauses.yaml").write_text("format: 1\nclauses: []\n", encoding="utf-8")
    with pytest.raises(PolicyError) as caught:
        cr.load_policies(tmp_path)
    assert [(p.code, p.place.line) for p in caught.value.problems] == [("CR-BAD-DOCUMENT", 2)]


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ('clause: "1"  # of the policy', 'clause: "9"', 4),
        ('limit: {value: 3, clause: "1"}', 'limit: {value: 3, clause: "9"}', 6),
        ('default: own\n    clause: "1"', 'default: own\n    clause: "9"', 12),
        ('param.floor\n    clause: "2"', 'param.floor\n    clause: ["2", "9"]', 21),
    ],
)
def test_whatever_cites_a_clause_that_the_register_lacks_is_refused(
    tmp_path: Path, old: str, new: str, line: int
) -> None:
    assert problems(tmp_path, size=(old, new)) == [("CR-UNKNOWN-CLAUSE", "size.yaml", line)]


def test_all_unknown_clauses_are_in_one_report_with_the_nearest(tmp_path: Path) -> None:
    cited = '"1"  # of the policy\nparams:\n  limit: {value: 3, clause: "1"}'
    with pytest.raises(PolicyError) as caught:
        cr.load_policies(write(tmp_path, size=(cited, cited.replace('"1"', '"3.1"'))))
    assert [p.code for p in caught.value.problems] == ["CR-UNKNOWN-CLAUSE"] * 2
    assert [p.values for p in caught.value.problems] == [{"name": "3.1", "nearest": "3"}] * 2
    assert "条款登记表中没有“3.1”这一条\n" in caught.value.report("zh")


def test_without_a_register_any_clause_may_be_cited(tmp_path: Path) -> None:
    write(tmp_path, size=('limit: {value: 3, clause: "1"}', 'limit: {value: 3, clause: "9"}'))
    (tmp_path / "clauses.yaml").unlink()
    assert cr.load_policies(tmp_path).clauses.entries == ()


def test_amended_rules_must_cite_what_is_listed(tmp_path: Path) -> None:
    plan = cr.load_policies(write(tmp_path))
    with pytest.raises(PolicyError) as caught:
        plan.amend(rules={"size.big": {"clause": "9"}})
    assert caught.value.code == "CR-UNKNOWN-CLAUSE"


def test_the_register_is_part_of_the_hash(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    other = write(tmp_path / "b", clauses=("en: Big", "en: Bigger"))
    assert cr.load_policies(write(tmp_path / "a")).hash != cr.load_policies(other).hash
