"""Where a command's output goes: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import os
import select
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING

from ..errors import Lang
from ..whole_files import whole_file
from .words import word

if TYPE_CHECKING:
    from ..differences.text import Line

Progress = Callable[[str, int, int], None]
_SOON = 1.0
"""Seconds of work before progress is shown."""
_STYLES = {"title": "bold", "heading": "bold", "added": "green", "removed": "red", "changed": "yellow", "faint": "dim"}


def write(content: str | bytes, out: Path | None, lang: Lang) -> None:
    """Write to the file and say so, or to standard output; `UsageError` where the file can't be written."""
    raw = content.encode() if isinstance(content, str) else content
    if out is None:
        _print(raw)
        return
    with whole_file(out) as beside, beside.open("wb") as file:
        file.write(raw)
    say(word("written", lang, out))


def write_line(text: str) -> bool:
    """Write a line to standard output at once; whether there is still a reader."""
    return _print(f"{text}\n".encode())


def is_read() -> bool:
    """Whether standard output still has a reader, as far as the system tells before anything is written."""
    if not hasattr(select, "poll"):
        return True
    asked = select.poll()
    try:
        asked.register(sys.stdout.fileno(), 0)
    except OSError:  # no file at all
        return True
    return not any(event & select.POLLERR for _, event in asked.poll(0))


def _print(raw: bytes) -> bool:
    try:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return False
    return True


def say(text: str) -> None:
    """Tell the person at the terminal something that isn't output."""
    sys.stderr.buffer.write(f"{text}\n".encode(sys.stderr.encoding or "utf-8", errors="replace"))
    sys.stderr.buffer.flush()


def show(lines: Iterable[Line]) -> None:
    """Lines on a terminal, in colours."""
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    for line in lines:
        console.print(Text(line.text, style=_STYLES.get(line.style, "")), soft_wrap=True)


@contextmanager
def progress(lang: Lang, doing: str = "evaluating") -> Iterator[Progress]:
    """Shows on standard error how far work has come and how long it may take, on a terminal and once it takes about a second.

    `doing` is the word for what is done.
    """
    if not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    bar = Bar(console=Console(stderr=True), transient=True)
    task = bar.add_task(word("reading", lang), total=None)
    timer = Timer(_SOON, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield lambda name, done, total: bar.update(
            task, description=word(doing, lang, name), completed=done, total=total
        )
    finally:
        timer.cancel()
        timer.join()
        if bar.live.is_started:
            bar.stop()
