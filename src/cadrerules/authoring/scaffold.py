"""Makes a policy package: documents, cases, tests and a plugin that pass their own checks, for an author to change."""

from __future__ import annotations

import keyword
import re
import sys
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from importlib.util import find_spec
from pathlib import Path

from .. import __version__
from ..errors import Problem, UsageError
from ..plugins import installed_plugins, policy_sources
from ..whole_files import whole_folder

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_MOST = 60
_TEMPLATE, _DOT = ".in", "dot_"


def new_package(name: str, folder: Path = Path()) -> Path:
    """Make a policy package of this name in a folder; where it is.

    `name` becomes the name of the package and of its policy set, and with underscores that of its module: lower-case letters,
    digits and single hyphens, beginning with a letter. Nothing is overwritten, and what can't be written whole isn't written.
    Raises `UsageError` for a name that can't be or is taken, and where the folder can't be written.
    """
    package = checked_package(name)
    values = {"@name@": name, "@package@": package, "@version@": ".".join(__version__.split(".")[:2])}
    target = folder / name
    with whole_folder(target) as beside:
        beside.mkdir()
        for path, content in _rendered(files(__package__) / "templates", values):
            file = beside / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(content, encoding="utf-8", newline="")
    return target


def checked_package(name: str) -> str:
    """The module's name of a package; `UsageError` for a name that can't be one or is taken."""
    if not _NAME.fullmatch(name) or len(name) > _MOST:
        nearest = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-0123456789")[:_MOST].rstrip("-") or "canteen-rules"
        raise UsageError(Problem("CR-PACKAGE-NAME", values={"name": name, "nearest": nearest}))
    package = name.replace("-", "_")
    if keyword.iskeyword(package) or package in sys.stdlib_module_names or _is_taken(name, package):
        raise UsageError(Problem("CR-PACKAGE-TAKEN", values={"name": name, "nearest": f"my-{name}"}))
    return package


def _is_taken(name: str, package: str) -> bool:
    """Whether a module or a policy set of the name is installed."""
    return find_spec(package) is not None or name in policy_sources(installed_plugins())


def _rendered(folder: Traversable, values: Mapping[str, str], at: str = "") -> Iterator[tuple[str, str]]:
    """The files of a folder of templates and of those in it: path and content, with the values put in.

    The name of a template ends with `.in`, so that no tool takes it for what it will be; `dot_` stands for a leading dot.
    """
    for part in sorted(folder.iterdir(), key=lambda part: part.name):
        name = part.name.replace(_DOT, ".", 1) if part.name.startswith(_DOT) else part.name
        path = f"{at}{_filled(name, values)}"
        if part.is_dir():
            yield from _rendered(part, values, f"{path}/")
        elif name.endswith(_TEMPLATE):
            yield path.removesuffix(_TEMPLATE), _filled(part.read_text(encoding="utf-8"), values)


def _filled(text: str, values: Mapping[str, str]) -> str:
    for mark, value in values.items():
        text = text.replace(mark, value)
    return text
