"""A reader's folder while a page runs, and what the last block printed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from contextlib import chdir
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import Any

import command

ROOT = Path(__file__).parents[2]
MOST_LINES = 200
OPERATORS = frozenset("();<>|&")


@dataclass
class Page:
    """A folder with copies of what a reader has, where all blocks of one page run."""

    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="page-")))
    at: Path = field(init=False)
    """Where the reader is, after every `cd`."""
    made: set[Path] = field(default_factory=set)
    """The files that blocks have made."""
    printed: tuple[str, ...] = ()
    """What the last block printed: without and with what went to standard error."""

    def __post_init__(self) -> None:
        self.at = self.folder
        for name in ("examples", "policies"):
            shutil.copytree(ROOT / name, self.folder / name, ignore=shutil.ignore_patterns("__pycache__"))

    def run(self, line: str) -> str | None:
        """Run a command and keep what it prints; what is wrong if it fails."""
        words = list(shlex.shlex(line, posix=True, punctuation_chars=True))
        if "&&" in words:
            return next(filter(None, map(self.run, line.split("&&"))), None)
        if words[0] == "cd":
            self.at /= words[1]
            return None
        if words[:2] == ["pip", "install"]:
            return self._install(shlex.split(line)[2:])
        here = "$" not in line and not any(OPERATORS.issuperset(word) for word in words) and not self.site.exists()
        with chdir(self.at):
            done = command.run(*shlex.split(line)[1:]) if here and words[0] == "cadrerules" else self._shell(line)
        out, told = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        self.printed = (out, out + told)
        return f"`{line}` failed with status {done.returncode}:\n{out}{told}" if done.returncode else None

    @property
    def site(self) -> Path:
        """Where packages are installed that the page itself makes."""
        return self.folder / "site"

    def _install(self, words: list[str]) -> str | None:
        """Install a package that the page made; everything else is installed already."""
        packages = [self.at / word.partition("[")[0] for word in words if not word.startswith("-")]
        own = [f"'{package}'" for package in packages if (package / "pyproject.toml").is_file()]
        if not own:
            return None
        options = "--quiet --no-deps --no-build-isolation --no-index --disable-pip-version-check"
        done = self._shell(f"{sys.executable} -m pip install {options} --target '{self.site}' {' '.join(own)}")
        return done.stderr.decode("utf-8") if done.returncode else None

    def _shell(self, line: str) -> command.Done:
        env = {
            **os.environ,
            "CADRERULES_LANG": "en",
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": os.pathsep.join(filter(None, [str(self.site), os.environ.get("PYTHONPATH")])),
        }
        shell = shutil.which("bash") or "sh"
        return subprocess.run([shell, "-euo", "pipefail", "-c", line], capture_output=True, env=env, check=False)

    def differs(self, shown: str) -> str | None:
        """How what was printed last differs from what is shown, where `…` stands for anything left out."""
        if not any(self.printed):
            return "no block above prints anything"
        if any(pattern(shown).fullmatch(tidy(text)) for text in self.printed):
            return None
        both = (tidy(text).splitlines(keepends=True) for text in (shown, self.printed[-1]))
        lines = [*unified_diff(*both, "shown on the page", "printed")]
        return "".join(lines[:MOST_LINES] + ["... and so on\n"] * (len(lines) > MOST_LINES))


def tidy(text: str) -> str:
    """The lines without the space behind them and the empty ones round them."""
    return "\n".join(line.rstrip() for line in text.splitlines()).strip("\n") + "\n"


def pattern(shown: str) -> re.Pattern[str]:
    """What matches: a line of only `...` is any number of lines, `…` anything within a line."""
    lines = tidy(shown).splitlines(keepends=True)
    return re.compile(
        "".join(
            r"(?:.*\n)*?" if line.strip() in ("...", "…") else ".*?".join(map(re.escape, line.split("…")))
            for line in lines
        )
    )


def open_page(namespace: dict[str, Any]) -> None:
    """Begin a page: an empty program in a new folder."""
    namespace.update(__name__="__main__", __page__=Page())


def close_page(namespace: dict[str, Any]) -> None:
    """Remove the page's folder."""
    shutil.rmtree(namespace["__page__"].folder)
