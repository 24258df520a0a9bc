"""Runs the command line: as a process of its own, or in this one, where what is asked doesn't turn on the process."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from unittest import mock

import pytest

from cadrerules.cli import main

Done = subprocess.CompletedProcess[bytes]
CODE = "from cadrerules.cli import main; main()"


def process(*arguments: str, **variables: str) -> Done:
    """Run the command as a process of its own, with warnings as errors; in English unless the variables say otherwise."""
    env = {**os.environ, "CADRERULES_LANG": "en", **variables}
    return subprocess.run([sys.executable, "-W", "error", "-c", CODE, *arguments], capture_output=True, env=env, check=False)


def run(*arguments: str, lang: str = "en") -> Done:
    """Run the command in this process; what it prints, as bytes, and its status. Warnings are errors in all tests."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in "12")
    with (
        mock.patch.dict(os.environ, CADRERULES_LANG=lang),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as left,
    ):
        main(arguments)
    printed, told = (stream.buffer.getvalue() for stream in (out, err))  # type: ignore[attr-defined]
    return Done(arguments, left.value.code or 0, printed, told)  # type: ignore[arg-type]
