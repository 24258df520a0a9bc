"""A policy for another field, from documents alone: evaluate it, ask why, run its cases, and ask the solver about it.

    python examples/05_school/run.py

Proofs need the extra `verify`.
"""

from datetime import date
from pathlib import Path

import cadrerules as cr
from cadrerules.testing.run import documents_of, run_cases
from cadrerules.verify import verify

SCHOOL = Path(__file__).parent
DAY = date(2025, 1, 15)

plan = cr.load_policies(SCHOOL / "policy")
result = plan.evaluate(cr.read_tables(SCHOOL / "data", plan), as_of=DAY)
for decision in result.decisions:
    answer = decision.verdict or " or ".join(map(str, decision.possible))
    print(decision.question, decision.subject.id, decision.period, answer, *decision.missing, *decision.parameters)

# Section 3 speaks of "many" lessons and leaves the number out: decisions wait for it, until somebody sets it.
settled = plan.amend(params={"attendance.share": 5}, interpretations={"attendance.counted": "unexcused"})
support = settled.evaluate(SCHOOL / "data", as_of=DAY, policies=["attendance"]).decisions
print("\nwith five in a hundred:", *(f"{one.subject.id} {one.verdict}" for one in support), end="\n\n")
print(support[0].explain("en"))
print(support[0].explain("zh"))

print("sections:", *(f"{entry.clause} {'/'.join(entry.statuses)}" for entry in plan.clauses.entries), sep="\n  ")
ran = run_cases(documents_of([str(SCHOOL / "policy")]), ["scalar", "polars"], covering=True)
print(f"\ncases: {len(ran.ran) - len(ran.failed)} of {len(ran.ran)} passed on two engines; {ran.percent:.0f} % covered")
print("proofs:", *(f"{one.check}: {one.message.en}" for one in verify(plan)), sep="\n  ")
