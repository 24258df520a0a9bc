"""Error texts about evaluation."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

EVALUATION: Mapping[str, Message] = {
}
