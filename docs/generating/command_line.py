"""Every command of the command line with its arguments and options, from the program itself."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Any

from typer.main import get_command

from cadrerules.cli import app
from generating.notes import NOTE

IS = """
Options that several commands have mean the same in each. Errors go to standard error, each with [a code](errors.md), in
the language of `--lang`, `CADRERULES_LANG` or the system. The exit status is 0 where the command did its work, 1 where it
found what it was asked to fail on, 2 where the call or its input is at fault.
"""


def command_line() -> Iterator[str]:
    """The page: one heading for each command."""
    yield "# Command line"
    yield NOTE
    yield IS
    yield from _described(get_command(app), "cadrerules")


def _described(command: Any, path: str) -> Iterator[str]:
    """A command, or those of a group, each in the order in which `--help` lists them."""
    if hasattr(command, "commands"):
        for name, inner in command.commands.items():
            yield from _described(inner, f"{path} {name}")
        return
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name == "option"]
    yield f"\n## {path}\n"
    yield "\n\n".join(told(command.help or ""))
    yield f"\n`{' '.join([path, *map(_usage, arguments), '[OPTIONS]'])}`\n"
    yield "| | what | where left out |\n|---|---|---|"
    for parameter in arguments:
        yield f"| <code>{_cell(parameter.metavar)}</code> | {_cell(parameter.help)} | {'must be given' if parameter.required else ''} |"
    for option in options:
        yield f"| {_names(option)} | {_cell(option.help)} | {_default(option)} |"


def told(text: str) -> Iterator[str]:
    """The paragraphs of a help text; an indented one is examples, shown as code line by line."""
    for paragraph in text.partition("\f")[0].split("\n\n"):
        if paragraph.startswith("    "):
            yield "  \n".join(f"`{line.strip()}`" for line in paragraph.splitlines())
        elif paragraph.strip():
            yield " ".join(paragraph.split())


def _usage(argument: Any) -> str:
    name = argument.metavar.strip("[]")
    more = "..." if argument.nargs == -1 else ""
    return f"{name}{more}" if argument.required else f"[{name}{more}]"


def _names(option: Any) -> str:
    """How it is written, with the value that it takes."""
    value = "" if option.is_flag else f" {option.metavar or 'VALUE'}"
    names = (*option.opts, *option.secondary_opts)
    return ", ".join(f"<code>{escape(name + value)}</code>" for name in names).replace("|", "&#124;")


def _default(option: Any) -> str:
    """What counts where it isn't given."""
    if option.required:
        return "must be given"
    if option.is_flag and option.secondary_opts:
        return f"`{(option.opts if option.default else option.secondary_opts)[0]}`"
    known = option.default not in (None, "", False, ()) and not callable(option.default)
    variables = f"`{option.envvar}`" if option.envvar else ""
    return f"`{option.default}`" if known else variables


def _cell(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "&#124;")
