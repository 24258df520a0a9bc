"""Reforms: read strictly, all problems at their places, and made of a plan."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

import cadrerules as cr
from cadrerules.model.documents import RuleDoc
from cadrerules.model.texts import Texts
from cadrerules.simulate.reform_documents import RuleChangeDoc
from cadrerules.simulate.reforms import MAX_BYTES, Reform, read_reform, reformed

EXAMPLES = Path(__file__).parents[3] / "examples" / "reforms"


@pytest.fixture(scope="module")
def plan() -> cr.Plan:
    return cr.load_policies("market-supervision")


def written(folder: Path, text: str) -> Path:
    (folder / "reform.yaml").write_text(text, encoding="utf-8")
    return folder / "reform.yaml"


def faults(folder: Path, text: str, plan: cr.Plan | None = None) -> list[tuple[str, int | None, int | None]]:
    path = written(folder, text)
    with pytest.raises(cr.PolicyError) as caught:
        read_reform(path) if plan is None else read_reform(path).of(plan)
    assert {problem.place.file for problem in caught.value.problems} == {"reform.yaml"}
    return [(problem.code, problem.place.line, problem.place.column) for problem in caught.value.problems]


WHOLE = """
reform: {zh: 改, en: A change}
reason: why not
params: {board.red_to: 6, assessment.bar_to: 3.5, board.red_quarters: null}
interpretations: {board.ties: dense}
rules:
  board.commend: {when: reds >= 3}
  assessment.prefer: null
  board.top:
    title: {zh: 首位, en: First}
    when: place <= 1
    then: commendation.commended
"""


def test_a_reform_changes_numbers_readings_and_rules(tmp_path: Path, plan: cr.Plan) -> None:
    reform = read_reform(written(tmp_path, WHOLE))
    assert (reform.called("en"), reform.called("zh"), reform.why("zh")) == ("A change", "改", "why not")
    new = reform.of(plan)
    assert new.parameters["board.red_to"].doc.value == 6
    assert new.parameters["assessment.bar_to"].doc.value == Decimal("3.5")
    assert not new.parameters["board.red_quarters"].is_set
    assert new.interpretations["board.ties"].option == "dense"
    assert new.rules["board.commend"].text == "reds >= 3"
    assert new.rules["board.top"].outcome == "commendation.commended"
    assert "assessment.prefer" not in new.rules
    params = {"board.red_to": 6, "assessment.bar_to": Decimal("3.5"), "board.red_quarters": None}
    top = {"title": {"zh": "首位", "en": "First"}, "when": "place <= 1", "then": "commendation.commended"}
    rules = {"board.commend": {"when": "reds >= 3"}, "assessment.prefer": None, "board.top": top}
    assert new.hash == plan.amend(params, {"board.ties": "dense"}, rules).hash
    assert plan.parameters["board.red_to"].doc.value == 7


def test_a_mapping_is_a_reform_as_its_document_is(tmp_path: Path, plan: cr.Plan) -> None:
    given = {"reform": "x", "params": {"board.red_to": 6}, "rules": {"board.commend": {"when": "reds >= 3"}}}
    text = "reform: x\nparams: {board.red_to: 6}\nrules: {board.commend: {when: reds >= 3}}\n"
    assert read_reform(given) == read_reform(written(tmp_path, text))
    with pytest.raises(cr.PolicyError) as caught:
        read_reform({"reform": "x", "params": {"board.red_to": 6}, "rule": {}})
    assert [(p.code, p.place.path) for p in caught.value.problems] == [("CR-BAD-DOCUMENT", "rule")]
    with pytest.raises(cr.PolicyError) as caught:
        Reform("x", params={"board.rad_to": 6}).of(plan)
    assert caught.value.problems[0].place.path == "params.board.rad_to"


def test_any_plan_is_a_reform_of_another(plan: cr.Plan) -> None:
    new = plan.amend(params={"board.red_to": 6})
    reform, same = reformed(new, plan)
    assert same is new
    assert reform.called("en") == f"market-supervision {new.hash[:12]}"
    assert reformed(Reform("x", params={"board.red_to": 6}), plan)[1].hash == new.hash


UNKNOWN = """
reform: x
params:
  board.rad_to: 6
  board.yellow_to: 0
interpretations: {board.ties: denser, bord.ties: dense}
rules:
  board.commnd: null
  bord.x: {when: "True"}
