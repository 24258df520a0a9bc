"""Long labels in lines that fit on a phone."""

from __future__ import annotations

from ...report.grid import width

MOST = 44
"""So many columns of text fit beside each other on a phone."""


def wrapped(text: str, most: int = MOST) -> list[str]:
    """A text in lines of so many columns, broken between words, and between any Chinese characters."""
    made: list[str] = []
    line = ""
    for piece in _pieces(text):
        if line and width(line + piece.rstrip()) > most:
            made, line = [*made, line.rstrip()], piece.lstrip()
        else:
            line += piece
    return [*made, line.rstrip()]


def _pieces(text: str) -> list[str]:
    """What mustn't be broken."""
    pieces: list[str] = []
    for character in text:
        apart = not pieces or pieces[-1].endswith(" ") or width(character) == 2 or width(pieces[-1][-1]) == 2
        if apart:
            pieces.append(character)
        else:
            pieces[-1] += character
    return [part for piece in pieces for part in (piece[i : i + MOST] for i in range(0, len(piece), MOST))]
