"""Verification finds what the plan leaves open, and nothing where there is nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pluggy
import pytest

import cadrerules as cr
from cadrerules.hookspecs import hookimpl
from cadrerules.verify import Found, read_accepted, verify

Write = Callable[..., cr.Plan]


@pytest.fixture(scope="module")
def plan() -> cr.Plan:
    return cr.load_policies("market-supervision")


@pytest.fixture(scope="module")
def found(plan: cr.Plan) -> list[Found]:
    return verify(plan)


def of(found: list[Found], check: str, *rules: str) -> list[Found]:
    return [f for f in found if f.check == check and set(rules) <= set(f.rules)]


def row(one: Found, table: str, n: int = 0) -> dict[str, Any]:
    assert one.witness is not None
    return one.witness.tables[table][n]


# --- the plan's own holes -----------------------------------------------------------------------------


def test_deadlines_without_a_class(found: list[Found]) -> None:
    due = [str(row(f, "problems")["due_on"]) for f in of(found, "gap", "rectification.horizon")]
    listed = [str(row(f, "problems")["listed_on"]) for f in of(found, "gap", "rectification.horizon")]
    assert listed == ["2024-01-01", "2024-01-01"]
    assert due == ["2024-01-01", "2026-07-01"]  # at once, and after two and a half years


def test_one_year_is_both_short_and_medium(found: list[Found]) -> None:
    (one,) = of(found, "overlap", "rectification.horizon")
    assert (str(row(one, "problems")["listed_on"]), str(row(one, "problems")["due_on"])) == ("2024-01-01", "2025-01-01")
    assert one.severity == "warning"
    assert "short, medium" in one.message.en


def test_read_as_written_a_deadline_at_once_is_medium(found: list[Found]) -> None:
    (one,) = [f for f in of(found, "depends_on_interpretation") if f.witness and f.witness.interpretations == {"rectification.medium": "literal"}]
    assert row(one, "problems")["due_on"] == row(one, "problems")["listed_on"]


def test_three_points_meet_two_bars(found: list[Found]) -> None:
    (one,) = of(found, "overlap", "assessment.bar_deduction", "assessment.excellent_unit")
    assert row(one, "results")["deducted"] == "3"
    assert one.severity == "info"


def test_more_points_lose_the_bar(found: list[Found]) -> None:
    (one,) = of(found, "lost_penalty")
    assert one.rules == ("assessment.bar_deduction",)
    assert one.witness is not None
    assert one.witness.change == {"cell": "results[2024/U01/In01].deducted", "from": "2", "to": "4"}


def test_preferred_and_barred_at_once_on_one_row_and_on_two(found: list[Found]) -> None:
    same, apart = of(found, "conflict", "assessment.prefer", "assessment.bar_ranking")
    assert {r["indicator"] for r in same.witness.tables["results"]} == {"In01"}  # type: ignore[union-attr]
    assert {r["indicator"] for r in apart.witness.tables["results"]} == {"In01", "In02"}  # type: ignore[union-attr]
    assert row(same, "results")["cities"] < 6


def test_small_boards_have_no_yellow_or_black(found: list[Found]) -> None:
    (yellow,), (black,) = of(found, "dead", "board.yellow"), of(found, "dead", "board.black")
    assert (yellow.answer, black.answer) == ("proved", "proved")
    assert "7 or fewer" in yellow.message.en
    assert "10 or fewer" in black.message.en
    assert len(black.witness.tables["progress"]) == 11  # type: ignore[union-attr]


def test_the_interview_waits_for_the_number_left_out(found: list[Found]) -> None:
    (one,) = of(found, "depends_on_unset", "board.interview")
    assert one.witness is not None
    assert one.witness.change == {"param": "board.black_quarters", "from": 1, "to": 2}


def test_every_reading_shows_where_it_matters(plan: cr.Plan, found: list[Found]) -> None:
    shown = {choice for f in of(found, "depends_on_interpretation") if f.witness for choice in f.witness.interpretations.items()}
    wanted = {(n, w) for n, i in plan.interpretations.items() for w in i.doc.words if w != i.option}
    assert shown == wanted


def test_every_parameter_left_out_shows_where_it_matters(plan: cr.Plan, found: list[Found]) -> None:
    shown = {f.witness.change["param"] for f in of(found, "depends_on_unset") if f.witness}
    assert shown == {name for name, p in plan.parameters.items() if not p.is_set} - {"calendar.from"}


def test_nothing_else_is_found(found: list[Found]) -> None:
    warnings = [(f.check, f.rules) for f in found if f.severity == "warning"]
    assert sorted(warnings) == [
        ("conflict", ("assessment.prefer", "assessment.bar_deduction")),
        ("conflict", ("assessment.prefer", "assessment.bar_deduction")),
        ("conflict", ("assessment.prefer", "assessment.bar_ranking")),
        ("conflict", ("assessment.prefer", "assessment.bar_ranking")),
        ("gap", ("rectification.horizon",)),
        ("gap", ("rectification.horizon",)),
        ("lost_penalty", ("assessment.bar_deduction",)),
        ("overlap", ("rectification.horizon",)),
    ]
    assert not [f for f in found if f.answer == "undecided"]
    assert not of(found, "unmeetable")
    assert not of(found, "subsumed")


def test_the_same_is_found_again(plan: cr.Plan, found: list[Found]) -> None:
    again = verify(plan, policies=["rectification"])
    assert again == [f for f in found if f.rules[0].startswith("rectification.")]


def test_several_processes_find_the_same(plan: cr.Plan, found: list[Found]) -> None:
    again = verify(plan, policies=["rectification", "training"], jobs=2)
    assert again == [f for f in found if f.rules[0].startswith(("rectification.", "training."))]


# --- small plans ---------------------------------------------------------------------------------------

_SET = """
format: 1
policy_set: small
title: {zh: 小, en: small}
tables:
  scores:
    columns:
      person: {type: text, key: true}
      year: {type: year, key: true}
      points: {type: whole, low: 0, high: 10, worse: higher}
