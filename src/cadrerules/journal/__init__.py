"""An append-only journal of facts, whose entries are chained by digests."""

from .entries import Entry, Head
from .exports import Export, read_export

__all__ = ["Entry", "Export", "Head", "read_export"]
