"""Reforms: small documents that change a plan's parameters, readings and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reform:
    """A named change of a plan, in the terms of `Plan.amend`; `reason` says what it is for."""

    title: str
    reason: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    interpretations: Mapping[str, str] = field(default_factory=dict)
    rules: Mapping[str, Mapping[str, Any] | None] = field(default_factory=dict)