"""


def test_what_the_plan_has_not_is_told_at_its_place_with_the_nearest_name(tmp_path: Path, plan: cr.Plan) -> None:
    assert faults(tmp_path, UNKNOWN, plan) == [
        ("CR-UNKNOWN-SETTING", 4, 3),
        ("CR-BAD-PARAMETER", 5, 20),
        ("CR-UNKNOWN-READING", 6, 31),
        ("CR-UNKNOWN-SETTING", 6, 39),
        ("CR-UNKNOWN-SETTING", 8, 3),
        ("CR-UNKNOWN-SETTING", 9, 3),
    ]
    with pytest.raises(cr.PolicyError) as caught:
        read_reform(tmp_path / "reform.yaml").of(plan)
    hints = [problem.hint() for problem in caught.value.problems if problem.code == "CR-UNKNOWN-SETTING"]
    assert hints == [f"did you mean `{name}`?" for name in ("board.red_to", "board.ties", "board.commend", "board")]


EXPRESSIONS = """
reform: x
rules:
  assessment.prefer: null
  assessment.bar_ranking:
    when: last_two_yaers
  board.red: null
  board.interview: {when: blcks > 2}
  board.top: {title: {zh: 首位, en: First}, when: plce <= 1, then: flag.red}
"""


def test_faulty_conditions_are_told_where_the_reform_writes_them(tmp_path: Path, plan: cr.Plan) -> None:
    assert faults(tmp_path, EXPRESSIONS, plan) == [
        ("CR-UNKNOWN-NAME", 6, 11),
        ("CR-UNKNOWN-NAME", 8, 27),
        ("CR-UNKNOWN-NAME", 9, 49),
    ]


def test_a_new_rule_needs_all_that_a_rule_needs(tmp_path: Path, plan: cr.Plan) -> None:
    text = "reform: x\nrules:\n  board.top: {when: place <= 1}\n"
    assert faults(tmp_path, text, plan) == [("CR-BAD-DOCUMENT", 3, 14), ("CR-BAD-DOCUMENT", 3, 14)]
    with pytest.raises(cr.PolicyError) as caught:
        read_reform(tmp_path / "reform.yaml").of(plan)
    assert [p.message() for p in caught.value.problems] == ["`title`: Field required", "`then`: Field required"]


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("reform: x\n", 1, 1),
        ("reform: x\nparms: {board.red_to: 1}\nparams: {board.red_to: 1}\n", 2, 1),
        ("reform: x\nreason: [1]\nparams: {board.red_to: 1}\n", 2, 9),
        ("reform: x\nparams: {red_to: 1}\n", 2, 18),
        ("reform: x\nrules: {board.commend: {wen: 3}}\n", 2, 25),
    ],
)
def test_what_is_no_reform_is_refused(tmp_path: Path, text: str, line: int, column: int) -> None:
    assert {*faults(tmp_path, text)} == {("CR-BAD-DOCUMENT", line, column)}


def test_a_reform_may_not_be_large_nor_hold_what_yaml_must_not(tmp_path: Path) -> None:
    with pytest.raises(cr.PolicyError) as caught:
        read_reform(written(tmp_path, "reform: x\n" + "#" * MAX_BYTES))
    assert caught.value.code == "CR-YAML-TOO-LARGE"
    with pytest.raises(cr.PolicyError) as caught:
        read_reform(written(tmp_path, "reform: &a x\nreason: *a\nparams: {board.red_to: 1}\n"))
    assert [p.code for p in caught.value.problems] == ["CR-YAML-ANCHOR", "CR-YAML-ALIAS"]
    many = {"reform": "x", "params": {f"board.p{n}": 1 for n in range(1_001)}}
    with pytest.raises(cr.PolicyError):
        read_reform(many)


def test_a_reforms_rule_has_the_fields_of_a_rule() -> None:
    assert {*RuleChangeDoc.model_fields} == {*RuleDoc.model_fields} - {"id"}


def test_a_reform_as_plain_data() -> None:
    reform = Reform(Texts(en="A", zh="甲"), params={"board.red_to": 6, "x.y": None}, rules={"board.commend": None})
    assert reform.to_dict() == {
        "title": {"en": "A", "zh": "甲"},
        "reason": {"en": "", "zh": ""},
        "params": {"board.red_to": "6", "x.y": None},
        "interpretations": {},
        "rules": {"board.commend": None},
    }


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.yaml")), ids=lambda path: path.stem)
def test_the_examples_can_be_made(path: Path, plan: cr.Plan) -> None:
    reform = read_reform(path)
    assert reform.of(plan).hash != plan.hash
    assert reform.called("zh") != reform.called("en")
