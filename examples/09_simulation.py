"""A change of the plan, tried on everybody before it is signed: who wins, who loses, what else would do, what is unclear.

    python examples/09_simulation.py reform.html

Needs the extras `frames` and `report`.
"""

import sys
from datetime import date
from pathlib import Path

import cadrerules as cr
from cadrerules.simulate.ambiguities import ambiguities
from cadrerules.simulate.page import to_html

EXAMPLES = Path(__file__).parent
DAY = date(2025, 1, 15)

plan = cr.load_policies("market-supervision")
facts = cr.read_tables(EXAMPLES / "bureau", plan)

# A reform is a document, or any other plan, such as `plan.amend(params={"board.red_to": 6})`.
comparison = cr.compare(plan, facts, EXAMPLES / "reforms" / "fewer_red_flags.yaml", as_of=DAY, by="staff.role")
for change in comparison.reforms[0].transitions:
    if not change.stays:
        print(f"{change.question}: {change.old} -> {change.new}: {change.decisions}")

# Every value that the number could have, and which of them meet a goal.
sweep = cr.sweep(plan, facts, ["board.red_to=3..12"], goals=["flag.red <= 30%"], as_of=DAY)
for point in sweep.points:
    print(f"red up to place {point.values[0]}: {point.counts['flag', 'red']} red flags")
surely, perhaps = sweep.goals[0].surely, sweep.goals[0].perhaps
print(f"at most 30 % are red up to place {surely[-1][0]}, and up to {perhaps[-1][0]} if what isn't known turns out so")

# Which words of the plan should be made clear first: those that most decisions turn on.
unclear = ambiguities(plan, facts, as_of=DAY)
for one in unclear.ranked[:3]:
    print(f"{one.name} (clause {', '.join(one.clauses)}): {one.decisions} decisions turn on it")

# One page for the meeting, with charts; it holds all it needs and fetches nothing.
page = Path(sys.argv[1])
page.write_text(to_html([comparison, sweep, unclear], lang="zh", command=" ".join(sys.argv)), encoding="utf-8")
print("written:", page.name)