organisation: office
"""
_QUESTIONS = """
format: 1
questions:
  mark:
    title: {zh: 等级, en: mark}
    subject: person
    period: year
    verdicts:
      good: {title: {zh: 好, en: good}, polarity: favourable}
      bad: {title: {zh: 差, en: bad}, polarity: adverse}
    decide: DECIDE
"""


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(rules: str, decide: str = "exactly_one", extra: str = "", tables: str = _SET, facts: str = "scores", period: str = "year") -> cr.Plan:
        (tmp_path / "policy_set.yaml").write_text(tables, encoding="utf-8")
        (tmp_path / "questions.yaml").write_text(_QUESTIONS.replace("DECIDE", decide).replace("period: year", f"period: {period}"), encoding="utf-8")
        text = f"format: 1\npolicy: p\ntitle: {{zh: 甲, en: p}}\n{extra}facts: {facts}\nrules:\n{rules}"
        (tmp_path / "p.yaml").write_text(text, encoding="utf-8")
        return cr.load_policies(tmp_path)

    return written


def rule(name: str, when: str, then: str) -> str:
    return f"  - {{id: {name}, title: {{zh: 规则, en: {name}}}, when: '{when}', then: mark.{then}}}\n"


def told(plan: cr.Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(f.check, f.answer, f.rules) for f in verify(plan)]


def test_a_sound_plan_has_nothing_to_tell(write: Write) -> None:
    assert told(write(rule("good", "points <= 5", "good") + rule("bad", "points > 5", "bad"))) == []


def test_a_gap_between_two_rules(write: Write) -> None:
    (one,) = verify(write(rule("good", "points <= 5", "good") + rule("bad", "points > 6", "bad")))
    assert (one.check, one.answer) == ("gap", "witness")
    assert row(one, "scores")["points"] == 6


def test_two_answers_where_there_must_be_one(write: Write) -> None:
    (one,) = verify(write(rule("good", "points <= 5", "good") + rule("bad", "points >= 5", "bad")))
    assert (one.check, one.answer, one.rules) == ("overlap", "witness", ("p.good", "p.bad"))
    assert row(one, "scores")["points"] == 5


def test_a_rule_that_can_never_hold(write: Write) -> None:
    plan = write(rule("good", "points <= 5", "good") + rule("bad", "points > 5", "bad") + rule("never", "points > 10", "bad"))
    assert ("dead", "proved", ("p.never",)) in told(plan)


@pytest.mark.parametrize(("most", "answers"), [(3, []), (9, [("dead", "proved", ("p.bad",))])])
def test_as_many_rows_are_looked_at_as_a_rule_counts(write: Write, most: int, answers: list[Any]) -> None:
    """Up to eight: where a rule counts further, the proof says of how many rows it is."""
    courses = _SET.replace("      year: {type: year, key: true}", "      year: {type: year, key: true}\n      course: {type: text, key: true}")
    view = "views:\n  failing: {from: scores, by: [year, person], columns: {failed: count(points > 5)}}\n"
    rules = rule("good", f"failed <= {most}", "good") + rule("bad", f"failed > {most}", "bad")
    assert told(write(rules, extra=view, tables=courses, facts="failing")) == answers


_KEYS = {
    "text": "{type: text, key: true}",
    "whole": "{type: whole, key: true}",
    "a number in hundredths": "{type: number, step: 0.01, low: 0, high: 1, key: true}",
    "date": "{type: date, key: true}",
    "month": "{type: month, key: true}",
    "choice": "{type: choice, options: [a, b, c, d], key: true}",
}
_VIEW = "views:\n  seen: {from: scores, by: [year, person], columns: {COLUMNS}}\n"


@pytest.mark.parametrize("key", _KEYS)
@pytest.mark.parametrize(
    ("columns", "when"),
    [
        ("hits: count(points > 5)", "hits >= 4"),
        ("hits: count(points > 5), more: count(points > 8)", "hits + more - 1 >= 6"),
        ("sum: total(points)", "sum > 30"),
        ("kinds: distinct(points)", "kinds == 4"),
        ("apart: highest(points) - lowest(points)", "apart == 10"),
    ],
)
def test_no_rule_is_called_dead_that_few_rows_make_hold(write: Write, key: str, columns: str, when: str) -> None:
    """Whatever the type of the key that tells rows of a group apart: four rows of the table do it."""
    tables = _SET.replace("      year: {", f"      item: {_KEYS[key]}\n      year: {{")
    plan = write(rule("bad", when, "bad"), decide="gravest", extra=_VIEW.replace("COLUMNS", columns), tables=tables, facts="seen")
    assert ("dead", "proved", ("p.bad",)) not in told(plan)


@pytest.mark.parametrize(
    ("key", "when"),
    [
        ("{type: text, key: true}", 'item == "exam"'),
        ("{type: whole, key: true}", "item > 100"),
        ("{type: date, key: true}", 'item < "2021-05-01"'),
    ],
)
def test_keys_that_rules_name_are_among_those_looked_at(write: Write, key: str, when: str) -> None:
    tables = _SET.replace("      year: {", f"      item: {key}\n      year: {{")
    assert told(write(rule("bad", when, "bad"), decide="gravest", tables=tables)) == []


def test_a_rule_that_no_key_fits_is_dead(write: Write) -> None:
    tables = _SET.replace("      year: {", "      item: {type: whole, key: true}\n      year: {")
    plan = write(rule("bad", "item > 100 and item < 90", "bad"), decide="gravest", tables=tables)
    assert told(plan) == [("dead", "proved", ("p.bad",))]


def test_a_period_that_a_rule_names_is_among_those_looked_at(write: Write) -> None:
    tables = _SET.replace("year: {type: year", "quarter: {type: quarter")
    assert told(write(rule("bad", 'quarter == "2021Q3"', "bad"), decide="gravest", tables=tables, period="quarter")) == []


@pytest.mark.parametrize("key", ["text", "whole", "date"])
def test_places_among_keys_of_any_type(write: Write, key: str) -> None:
    tables = _SET.replace("person: {type: text, key: true}", f"person: {_KEYS['text']}\n      item: {_KEYS[key]}")
    extra = "derive: {place: 'rank(points, within=[year])'}\n"
    found = verify(write(rule("bad", "place > 4", "bad"), decide="gravest", extra=extra, tables=tables))
    assert {f.check for f in found if f.answer == "proved"} <= {"dead"}
    assert not [f for f in found if f.message.en.endswith("can never hold")]


def test_quarters_in_a_row_of_days_that_are_keys(write: Write) -> None:
    tables = _SET.replace("year: {type: year, key: true}", "day: {type: date, key: true}")
    view = "views:\n  seen: {from: scores, derive: {year: quarter_of(day)}, by: [year, person], columns: {hits: count(points > 5)}}\n"
    plan = write(rule("bad", "run(hits >= 2) >= 3", "bad"), decide="gravest", extra=view, tables=tables, facts="seen", period="quarter")
    assert told(plan) == []


@pytest.mark.parametrize(
    ("key", "when", "rows"),
    [
        ("whole", "hits > 9", "16 scores (person P01/P02, item 1..8, year 2024)"),
        ("date", "hits > 1 and hits < 1", "4 scores (person P01/P02, item 2024-12-31/2024-12-30, year 2024)"),
        ("choice", "hits > 9", "8 scores (person P01/P02, item a/b/c/d, year 2024)"),
        ("a number in hundredths", "hits > 9", "16 scores (person P01/P02, item 0.00..0.07, year 2024)"),
        ("whole", 'hits > 9 and person != "Lee"', "24 scores (person P01/P02/Lee, item 1..8, year 2024)"),
    ],
)
def test_a_proof_says_of_which_keys_it_is(write: Write, key: str, when: str, rows: str) -> None:
    tables = _SET.replace("      year: {", f"      item: {_KEYS[key]}\n      year: {{")
    plan = write(rule("bad", when, "bad"), decide="gravest", extra=_VIEW.replace("COLUMNS", "hits: count(points > 5)"), tables=tables, facts="seen")
    (one,) = verify(plan)
    assert (one.check, one.answer) == ("dead", "proved")
    assert one.domain == f"all tables of at most these rows: {rows}; every cell known that isn't asked about; as of 2024-12-29"


def test_a_rule_that_another_says_already(write: Write) -> None:
    plan = write(rule("bad", "points > 5", "bad") + rule("worse", "points > 8", "bad"), decide="gravest")
    assert told(plan) == [("subsumed", "proved", ("p.worse", "p.bad"))]


def test_a_penalty_that_more_points_lose(write: Write) -> None:
    (one,) = verify(write(rule("bad", "3 <= points <= 5", "bad"), decide="gravest"))
    assert one.check == "lost_penalty"
    assert one.witness is not None
    assert (one.witness.change["from"], one.witness.change["to"]) == (3, 6)


def test_contrary_verdicts(write: Write) -> None:
    plan = write(rule("good", "points <= 5", "good") + rule("bad", "points >= 5", "bad"), decide="gravest")
    assert ("conflict", "witness", ("p.good", "p.bad")) in told(plan)


_TABLE = """  - id: t
    title: {{zh: 表, en: table}}
    table:
      hit: first
      on: [points]
      rows: [{rows}]
    then: mark
