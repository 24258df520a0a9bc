"""Error texts about facts."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

FACTS: Mapping[str, Message] = {
}
