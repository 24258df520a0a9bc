"""Writes an explanation as text, Markdown, HTML or JSON."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, replace
from typing import Any, assert_never
from unicodedata import east_asian_width

from ..errors import Lang
from ..model.counterfactual import Outlook
from .explained import Dossier, Explanation, Reason
from .outline import Block, Heading, Item, Items, Outliner, Paragraph
from .words import proposal

# --- text ---------------------------------------------------------------------------------------

_UNDERLINES = {1: "=", 2: "-"}


def to_text(of: Explanation | Dossier, lang: Lang) -> str:
    """Plain text for a terminal."""
    return text_of(Outliner(lang).outline(of))


def text_of(blocks: Iterable[Block]) -> str:
    """Blocks as plain text."""
    lines = [line for block in blocks for line in _text_block(block)]
    return "\n".join(lines).strip("\n") + "\n"


def _text_block(block: Block) -> Iterator[str]:
    match block:
        case Heading(level=level, text=text):
            yield from ("", text)
            if level in _UNDERLINES:
                yield _UNDERLINES[level] * _width(text)
        case Paragraph(text=text):
            yield text
        case Items(items=items):
            for item in items:
                yield from _text_item(item, 1)
        case _:
            assert_never(block)


def _text_item(item: Item, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}- {item.text}" + (f"  [{item.cell}]" if item.cell else "")
    for child in item.children:
        yield from _text_item(child, depth + 1)


def _width(text: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


# --- Markdown -----------------------------------------------------------------------------------


def to_markdown(of: Explanation | Dossier, lang: Lang) -> str:
    """Markdown; what stands in the facts is escaped."""
    return markdown_of(Outliner(lang).outline(of))


def markdown_of(blocks: Iterable[Block]) -> str:
    """Blocks as Markdown, escaped."""
    return "\n\n".join(_markdown_block(block) for block in blocks) + "\n"


def _markdown_block(block: Block) -> str:
    match block:
        case Heading(level=level, text=text):
            return f"{'#' * level} {escaped_markdown(text)}"
        case Paragraph(text=text, strong=strong):
            return f"**{escaped_markdown(text)}**" if strong else escaped_markdown(text)
        case Items(items=items):
            return "\n".join(line for item in items for line in _markdown_item(item, 0))
        case _:
            assert_never(block)


def _markdown_item(item: Item, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}- {escaped_markdown(item.text)}" + (f" `{item.cell.replace('`', ' ')}`" if item.cell else "")
    for child in item.children:
        yield from _markdown_item(child, depth + 1)


def escaped_markdown(text: str) -> str:
    """A text in one line of Markdown that means nothing but itself."""
    return re.sub(r"([\\`*_\[\]<>#|~&])", r"\\\1", " ".join(text.split()))


# --- HTML ---------------------------------------------------------------------------------------

_STYLE = (
    "body{font-family:system-ui,sans-serif;line-height:1.5;max-width:60rem;margin:2rem auto;padding:0 1rem}"
    "ul{padding-left:1.4rem}code{font-size:.85em;color:#555}h2{border-bottom:1px solid #ccc}"
)


def to_html(of: Explanation | Dossier, lang: Lang) -> str:
    """One page of HTML without scripts; everything is escaped."""
    blocks = Outliner(lang).outline(of)
    title = next(block.text for block in blocks if isinstance(block, Heading))
    body = html_of(blocks)
    code = "zh-CN" if lang == "zh" else "en"
    head = f'<meta charset="utf-8">\n<title>{html.escape(title)}</title>\n<style>{_STYLE}</style>'
    return f'<!doctype html>\n<html lang="{code}">\n<head>\n{head}\n</head>\n<body>\n{body}\n</body>\n</html>\n'


def to_fragment(of: Explanation | Dossier, lang: Lang) -> str:
    """A part of a page for a notebook, whose own headings are larger."""
    blocks = Outliner(lang).outline(of)
    return html_of(replace(block, level=min(block.level + 2, 6)) if isinstance(block, Heading) else block for block in blocks)


def html_of(blocks: Iterable[Block]) -> str:
    """Blocks as a part of a page, escaped."""
    return "\n".join(_html_block(block) for block in blocks)


def _html_block(block: Block) -> str:
    match block:
        case Heading(level=level, text=text):
            return f"<h{level}>{html.escape(text)}</h{level}>"
        case Paragraph(text=text, strong=strong):
            return f"<p><strong>{html.escape(text)}</strong></p>" if strong else f"<p>{html.escape(text)}</p>"
        case Items(items=items):
            return _html_items(items)
        case _:
            assert_never(block)


def _html_items(items: tuple[Item, ...]) -> str:
    return "<ul>\n" + "".join(f"<li>{_html_item(item)}</li>\n" for item in items) + "</ul>"


def _html_item(item: Item) -> str:
    cell = f" <code>{html.escape(item.cell)}</code>" if item.cell else ""
    return html.escape(item.text) + cell + (f"\n{_html_items(item.children)}" if item.children else "")


# --- JSON ---------------------------------------------------------------------------------------


def to_json(of: Explanation | Dossier, lang: Lang) -> str:
    """Structured data: a decision's own fields, with findings, parameters and interpretations in full."""
    plain = _explanation(of, lang) if isinstance(of, Explanation) else _dossier(of, lang)
    return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def _explanation(of: Explanation, lang: Lang) -> dict[str, Any]:
    outliner = Outliner(lang)
    return {
        **of.decision,
        "title": outliner.title(of),
        "verdict_text": outliner.verdict(of),
        "notice": proposal(of.basis, lang),
        "as_of": of.basis.as_of,
        "policies": {"name": of.basis.name, "hash": of.basis.hash},
        "findings": [_reason(reason) for reason in of.reasons],
        "settings": [asdict(setting) for setting in of.settings],
        "interpretations": [asdict(reading) for reading in of.readings],
        "waits_for": [asdict(wait) for wait in of.waits],
        **_outlook(of.outlook, lang),
    }


