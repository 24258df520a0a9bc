"""Names in SQL: what has to be quoted, and names that nothing else has."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from sqlglot import exp

_PLAIN = re.compile(r"[a-z_][a-z0-9_]*")

RESERVED = frozenset(
    [
        "all", "analyse", "analyze", "and", "anti", "any", "array", "as", "asc", "asof", "asymmetric", "at",
        "authorization", "between", "binary", "both", "by", "case", "cast", "check", "collate", "collation",
        "column", "columns", "concurrently", "constraint", "create", "cross", "current_catalog", "current_date",
        "current_role", "current_schema", "current_time", "current_timestamp", "current_user", "date", "day",
        "days", "default", "deferrable", "delete", "desc", "describe", "distinct", "do", "else", "end",
        "escape", "except", "exists", "false", "fetch", "filter", "first", "following", "for", "foreign",
        "freeze", "from", "full", "function", "generated", "glob", "grant", "group", "grouping", "having",
        "hour", "ilike", "in", "initially", "inner", "insert", "intersect", "interval", "into", "is", "isnull",
        "join", "key", "lambda", "last", "lateral", "leading", "left", "like", "limit", "localtime",
        "localtimestamp", "map", "minus", "minute", "month", "months", "natural", "not", "notnull", "null",
        "offset", "on", "only", "or", "order", "outer", "over", "overlaps", "overlay", "partition", "pivot",
        "pivot_longer", "pivot_wider", "placing", "position", "positional", "preceding", "primary", "qualify",
        "quarter", "range", "references", "returning", "revoke", "right", "row", "rows", "second", "select",
        "semi", "session_user", "set", "show", "similar", "some", "struct", "substring", "summarize",
        "symmetric", "system_user", "table", "tablesample", "then", "time", "timestamp", "to", "trailing",
        "trim", "true", "truncate", "try_cast", "tuple", "unbounded", "union", "unique", "unknown", "unpack",
        "unpivot", "update", "user", "using", "value", "values", "variadic", "verbose", "week", "when", "where",
        "window", "with", "within", "year", "years",
    ]
)
"""Words that some dialect keeps to itself, or that a reader would take for more than a name."""


def identifier(name: str) -> exp.Identifier:
    """The name as SQL writes it."""
    quoted = name in RESERVED or not _PLAIN.fullmatch(name)
    return exp.Identifier(this=name, quoted=quoted)


def reference(name: str, of: str = "") -> exp.Column:
    """A column, of a table where it is named."""
    return exp.Column(this=identifier(name), **({"table": identifier(of)} if of else {}))


@dataclass
class Taken:
    """Gives names that nothing else has: the stem itself to the first who asks."""

    names: set[str] = field(default_factory=set)

    def fresh(self, stem: str) -> str:
        """The stem, with a number where it is taken."""
        stem = re.sub(r"\W+", "_", stem).strip("_") or "rows"
        name, at = stem, 1
        while name in self.names:
            at += 1
            name = f"{stem}_{at}"
        self.names.add(name)
        return name
