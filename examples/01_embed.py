"""Embed the rules in a program: load a plan, evaluate facts, read a decision, say why, try another number.

    python examples/01_embed.py

It evaluates the made-up bureau in `bureau/`.
"""

from datetime import date
from pathlib import Path

import cadrerules as cr

BUREAU = Path(__file__).parent / "bureau"
DAY = date(2025, 1, 15)

# Load once and keep it: a plan never changes, and any number of threads may share it.
plan = cr.load_policies("market-supervision")

# What isn't valid is refused whole, in one report, before anything is evaluated.
try:
    cr.read_tables({"progress": [{"quarter": "2024Q5", "unit": "U01", "indicator": "I01", "progress": -1}]}, plan)
except cr.DataError as error:
    print(error, end="\n\n")

facts = cr.read_tables(BUREAU, plan)
result = plan.evaluate(facts, as_of=DAY)
print(f"{len(result.decisions)} decisions, {sum(d.status == 'undetermined' for d in result.decisions)} of them undetermined")

# A decision is a proposal for a person to confirm; it knows its rules and clauses, and what it waits for.
decision = result.decision("promotion", subject="P182", period="2024")
print(f"{decision.subject}: {decision.verdict} ({', '.join(decision.because)}; clause {', '.join(decision.clauses)})\n")
print(decision.explain(lang="zh"))

# Another number gives another plan; this one stays as it was.
fewer = plan.amend(params={"board.red_to": 5}).evaluate(facts, as_of=DAY, policies=["board"])
red, red_of_five = (sum(d.verdict == "red" for d in one.decisions) for one in (result, fewer))
print(f"red flags: {red} with seven places a quarter, {red_of_five} with five")
