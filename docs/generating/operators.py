"""The operator table and the table of cohort functions, from the tables that the parser and the type checker read."""

from __future__ import annotations

from collections.abc import Iterator

from cadrerules.language.cohorts import COHORTS
from cadrerules.language.operators import OPERATORS
from generating.notes import NOTE


def operators() -> Iterator[str]:
    """The operator table and the table of cohort functions."""
    yield "# Operators and functions"
    yield NOTE
    yield "## On the values of one row\n"
    yield "| operator | takes | gives |\n|---|---|---|"
    for operator in OPERATORS.values():
        if operator.name != "rescale":
            yield f"| `{operator.name}` | {operator.takes} | {operator.about} |"
    yield "\n## Of the rows that belong together\n"
    yield "| function | kind | takes | gives | options, default first |\n|---|---|---|---|---|"
    for function in COHORTS.values():
        options = "; ".join(f"`{name}`: {', '.join(words)}" for name, words in function.options.items())
        yield f"| `{function.name}` | {function.kind} | {function.takes} | {function.about} | {options} |"
    yield "\nA *ranking* compares the rows that share `within`; a *sequence* follows rows with the same key but for the"
    yield "period; an *aggregate* takes the rows that share `per` (in a view: the rows of one group)."
    yield "\n## Of other tables\n"
    yield "| function | gives |\n|---|---|"
    yield "| `lookup(table.column)` | the column in the row with the same key; unknown where there is none |"
    yield "| `exists(table)` | whether a row with the same key counts as of the date; an empty wildcard cell matches all |"
