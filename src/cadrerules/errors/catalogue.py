"""All error codes with their texts, gathered from one module per area."""

from __future__ import annotations

from collections.abc import Mapping

from .message import Message
from .messages_evaluation import EVALUATION
from .messages_facts import FACTS
from .messages_files import FILES
from .messages_journal import JOURNAL
from .messages_language import LANGUAGE
from .messages_monitor import MONITOR
from .messages_policies import POLICIES
from .messages_receipts import RECEIPTS
from .messages_simulation import SIMULATION
from .messages_uncertainty import UNCERTAINTY
from .messages_usage import USAGE
from .messages_yaml import YAML

__all__ = ["CATALOGUE", "Message"]

CATALOGUE: Mapping[str, Message] = {
    **LANGUAGE, **POLICIES, **FACTS, **FILES, **EVALUATION, **YAML, **USAGE, **SIMULATION, **UNCERTAINTY, **JOURNAL, **MONITOR, **RECEIPTS,
}  # fmt: skip
