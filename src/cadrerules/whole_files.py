"""Files and folders that are written whole or not at all: made beside their place, then put there."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import Problem, UsageError


@contextmanager
def whole_file(out: Path) -> Iterator[Path]:
    """A path to write to, whose file then takes the place of `out`: nobody ever sees half of it.

    `UsageError` where that can't be.
    """
    beside = _beside(out)
    try:
        with writing(out):
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
        with writing(out):
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
def writing(out: Path) -> Iterator[None]:
    """Turn what the system refuses into a `UsageError` that names the file."""
    try:
        yield
    except OSError as error:
        values = {"file": out.name, "reason": error.strerror or type(error).__name__}
        raise UsageError(Problem("CR-CANT-WRITE", values=values)) from None