"""


def test_a_row_that_is_never_reached(write: Write) -> None:
    plan = write(_TABLE.format(rows='["<= 7", good], ["<= 5", bad], ["-", bad]'))
    assert ("dead", "proved", ("p.t",)) in told(plan)


def test_rows_whose_order_alone_decides(write: Write) -> None:
    plan = write(_TABLE.format(rows='["<= 5", good], [">= 4", bad], ["-", bad]'))
    found = [f for f in verify(plan) if f.check == "overlap"]
    assert [row(f, "scores")["points"] for f in found] == [4]
    assert not [f for f in verify(write(_TABLE.format(rows='["<= 5", good], ["-", bad]'))) if f.check == "overlap"]


def test_rows_of_which_only_one_may_fit(write: Write) -> None:
    extra = "derive: {limit: points + 1}\n"
    table = _TABLE.replace("hit: first", "hit: unique").format(rows='["< limit", good], ["<= 5", bad]')
    (one,) = [f for f in verify(write(table, decide="gravest", extra=extra)) if f.check == "overlap"]
    assert (one.severity, row(one, "scores")["points"]) == ("warning", 0)


def test_what_an_unset_number_decides(write: Write) -> None:
    extra = "params: {limit: {unset: left out, domain: '1..9'}}\n"
    plan = write(rule("bad", "points >= param.limit", "bad"), decide="gravest", extra=extra)
    (one,) = [f for f in verify(plan) if f.check == "depends_on_unset"]
    assert one.rules == ("p.bad",)


_DUTY = """
obligations:
  - id: reports
    title: {zh: 报告, en: reports}
    subject: office
    every: year
    due: DUE
    done: min(2, count(scores.points >= 1 and first <= first_day(scores.year) <= last))
