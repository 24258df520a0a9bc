"""The bytes and text of a file, within limits, and one coded error for whatever may go wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from ..errors import CadreError, Place, Problem, UsageError
from .problems import fail

MAX_BYTES: Final = 1_000_000_000
MAX_CELLS: Final = 20_000_000


def read_bytes(path: Path, place: Place) -> bytes:
    """All bytes of a regular file of at most a gigabyte."""
    check_readable(path, place)
    with refusing("CR-UNREADABLE", place):
        return path.read_bytes()


def check_readable(path: Path, place: Place, *, large: bool = False) -> None:
    """Refuse what isn't a regular file, is too large (unless it may be) or has no bytes at all."""
    with refusing("CR-UNREADABLE", place):
        if not path.is_file():  # opening a pipe or a device could wait for ever
            fail("CR-UNREADABLE", place)
        size = path.stat().st_size
        path.open("rb").close()
    if size > MAX_BYTES and not large:
        fail("CR-FILE-TOO-LARGE", place, limit="1 GB")
    if not size:
        fail("CR-EMPTY-FILE", place)


def decode(raw: bytes, place: Place, encodings: Sequence[str]) -> str:
    """The text in the first of the encodings that fits."""
    for encoding in encodings:
        with suppress(UnicodeDecodeError):
            return raw.decode(encoding)
    names = ", ".join(encoding.removesuffix("-sig").upper() for encoding in encodings)
    return fail("CR-BAD-ENCODING", place, encodings=names)


@contextmanager
def refusing(code: str, place: Place) -> Iterator[None]:
    """Turn whatever a third-party reader raises on hostile bytes into one coded error."""
    try:
        yield
    except CadreError:
        raise
    except Exception:  # these readers document no closed list of errors
        fail(code, place)
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # what a reader written in Rust raises on a panic
            raise
        fail(code, place)


@contextmanager
def needing(package: str, extra: str) -> Iterator[None]:
    """Turn a failed import into the advice to install the extra."""
    try:
        yield
    except ImportError:
        raise UsageError(Problem("CR-EXTRA-MISSING", values={"what": package, "extra": extra})) from None
