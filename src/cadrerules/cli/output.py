"""Where a command's output goes: standard output, or a file that is there whole or not at all."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from ..errors import Place, Problem, UsageError


def write(content: str | bytes, out: Path | None) -> None:
    """Write to the file, or to standard output; `UsageError` where the file can't be written."""
    raw = content.encode() if isinstance(content, str) else content
    if out is None:
        sys.stdout.buffer.write(raw)
        sys.stdout.buffer.flush()
        return
    try:
        _write_whole(raw, out)
    except OSError as error:
        values = {"file": out.name, "reason": error.strerror or type(error).__name__}
        raise UsageError(Problem("CR-CANT-WRITE", Place(file=out.name), values)) from None


def _write_whole(raw: bytes, out: Path) -> None:
    handle, name = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(raw)
        Path(name).replace(out)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def say(text: str) -> None:
    """Tell the person at the terminal something that isn't output."""
    print(text, file=sys.stderr)
