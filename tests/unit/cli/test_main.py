from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

import pytest

from cadrerules import __version__, cli


def run(*arguments: str) -> int:
    """Run a command in this process; its exit status."""
    with pytest.raises(SystemExit) as left:
        cli.main(arguments)
    code = left.value.code
    assert isinstance(code, int)
    return code


@pytest.mark.parametrize(
    ("arguments", "environment", "expected"),
    [
        ((), {}, "en"),
        ((), {"LANG": "zh_CN.UTF-8"}, "zh"),
        ((), {"LANG": "zh_CN.UTF-8", "CADRERULES_LANG": "en"}, "en"),
        ((), {"CADRERULES_LANG": "zh"}, "zh"),
        (("evaluate", "--lang", "zh"), {"CADRERULES_LANG": "en"}, "zh"),
        (("--lang=en",), {"CADRERULES_LANG": "zh"}, "en"),
        (("--lang",), {"CADRERULES_LANG": "zh"}, "zh"),
    ],
)
def test_the_language_of_errors(
    monkeypatch: pytest.MonkeyPatch, arguments: Sequence[str], environment: dict[str, str], expected: str
) -> None:
    for name in ("LANG", "CADRERULES_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert cli._language(arguments) == expected


def failing(error: BaseException) -> Any:
    def app(**_: Any) -> NoReturn:
        raise error

    return app


def test_what_nobody_expected_has_a_code_and_no_traceback(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "app", failing(ZeroDivisionError("secret")))
    monkeypatch.delenv("CADRERULES_DEBUG", raising=False)
    assert run("--lang", "zh") == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert err == (
        "CR-INTERNAL: cadrerules 内部出错（ZeroDivisionError）\n"
        "    请连同所用命令一并报告；设置 CADRERULES_DEBUG=1 可显示出错位置\n"
    )


def test_when_asked_for_the_traceback_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "app", failing(ZeroDivisionError()))
    monkeypatch.setenv("CADRERULES_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        cli.main([])


def test_an_interruption_is_quiet(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("cadrerules.authoring.schemas.json_schema", failing_call(KeyboardInterrupt()))
    assert run("policy", "schema") == 130
    assert "Traceback" not in capfd.readouterr().err


def failing_call(error: BaseException) -> Any:
    def call(*_: Any) -> NoReturn:
        raise error

    return call


def test_the_version(capfd: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capfd.readouterr().out == f"{__version__}\n"


@pytest.mark.parametrize("arguments", [("evaluate",), ("evaluate", "x", "--formt", "json"), ("nothing",)])
def test_a_wrong_call_is_status_2_with_nothing_on_the_output(
    arguments: tuple[str, ...], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments) == 2
    out, err = capfd.readouterr()
    assert out == ""
    assert "Traceback" not in err
    assert err.startswith("CR-CALL: the command isn't understood: ")
    assert run(*arguments, "--lang", "zh") == 2
    assert capfd.readouterr().err.startswith("CR-CALL: 无法理解该命令：")


def test_the_same_options_stand_in_every_command_that_evaluates(capfd: pytest.CaptureFixture[str]) -> None:
    common = [
        "--policies",
        "--policy",
        "--set",
        "--interpret",
        "--as-of",
        "--engine",
        "--format",
        "--lang",
        "--out",
        "--extra-columns",
    ]
    for command in ("evaluate", "explain", "report"):
        assert run(command, "--help") == 0
        text = capfd.readouterr().out
        assert [option for option in common if option not in text] == []
