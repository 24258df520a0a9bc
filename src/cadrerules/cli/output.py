"""Where a command's output goes: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from ..errors import Lang, Problem, UsageError
from .words import word

Progress = Callable[[str, int, int], None]
_SOON = 1.0
"""Seconds of work before progress is shown."""


def write(content: str | bytes, out: Path | None, lang: Lang) -> None:
    """Write to the file and say so, or to standard output; `UsageError` where the file can't be written."""
    raw = content.encode() if isinstance(content, str) else content
    if out is None:
        _print(raw)
        return
    with whole_file(out) as beside, beside.open("wb") as file:
        file.write(raw)
    say(word("written", lang, out))


def _print(raw: bytes) -> None:
    try:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # the reader has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """A path to write to, whose file then takes the place of `out`: nobody ever sees half of it.

    `UsageError` where that can't be.
    """
    beside = _beside(out)
    try:
        with _writing(out):
            if out.is_dir():
                raise IsADirectoryError(21, os.strerror(21))
            beside.touch(exist_ok=False)
            yield beside
            beside.replace(out)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def whole_folder(out: Path) -> Iterator[Path]:
    """A path at which to make a folder, which then becomes `out`; `UsageError` where that is there already, or can't be."""
    beside = _beside(out)
    try:
        with _writing(out):
            if out.exists():
                raise FileExistsError(17, os.strerror(17))
            yield beside
            beside.replace(out)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _beside(out: Path) -> Path:
    """Where something is made before it takes its place."""
    return out.with_name(f".{out.name}.{secrets.token_hex(4)}")


@contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Turn what the system refuses into an error that names the file."""
    try:
        yield
    except OSError as error:
        values = {"file": out.name, "reason": error.strerror or type(error).__name__}
        raise UsageError(Problem("CR-CANT-WRITE", values=values)) from None


def say(text: str) -> None:
    """Tell the person at the terminal something that isn't output."""
    sys.stderr.buffer.write(f"{text}\n".encode(sys.stderr.encoding or "utf-8", errors="replace"))
    sys.stderr.buffer.flush()


@contextmanager
def progress(lang: Lang) -> Iterator[Progress]:
    """Shows on standard error how far work has come, on a terminal and once it takes about a second."""
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
            task, description=word("evaluating", lang, name), completed=done, total=total
        )
    finally:
        timer.cancel()
        timer.join()
        if bar.live.is_started:
            bar.stop()
