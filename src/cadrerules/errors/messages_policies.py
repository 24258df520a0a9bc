"""Error texts about policies."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message

POLICIES: Mapping[str, Message] = {
}