def _outlook(outlook: Outlook | None, lang: Lang) -> dict[str, Any]:
    """What would change it; nothing where that wasn't asked for."""
    if outlook is None:
        return {}
    return {
        "counterfactuals": [way.to_dict(lang) for way in outlook.counterfactuals],
        "counterfactual_notes": [note[lang] for note in outlook.notes],
    }


def _reason(reason: Reason) -> dict[str, Any]:
    return _without_empty_lines(asdict(reason))


def _without_empty_lines(plain: dict[str, Any]) -> dict[str, Any]:
    for case in plain["cases"]:
        case["lines"] = [_line(line) for line in case["lines"]]
    return plain


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line as plain data; empty fields are left out."""
    plain = {name: value for name, value in line.items() if value not in ("", False, (), [])}
    if line["children"]:
        plain["children"] = [_line(child) for child in line["children"]]
    return plain


def _dossier(of: Dossier, lang: Lang) -> dict[str, Any]:
    return {
        "subject": of.subject,
        "kind": of.kind,
        "as_of": of.basis.as_of,
        "policies": {"name": of.basis.name, "hash": of.basis.hash},
        "decisions": [_explanation(decision, lang) for decision in of.decisions],
        "not_applying": [
            {
                "question": u.question,
                "title": u.title,
                "period": u.period,
                "rules": [_reason(r) for r in u.reasons],
                **_outlook(u.outlook, lang),
            }
            for u in of.unmet
        ],
        **({"group": of.basis.organisation.name} if of.basis.organisation else {}),
    }


FORMATS: Mapping[str, Callable[[Explanation | Dossier, Lang], str]] = {
    "text": to_text,
    "markdown": to_markdown,
    "html": to_html,
    "json": to_json,
}
"""Formats that may be asked for."""
RENDERERS: Mapping[str, Callable[[Explanation | Dossier, Lang], str]] = {**FORMATS, "fragment": to_fragment}
"""These, and what notebooks show."""
