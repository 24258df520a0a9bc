from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from small_marks import CASES, POLICY, write_marks

pytest_plugins = ["pytester"]
OURS = ("-p", "no:cadrerules", "-p", "cadrerules.testing.pytest_plugin", "-p", "no:cacheprovider", "--benchmark-disable")
WRONG = CASES.replace("verdict: low", "verdict: high")


def test_each_case_is_an_item(pytester: pytest.Pytester) -> None:
    write_marks(pytester.path)
    found = pytester.runpytest(*OURS, "--collect-only")
    found.stdout.fnmatch_lines(["*<CaseItem two points bar>", "*<CaseItem one step below doesn't>"])
    pytester.runpytest(*OURS).assert_outcomes(passed=2)
    pytester.runpytest(*OURS, "-k", "below").assert_outcomes(passed=1, deselected=1)
    pytester.runpytest(*OURS, "cases/marks.yaml::two points bar").assert_outcomes(passed=1)


def test_a_failure_is_told_in_words(pytester: pytest.Pytester) -> None:
    write_marks(pytester.path, WRONG)
    found = pytester.runpytest(*OURS)
    found.assert_outcomes(passed=1, failed=1)
    found.stdout.fnmatch_lines(
        [
            "cases/marks.yaml:9: two points bar (clause 2)",
            "grade / P / 2024: the decision is not as expected",
            "    verdict: expected high, is low",
            "why:",
            "    Grade: person P, 2024",
            'run it again: pytest "cases/marks.yaml::two points bar"',
        ]
    )
    assert "Traceback" not in found.stdout.str()
    assert "raise " not in found.stdout.str()


def test_a_failure_is_told_in_chinese(pytester: pytest.Pytester) -> None:
    write_marks(pytester.path, WRONG)
    pytester.runpytest(*OURS, "--cadrerules-lang", "zh").stdout.fnmatch_lines(["    verdict：预期 high，实为 low"])


def test_junit_has_the_failure(pytester: pytest.Pytester) -> None:
    write_marks(pytester.path, WRONG)
    pytester.runpytest(*OURS, "--junit-xml=out.xml")
    suite = ElementTree.parse(pytester.path / "out.xml").getroot()[0]  # noqa: S314 - our own
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("2", "1", "0")
    assert suite[0].get("name") == "two points bar"
    assert "expected high, is low" in (suite[0][0].get("message") or "")


def test_engines_are_parameters(pytester: pytest.Pytester) -> None:
    write_marks(pytester.path)
    found = pytester.runpytest(*OURS, "--cadrerules-engine", "scalar,polars", "-v")
    found.assert_outcomes(passed=4)
    pytester.runpytest(*OURS, "--cadrerules-engine", "scalar,polars", "-k", "below and polars").assert_outcomes(passed=1, deselected=3)


def test_an_unknown_engine_is_refused(pytester: pytest.Pytester) -> None:
    write_marks(pytester.path)
    found = pytester.runpytest(*OURS, "--cadrerules-engine", "abacus")
    assert found.ret == pytest.ExitCode.USAGE_ERROR
    found.stderr.fnmatch_lines(["*CR-NOT-AN-OPTION: `abacus` is no --cadrerules-engine*"])


def test_expectations_are_rewritten_when_asked_for(pytester: pytest.Pytester) -> None:
    file = write_marks(pytester.path, WRONG)
    found = pytester.runpytest(*OURS, "--cadrerules-update")
    found.assert_outcomes(passed=2)
    found.stdout.fnmatch_lines(["cases/marks.yaml:9: two points bar: grade/P/2024.verdict: high -> low"])
    assert file.read_text(encoding="utf-8") == CASES


def test_what_can_not_be_rewritten_still_fails(pytester: pytest.Pytester) -> None:
    write_marks(pytester.path, policy=POLICY.replace("bar: {value: 2,", "bar: {value: 1,"))
    pytester.runpytest(*OURS, "--cadrerules-update").assert_outcomes(passed=1, failed=1)


def test_coverage_is_told_at_the_end(pytester: pytest.Pytester) -> None:
    write_marks(pytester.path)
    found = pytester.runpytest(*OURS, "--cadrerules-coverage")
    found.assert_outcomes(passed=2)
    found.stdout.fnmatch_lines(["*coverage of the rules of marks*", "* % covered: * of 33 obligations", "mark.bar *"])


def test_a_faulty_file_is_told_with_its_place(pytester: pytest.Pytester) -> None:
    write_marks(pytester.path, CASES.replace("about:", "abuot:"))
    found = pytester.runpytest(*OURS)
    found.assert_outcomes(errors=1)
    found.stdout.fnmatch_lines(["CR-BAD-DOCUMENT: marks.yaml, line 3, column 1: `abuot`*"])
    assert "Traceback" not in found.stdout.str()


@pytest.mark.parametrize(
    "text",
    ["", "- a\n", "cases: [1, 2]\n", "format: 2\ncases:\n  - {name: a}\n", "{{ helm }}\n\tx", "cases: !!python/object:os.system {}\n"],
)
def test_files_of_others_are_none_of_ours(pytester: pytest.Pytester, text: str) -> None:
    for folder in ("cases", "data"):
        (pytester.path / folder).mkdir()
        (pytester.path / folder / "a.yaml").write_text(text, encoding="utf-8")
    found = pytester.runpytest(*OURS)
    assert found.ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_a_file_elsewhere_is_taken_where_it_names_its_set(pytester: pytest.Pytester) -> None:
    text = "format: 1\npolicy_set: market-supervision\nas_of: 2025-01-15\npolicies: [training]\ncases:\n"
    text += "  - {name: none, given: {trainings: []}, nothing_else: true}\n"
    (pytester.path / "cases").mkdir()
    for name in ("cases/mine.yaml", "mine.yaml"):
        (pytester.path / name).write_text(text, encoding="utf-8")
    pytester.runpytest(*OURS).assert_outcomes(passed=1)
    pytester.runpytest(*OURS, "mine.yaml").assert_outcomes(passed=1)


def test_unused_the_plugin_loads_nothing_heavy() -> None:
    code = "import cadrerules.testing.pytest_plugin, sys; print(' '.join(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    ours = {name for name in loaded if name.startswith("cadrerules")}
    assert ours == {"cadrerules", "cadrerules.testing", "cadrerules.testing.pytest_plugin"}
    assert not {name.partition(".")[0] for name in loaded} & {"pydantic", "ruamel", "polars", "rich", "typer", "hypothesis"}


def test_the_entry_point_is_declared() -> None:
    import tomllib

    project = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"cadrerules": "cadrerules.testing.pytest_plugin"}
