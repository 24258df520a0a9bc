"""The tables that a journal keeps in its database."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

METADATA: Final = MetaData()

HEAD: Final = Table(
    "journal_head",
    METADATA,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("format", Integer, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("digest", Text, nullable=False),
    Column("known_at", Text, nullable=False),
)
"""One row, locked while an entry is appended: what the last one is."""

ENTRIES: Final = Table(
    "journal_entries",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("table", Text, nullable=False),
    Column("of", BigInteger, nullable=False),
    Column("valid_from", Text, nullable=False),
    Column("valid_to", Text, nullable=False),
    Column("known_at", Text, nullable=False),
    Column("policy", Text, nullable=False),
    Column("payload_digest", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

PAYLOADS: Final = Table(
    "journal_payloads",
    METADATA,
    Column("sequence", BigInteger, primary_key=True, autoincrement=False),
    Column("salt", Text, nullable=False),
    Column("content", Text, nullable=False),
)
"""What may be erased, keys included, since a key may be a person's id."""

ROWS: Final = Table(
    "journal_rows",
    METADATA,
    Column("table", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("of", BigInteger, nullable=False),
    Column("latest", BigInteger, nullable=False),
)
"""The rows there are now: the post of each, and the entry it stands in. Follows from the entries."""
