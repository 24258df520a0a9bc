"""The page and the pictures of a simulation, as commands write them."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Literal, Protocol, cast

from ..errors import Lang, Problem, UsageError
from . import options
from .calls import call
from .output import say
from .words import word

PictureFormat = Literal["svg", "png"]
_NEEDED = {"jinja2": "jinja2", "altair": "altair", "vl_convert": "vl-convert-python"}


class Shown(Protocol):
    """A simulation that has a page and charts."""

    def to_html(self, lang: Lang = "en", *, command: str = "") -> str:
        """The page."""

    def write_figures(self, folder: str | Path, format: PictureFormat = "svg", lang: Lang = "en") -> object:  # noqa: A002
        """The charts as files."""


def picture_format(text: str, *, wanted: bool) -> PictureFormat:
    """The format of pictures; refuses what isn't one, and a missing library before anything is evaluated."""
    chosen = options.one_of(text, "--figure-format", ("svg", "png"))
    for module, name in _NEEDED.items() if wanted else ():
        if find_spec(module) is None:
            raise UsageError(Problem("CR-EXTRA-MISSING", values={"what": name, "extra": "report"}))
    return cast("PictureFormat", chosen)


def page(found: Shown, lang: Lang) -> str:
    """The page, with the command that was typed."""
    return found.to_html(lang, command=call())


def write_pictures(found: Shown, folder: Path, format: PictureFormat, lang: Lang) -> None:  # noqa: A002
    """Write the charts, and say so."""
    found.write_figures(folder, format, lang)
    say(word("written", lang, folder))
