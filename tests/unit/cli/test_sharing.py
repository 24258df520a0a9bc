"""A command has the options it shares and its own, each once."""

from __future__ import annotations

from inspect import Parameter, signature

from cadrerules.cli.sharing import sharing


def made(data: str, settings: str = "", lang: str = "en") -> tuple[str, str, str]:
    """What the shared options say."""
    return data, settings, lang


def test_own_parameters_come_before_the_shared_ones_that_may_be_left_out() -> None:
    @sharing(made)
    def command(asked: tuple[str, str, str], goal: str, size: int = 3) -> None:
        """Does it."""
        found.append((asked, goal, size))

    found: list[object] = []
    told = signature(command).parameters
    assert list(told) == ["data", "goal", "size", "settings", "lang"]
    assert [name for name, each in told.items() if each.default is Parameter.empty] == ["data", "goal"]
    assert (command.__name__, command.__doc__, told["size"].annotation) == ("command", "Does it.", int)
    command(goal="g", data="d", size=4, settings="s", lang="zh")
    assert found == [(("d", "s", "zh"), "g", 4)]


def test_a_parameter_of_both_is_the_commands_and_adapted_for_what_is_shared() -> None:
    @sharing(made, settings=str.upper)
    def command(asked: tuple[str, str, str], settings: str = "own") -> None:
        """Does it."""
        found.append((asked, settings))

    found: list[object] = []
    assert signature(command).parameters["settings"].default == "own"
    command(data="d", settings="s", lang="en")
    assert found == [(("d", "S", "en"), "s")]


def test_what_is_left_out_stays_at_its_default() -> None:
    @sharing(made, without=("lang",))
    def command(asked: tuple[str, str, str]) -> object:
        """Does it."""
        return asked

    assert list(signature(command).parameters) == ["data", "settings"]
    assert command(data="d", settings="s") == ("d", "s", "en")
