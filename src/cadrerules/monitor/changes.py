"""What a fact changes: findings and decisions that begin, end or become others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ..model.result import Decision, Finding

What = Literal["begins", "ends", "changes"]


@dataclass(frozen=True)
class Change:
    """A decision or finding before (`old`) and after (`new`) a fact; one of them is `None` where it begins or ends.

    Those of decisions come first, by question, subject and period, then those of findings, in the order in which
    an evaluation lists them.
    """

    old: Decision | Finding | None
    new: Decision | Finding | None

    @property
    def what(self) -> What:
        """Whether it begins, ends or changes."""
        if self.old is None:
            return "begins"
        return "ends" if self.new is None else "changes"

    @property
    def about(self) -> Decision | Finding:
        """What it is now, or was where it is no more."""
        found = self.new or self.old
        assert found is not None
        return found

    @property
    def of(self) -> Literal["decision", "finding"]:
        """Whether it is a decision or a finding."""
        return "decision" if isinstance(self.about, Decision) else "finding"

    def __str__(self) -> str:
        about = self.about
        name = about.question if isinstance(about, Decision) else about.rule
        return f"{self.of} {name} {about.subject.id} {about.period or '-'} {self.what}: {_said(self.old)} -> {_said(self.new)}"


def _said(record: Decision | Finding | None) -> str:
    """The answer in short."""
    if record is None:
        return "-"
    if isinstance(record, Finding):
        return record.status
    return str(record.verdict) if record.status == "decided" else "undetermined"
