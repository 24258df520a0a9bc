"""What commands that simulate share: the facts they run on, and how what is found goes out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, cast

import typer

from ..errors import Lang
from ..load.files import needing
from ..plan import ENGINES
from . import options, simulation_page
from .asked import Asked, asked
from .output import Progress, progress, write
from .sharing import sharing

if TYPE_CHECKING:
    import polars as pl

_Format = Annotated[str, typer.Option("--format", help="table, json or csv.", metavar="FORMAT")]
_PagedFormat = Annotated[str, typer.Option("--format", help="table, json, csv or html.", metavar="FORMAT")]
_Figures = Annotated[Path | None, typer.Option("--figures", help="Also write each chart to a file in this folder.", metavar="FOLDER")]
_FigureFormat = Annotated[str, typer.Option("--figure-format", help="svg or png.", metavar="FORMAT")]


class Told(Protocol):
    """What a simulation gives."""

    def to_text(self, lang: Lang = "en") -> str:
        """Plain text for a terminal."""

    def to_dict(self) -> dict[str, Any]:
        """Plain data, ready for JSON."""

    def to_frame(self) -> pl.DataFrame:
        """Its main figures, a row each."""


@dataclass(frozen=True)
class Simulation(Asked):
    """What a command that simulates is asked for: also in which format, and which charts."""

    format: str = "table"
    figures: Path | None = None
    figure_format: simulation_page.PictureFormat = "svg"

    @contextmanager
    def working(self, word: str = "evaluating") -> Iterator[Progress]:
        """Shows how far the work has come; refuses with the name of the extra where polars isn't installed."""
        with needing("polars", "frames"), progress(self.lang, word) as told:
            yield told

    def tell(self, found: Told) -> None:
        """Write what a simulation gives in the format asked for, and its charts."""
        if self.figures is not None:
            simulation_page.write_pictures(cast("simulation_page.Shown", found), self.figures, self.figure_format, self.lang)
        match self.format:
            case "json":
                write(json.dumps(found.to_dict(), ensure_ascii=False, indent=2) + "\n", self.out, self.lang)
            case "csv":
                from ..simulate.csv import to_csv

                write(to_csv(found.to_frame()), self.out, self.lang)
            case "html":
                write(simulation_page.page(cast("simulation_page.Shown", found), self.lang), self.out, self.lang)
            case _:
                write(found.to_text(self.lang), self.out, self.lang)


@sharing(asked)
def simulation(
    asked: Asked,
    format: _PagedFormat = "table",  # noqa: A002 - the option's name
    figures: _Figures = None,
    figure_format: _FigureFormat = "svg",
) -> Simulation:
    """What the options of a simulation say; `UsageError` for what can't be."""
    options.one_of(asked.engine, "--engine", ENGINES)
    chosen = options.one_of(format, "--format", ("table", "json", "csv", "html"))
    pictures = simulation_page.picture_format(figure_format, wanted=chosen == "html" or figures is not None)
    return _simulation(asked, chosen, figures, pictures)


@sharing(asked, without=("engine",))
def simulation_on_rows(asked: Asked, format: _Format = "table") -> Simulation:  # noqa: A002 - the option's name
    """The same of a simulation that only the scalar engine does, and that has no page."""
    return _simulation(asked, options.one_of(format, "--format", ("table", "json", "csv")))


def _simulation(asked: Asked, *more: Any) -> Simulation:
    return Simulation(*(getattr(asked, each.name) for each in fields(Asked)), *more)
