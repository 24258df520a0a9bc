"""What an expression may refer to: the columns of its rows, parameters, interpretations and other tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .periods import PERIODS
from .types import Choice, Period, Type


@dataclass(frozen=True, slots=True)
class Grain:
    """The columns of a table and the key that tells its rows apart."""

    columns: Mapping[str, Type]
    key: tuple[str, ...]

    @property
    def along(self) -> str:
        """The key column that holds the row's period; empty where there is none."""
        return next((name for name in self.key if isinstance(self.columns[name], Period)), "")


CALENDAR: Mapping[str, Grain] = {f"every {kind}": Grain({kind: Period(kind)}, (kind,)) for kind in PERIODS}
"""The rows of the calendar, by name: one for every year, quarter, month or week."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The names an expression of a policy may use.

    `parameters` and `interpretations` are keyed by full name, `board.red_to`; inside policy `board`
    its own may be written `red_to`. `views` are the earlier views of the policy. `view_by` is set for a column of a view: the keys its rows share.
    """

    grain: Grain
    policy: str = ""
    parameters: Mapping[str, Type] = field(default_factory=dict)
    interpretations: Mapping[str, Choice] = field(default_factory=dict)
    tables: Mapping[str, Grain] = field(default_factory=dict)
    views: Mapping[str, Grain] = field(default_factory=dict)
    view_by: tuple[str, ...] | None = None

    def full_name(self, path: str, known: Mapping[str, object]) -> str | None:
        """The full name that a path stands for among the known ones; None where there is none."""
        for candidate in (f"{self.policy}.{path}", path):
            if candidate in known:
                return candidate
        return None
