"""Gives commands the options that they share: these are written once, where what they say is put together."""

from __future__ import annotations

from collections.abc import Callable, Collection
from inspect import Parameter, Signature, signature
from typing import Any, Concatenate, ParamSpec, TypeVar

Made = TypeVar("Made")
Own = ParamSpec("Own")
Given = TypeVar("Given")


def sharing(
    make: Callable[..., Made], /, *, without: Collection[str] = (), **adapted: Callable[[Any], Any]
) -> Callable[[Callable[Concatenate[Made, Own], Given]], Callable[..., Given]]:
    """Make a command take the parameters of `make` too, and as its first argument what `make` gives of them.

    A parameter that the command has itself is the command's; `make` gets what `adapted` makes of its value. Those `without`
    which it does are left to their defaults.
    """

    def decorate(command: Callable[Concatenate[Made, Own], Given]) -> Callable[..., Given]:
        shared = {n: each for n, each in signature(make, eval_str=True).parameters.items() if n not in without}
        own = dict([*signature(command, eval_str=True).parameters.items()][1:])

        def run(**given: Any) -> Given:
            made = make(**{name: adapted[name](given[name]) if name in adapted else given[name] for name in shared})
            return command(made, **{name: given[name] for name in own})  # type: ignore[call-arg]  # its own

        alone = {name: each for name, each in shared.items() if name not in own}
        both = sorted({**alone, **own}.values(), key=lambda each: each.default is not Parameter.empty)
        first = [each for each in both if each.default is Parameter.empty or each.name in own]
        named = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in (*first, *(each for each in both if each not in first))]
        run.__signature__ = Signature(named)  # type: ignore[attr-defined]  # what typer reads
        run.__annotations__ = {each.name: each.annotation for each in named}
        run.__name__, run.__doc__ = command.__name__, command.__doc__
        return run

    return decorate
