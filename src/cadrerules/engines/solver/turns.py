"""One caller of the solver at a time: what z3 works with is shared by the whole process, and z3 keeps no lock of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import wraps
from typing import Final, ParamSpec, TypeVar

import z3

_LOCK: Final = threading.RLock()
_Given = ParamSpec("_Given")
_Found = TypeVar("_Found")

z3.Z3_enable_concurrent_dec_ref(z3.main_ctx().ref())  # garbage is collected in whichever thread happens to


def one_at_a_time(work: Callable[_Given, _Found]) -> Callable[_Given, _Found]:
    """The same function, for which threads wait in line."""

    @wraps(work)
    def waiting(*given: _Given.args, **named: _Given.kwargs) -> _Found:
        with _LOCK:
            return work(*given, **named)

    return waiting
