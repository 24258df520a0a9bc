"""The picture of the layers, drawn from what each module really imports; arcs that follow from others are left out."""

from __future__ import annotations

import ast
import textwrap
from collections.abc import Iterator, Mapping
from html import escape

from layers import FILES, ORDER, SOURCE, area, imports, module_of

ROW, TOP, LEFT, WIDTH = 48, 46, 156, 820
INK, PALE, LINE, PAPER = "#283593", "#5c6370", "#7986cb", "#ffffff"
Edges = Mapping[str, set[str]]


def picture() -> Iterator[str]:
    """The SVG: a row for each layer, top to bottom as in the order of imports reversed, and an arc for each import."""
    rows = {name: TOP + ROW * at for at, name in enumerate(reversed(ORDER))}
    height = TOP + ROW * len(ORDER) + 8
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="system-ui, sans-serif" role="img">'
    yield "<title>The layers of cadrerules and what each imports</title>"
    yield f'<rect width="{WIDTH}" height="{height}" rx="10" fill="{PAPER}"/>'
    yield f'<text x="16" y="28" font-size="13" fill="{PALE}">arcs lead from a layer to those it imports; arcs that follow from others are left out; figures count modules</text>'
    for layer, below in reduced(edges()).items():
        yield from (_arc(rows[layer], rows[other]) for other in sorted(below, key=ORDER.index))
    for layer, y in rows.items():
        yield from _row(layer, y)
    yield "</svg>"


def edges() -> Edges:
    """The layers that each layer imports."""
    found: dict[str, set[str]] = {name: set() for name in ORDER}
    for path in FILES:
        here = area(module_of(path))
        if here in found:
            found[here] |= {area(module) for module in imports(path) if area(module) in found} - {here}
    return found


def reduced(all_edges: Edges) -> Edges:
    """The edges that don't follow from longer ways: the transitive reduction."""
    below: dict[str, set[str]] = {}
    for layer in ORDER:
        below[layer] = all_edges[layer].union(*(below[other] for other in all_edges[layer]))
    return {
        layer: {other for other in found if not any(other in below[between] for between in found)}
        for layer, found in all_edges.items()
    }


def _arc(upper: int, lower: int) -> str:
    """A half ellipse left of the rows, the wider the further it reaches."""
    middle = (ROW - 8) / 2
    wide = min(LEFT - 30, 16 + (lower - upper) * 0.3)
    start, end = upper + middle + 4, lower + middle - 4
    return (
        f'<path d="M{LEFT - 8} {start:g}C{LEFT - 8 - wide:g} {start:g} {LEFT - 8 - wide:g} {end:g} {LEFT - 8} {end:g}" '
        f'fill="none" stroke="{LINE}" stroke-width="1.6"/>'
        f'<path d="M{LEFT - 15} {end - 4:g}l8 4l-8 4z" fill="{LINE}"/>'
    )


def _row(layer: str, y: int) -> Iterator[str]:
    """A layer's name, how many modules it has, and its job in its own words."""
    yield f'<rect x="{LEFT}" y="{y}" width="{WIDTH - LEFT - 16}" height="{ROW - 8}" rx="6" fill="#eef0fa"/>'
    yield f'<text x="{LEFT + 12}" y="{y + 25}" font-size="16" font-weight="600" fill="{INK}">{layer}</text>'
    yield f'<text x="{LEFT + 150}" y="{y + 25}" font-size="13" fill="{PALE}" text-anchor="end">{_size(layer) or ""}</text>'
    lines = textwrap.wrap(_job(layer), 64, max_lines=2, placeholder=" ...")
    for at, line in enumerate(lines):
        below = 25 if len(lines) == 1 else 17 + 16 * at
        yield f'<text x="{LEFT + 166}" y="{y + below}" font-size="14" fill="#30343c">{escape(line)}</text>'


def _size(layer: str) -> int:
    """The number of modules, where it is more than one."""
    found = sum(area(module_of(path)) == layer for path in FILES)
    return found if found > 1 else 0


def _job(layer: str) -> str:
    """The first sentence of its docstring."""
    file = SOURCE / layer / "__init__.py" if (SOURCE / layer).is_dir() else SOURCE / f"{layer}.py"
    text = (ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or "").partition("\n\n")[0]
    return text.partition(". ")[0].rstrip(".").replace("`", "").replace("\n", " ")
