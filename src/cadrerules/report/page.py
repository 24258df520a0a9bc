"""Pages of HTML from templates: one file without scripts, everything escaped, fit for screen and paper."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import Lang, Problem, UsageError

if TYPE_CHECKING:
    from jinja2 import Environment

OWN = Path(__file__).parent / "templates"


def render(template: str, lang: Lang, *, folder: Path = OWN, **values: Any) -> str:
    """The page that a template makes of the values; `UsageError` without jinja2.

    `folder` is where the template lies; it may extend `page.html.jinja`, which brings the head, the
    style and the footer and wants `title`, `eyebrow` and `footer` (a list of sentences).
    """
    try:
        environment = _environment(folder)
    except ImportError:
        raise UsageError(Problem("CR-EXTRA-MISSING", values={"what": "jinja2", "extra": "report"})) from None
    return environment.get_template(template).render(lang=lang, code="zh-CN" if lang == "zh" else "en", **values)


@lru_cache(maxsize=16)
def _environment(folder: Path) -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader([folder, OWN]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
