"""Charts as PNG and SVG files, drawn without a browser."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Literal

from ...errors import Lang, Problem, UsageError
from ...whole_files import whole_file
from .figures import PICTURE, Figure, Simulation, figures

PictureFormat = Literal["svg", "png"]
FORMATS: tuple[PictureFormat, ...] = ("svg", "png")
SHARPNESS = 2
"""Pixels of a PNG for one of the page."""
_CLIP = re.compile(r'(id="|clip-path="url\(#)clip(\d+)(\)?")')
_CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


def write_figures(
    result: Simulation | Sequence[Simulation],
    folder: str | Path,
    format: PictureFormat = "svg",  # noqa: A002 - the same word as everywhere
    lang: Lang = "en",
) -> list[Path]:
    """Write each chart of one simulation, or of several, to a file named by it; the files, in the order of the page.

    The folder is made where it isn't there; files of these names are replaced, each whole. SVG has its texts as text,
    drawn with the fonts of whoever looks. PNG has them drawn here: `UsageError` where no font here has Chinese characters
    and some text does, for unknown formats, and without the extra `report`.
    """
    if format not in FORMATS:
        values = {"value": format, "option": "format", "allowed": ", ".join(FORMATS)}
        raise UsageError(Problem("CR-NOT-AN-OPTION", values=values))
    drawn = {name: picture(figure, format) for name, figure in figures(result, lang).items()}
    into = Path(folder)
    try:
        into.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(Problem("CR-CANT-WRITE", values={"file": into.name, "reason": error.strerror or ""})) from None
    return [_written(into / f"{name}.{format}", content) for name, content in drawn.items()]


def _written(path: Path, content: bytes) -> Path:
    with whole_file(path) as beside:
        beside.write_bytes(content)
    return path


def picture(figure: Figure, format: PictureFormat) -> bytes:  # noqa: A002
    """A chart as a picture, with its title."""
    converter, spec = _converter(), figure.spec(PICTURE, titled=True)
    version = _schema()
    if format == "svg":
        return _renumbered(str(converter.vegalite_to_svg(spec, vl_version=version, allowed_base_urls=[]))).encode()
    if _CHINESE.search(f"{figure.title}{figure.alt}{spec}") and not has_chinese_font():
        raise UsageError(Problem("CR-NO-CHINESE-FONT"))
    return bytes(converter.vegalite_to_png(spec, vl_version=version, scale=SHARPNESS, allowed_base_urls=[]))


def _renumbered(svg: str) -> str:
    """The picture with its clips numbered from 1: the converter counts on from one picture to the next."""
    numbers: dict[str, int] = {}

    def own(found: re.Match[str]) -> str:
        return f"{found[1]}clip{numbers.setdefault(found[2], len(numbers) + 1)}{found[3]}"

    return _CLIP.sub(own, svg)


def _converter() -> ModuleType:
    try:
        import vl_convert
    except ImportError:
        raise UsageError(Problem("CR-EXTRA-MISSING", values={"what": "vl-convert-python", "extra": "report"})) from None
    return vl_convert


def _schema() -> str:
    """The version of Vega-Lite that charts are written in, as the converter names it."""
    from altair import SCHEMA_VERSION

    return ".".join(SCHEMA_VERSION.removeprefix("v").split(".")[:2])


@lru_cache(maxsize=1)
def has_chinese_font() -> bool:
    """Whether a Chinese character is drawn otherwise than one that no font has."""
    sign, unknown = (_drawn(character) for character in ("汉", "\U0010fffd"))
    return sign != unknown


def _drawn(character: str) -> bytes:
    text = f'<text y="28" font-size="20" font-family="sans-serif">{character}</text>'
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40">{text}</svg>'
    return bytes(_converter().svg_to_png(svg))
