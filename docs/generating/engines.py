"""Which engine does what, and who decides what while facts arrive one at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import cadrerules as cr
from cadrerules.engines.columnar.capabilities import CANNOT, COLUMNAR, FEATURES
from cadrerules.engines.stream.capabilities import FEATURES as STREAM
from cadrerules.engines.stream.delegate import assignment
from cadrerules.model.program import bind_policy
from generating.notes import NOTE


def engines() -> Iterator[str]:
    """Which engine does what."""
    yield "# Engines"
    yield NOTE
    yield ENGINES_ARE
    yield f"\n| | scalar | {' | '.join(COLUMNAR)} | `policy sql` |\n|---|---|{'---|' * len(COLUMNAR)}---|"
    notes = list(dict.fromkeys(what for feature in FEATURES.values() for what in feature.except_for))
    for feature in FEATURES.values():
        marks = "".join(f" <sup>{notes.index(what) + 1}</sup>" for what in feature.except_for)
        cells = [f"{feature.how}{marks}"] * len(COLUMNAR) + [f"yes{marks}" if feature.in_sql else "no"]
        yield f"| {feature.about} | yes | {' | '.join(cells)} |"
    yield "\nNot done, and refused with [`CR-ENGINE-CANNOT`](errors.md#cr-engine-cannot) before any work:\n"
    yield from (f"{at}. {CANNOT[what]['en']} ({CANNOT[what]['zh']})" for at, what in enumerate(notes, 1))
    yield ENGINES_AGREE
    yield from monitor()


def monitor() -> Iterator[str]:
    """Who decides what while facts arrive one at a time."""
    yield MONITOR_IS
    yield "| | decided by | why |\n|---|---|---|"
    for feature in STREAM.values():
        yield f"| {feature.about} | {'durable_rules' if feature.by == 'stream' else 'scalar'} | {feature.why} |"
    yield MONITOR_RULES
    yield "| policy | durable_rules | scalar |\n|---|---|---|"
    policies = cr.load_policies("market-supervision").policy_set
    bindings = policies.bindings(date(2025, 1, 15))
    for name, policy in policies.policies.items():
        if policy.rules:
            program = bind_policy(policy, bindings, policies.context.grains)
            yield f"| {name} | {_by(assignment(program), stream=True)} | {_by(assignment(program), stream=False)} |"


def _by(assigned: Mapping[str, str], *, stream: bool) -> str:
    """The rules that durable_rules decides, or does not, by name."""
    ids: dict[str, set[bool]] = {}
    for key, by in assigned.items():
        ids.setdefault(key.partition("/")[0].rpartition(".")[2], set()).add(by == "stream")
    return ", ".join(f"`{name}`" for name, found in ids.items() if (found == {True}) is stream)


MONITOR_IS = """
## Facts one at a time

[A monitor](../how-to/monitor.md) keeps the scalar engine's columns up to date and computes only the rows and cohorts that
a fact touches. With the extra `stream` it hands conditions of rules to durable_rules, which chains forward over each
unit's rows; what it can't decide exactly as the scalar engine does stays there. Answers are the same either way.
"""

MONITOR_RULES = """
Of the market-supervision plan, with its parameters as they are (an unset one leaves its rule to the scalar engine):
"""

ENGINES_ARE = """
`Plan.evaluate(..., engine=...)` and `cadrerules evaluate --engine` take one of these. The *scalar* engine works value by
value in plain Python. It is the specification: whatever another engine gives must be what it gives. The *columnar* engines
work on whole tables. For all of them a plan is first turned into the same few operations on tables, so that none has a
meaning of its own; each then only runs those operations. `auto`, the default, is the
scalar engine up to 4,000 rows, which it does faster, and for what the others refuse; else Polars, and Spark for Spark's
frames.

*On demand*: the scalar engine does it for the one organisation that is asked about, when it is asked. A columnar result
therefore costs no more than its columns until somebody looks at why."""

ENGINES_AGREE = """
[Why engines agree](../explanation/engines.md) says what holds them together, and how to hold your own plan to it.
"""
