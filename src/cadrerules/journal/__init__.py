"""An append-only journal of facts, whose entries are chained by digests."""