"""


@pytest.mark.parametrize(("due", "answers"), [(2, []), (3, [("proved", ("p.reports",))])])
def test_a_duty_nobody_can_do(write: Write, tmp_path: Path, due: int, answers: list[Any]) -> None:
    write(rule("good", "points <= 5", "good"), decide="gravest")
    (tmp_path / "p.yaml").write_text((tmp_path / "p.yaml").read_text(encoding="utf-8") + _DUTY.replace("DUE", str(due)), encoding="utf-8")
    questions = """
  obligation:
    title: {zh: 职责, en: duty}
    subject: office
    period: any
    verdicts:
      unmet: {title: {zh: 未完成, en: unmet}, polarity: adverse, severity: 2}
      behind: {title: {zh: 滞后, en: behind}, polarity: adverse, severity: 1}
    decide: each_rule
"""
    (tmp_path / "questions.yaml").write_text((tmp_path / "questions.yaml").read_text(encoding="utf-8") + questions, encoding="utf-8")
    found = verify(cr.load_policies(tmp_path))
    assert [(f.answer, f.rules) for f in found if f.check == "unmeetable"] == answers


def test_findings_in_python_are_reported(write: Write) -> None:
    class Plugin:
        @hookimpl
        def cadrerules_findings(self, policies: Any, facts: Any, as_of: Any) -> list[cr.Finding]:
            return []

    manager = cr.plugin_manager()
    assert isinstance(manager, pluggy.PluginManager)
    manager.register(Plugin(), name="trend")
    plan = write(rule("good", "points <= 5", "good") + rule("bad", "points > 5", "bad"))
    found = verify(cr.Plan(plan.policy_set, manager))
    assert [(f.check, f.domain) for f in found] == [("not_verified", "trend")]


def test_what_is_accepted_keeps_its_reason_until_the_rule_changes(write: Write, tmp_path: Path) -> None:
    rules = rule("bad", "3 <= points <= 5", "bad")
    (one,) = verify(write(rules, decide="gravest"))
    file = tmp_path / "accepted.yaml"
    reason = "{zh: 有意为之, en: meant so}"
    file.write_text(f"format: 1\naccepted:\n  - {{check: lost_penalty, rules: [p.bad], hash: {one.hash}, reason: {reason}}}\n", encoding="utf-8")
    (kept,) = verify(write(rules, decide="gravest"), accepted=read_accepted(file))
    assert kept.accepted is not None
    assert kept.accepted.en == "meant so"
    (changed,) = verify(write(rule("bad", "3 <= points <= 6", "bad"), decide="gravest"), accepted=read_accepted(file))
    assert changed.accepted is None


def test_a_file_of_accepted_findings_is_refused_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "accepted.yaml"
    file.write_text("format: 1\naccepted:\n  - {check: hole, rules: [p.bad], hash: x, reason: {zh: 甲, en: a}}\n", encoding="utf-8")
    with pytest.raises(cr.PolicyError, match="CR-BAD-DOCUMENT") as caught:
        read_accepted(file)
    assert caught.value.problems[0].place.line == 3


def test_every_witness_is_borne_out_by_the_scalar_engine(plan: cr.Plan, found: list[Found]) -> None:
    for one in found:
        if one.witness is None or one.check in ("depends_on_interpretation", "depends_on_unset"):
            continue
        result = plan.amend(params=dict(one.witness.params)).evaluate(dict(one.witness.tables), as_of=one.witness.as_of, engine="scalar")
        holding = {f.rule for f in result.findings if f.status == "holds"}
        assert set(one.rules) & holding, one


def test_what_the_limit_leaves_open_is_undecided_and_never_silent(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    extra = "params: {limit: {unset: left out, domain: '1..9'}}\n"
    rules = rule("bad", "3 <= points <= 5", "bad") + rule("worse", "4 <= points <= 5", "bad") + rule("open", "points >= param.limit", "bad")
    plan = write(rules + rule("good", "points <= 4", "good"), decide="gravest", extra=extra)
    wanted = {f.check for f in verify(plan)}
    assert wanted >= {"subsumed", "lost_penalty", "depends_on_unset", "conflict"}
    monkeypatch.setattr("cadrerules.verify.setting.LIMIT", 1)
    found = verify(plan)
    assert {f.answer for f in found} == {"undecided"}
    assert {f.check for f in found} >= wanted
    assert {f.severity for f in found} == {"info"}


def test_an_undecided_overlap_of_rows_is_told(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cadrerules.verify.setting.LIMIT", 1)
    found = verify(write(_TABLE.format(rows='["<= 5", good], [">= 4", bad], ["-", bad]')))
    assert {(f.check, f.answer) for f in found} >= {("overlap", "undecided"), ("dead", "undecided")}
