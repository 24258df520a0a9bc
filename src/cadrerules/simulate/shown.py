"""What every simulation can be made into for people: a page, charts as pictures, and what a notebook shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from ..errors import Lang

if TYPE_CHECKING:
    from .page.figures import Figure


class Shown:
    """Base of simulations; what draws is loaded where it is asked for."""

    def to_html(self, lang: Lang = "en", *, command: str = "", title: str = "") -> str:
        """One self-contained page; see `cadrerules.simulate.page.to_html`, which takes several together."""
        from .page import to_html

        return to_html(self._itself, lang, command=command, title=title)

    def figures(self, lang: Lang = "en") -> dict[str, Figure]:
        """The charts by name; each has a `title`, an `alt` text and a `spec()` in Vega-Lite."""
        from .page import figures

        return figures(self._itself, lang)

    def write_figures(self, folder: str | Path, format: Literal["svg", "png"] = "svg", lang: Lang = "en") -> Sequence[Path]:  # noqa: A002
        """Write each chart to a file in a folder; see `cadrerules.simulate.page.write_figures`."""
        from .page import write_figures

        return write_figures(self._itself, folder, format, lang)

    def _repr_html_(self) -> str:
        from .page.notebook import shown

        return shown(self._itself)

    @property
    def _itself(self) -> Any:
        return self
