"""Why, why not, what would change it, and which clause says so, in English and Chinese.

    python examples/03_explain.py

It asks about the made-up bureau in `bureau/`, in October, while something can still be done.
"""

from datetime import date
from pathlib import Path

import cadrerules as cr

plan = cr.load_policies("market-supervision")
facts = cr.read_tables(Path(__file__).parent / "bureau", plan)
OCTOBER = date(2024, 10, 15)
result = plan.evaluate(facts, as_of=OCTOBER)

# Why: each value down to the facts it comes from. `format` may also be markdown, html or json.
barred = result.decision("promotion", subject="P182", period="2024")
print("== Why")
print(barred.explain())
print(barred.explain("zh"))

# What would change it: the fewest facts, and the nearest values that do. Each way can be tried.
print("== What would change it")
for way in barred.counterfactuals():
    print(way.text("en"))
    print(way.text("zh"))
nearest = barred.counterfactuals()[0]
tried = plan.evaluate(nearest.apply(facts), as_of=OCTOBER)
print("With the first of them:", tried.decisions_on("promotion", "P182", "2024") or "no decision any more")

# Why not: no rule holds, so there is no decision; what is asked of one that might is told all the same.
print("\n== Why not")
outlook = result.outlook("commendation", "U05", "2024Q4")
for way in outlook.counterfactuals:
    print(way.text("en"))
for note in outlook.notes:
    print(note["en"])

# Not known: another unit's figure is missing, so this one's place is a range, and that reaches over a boundary.
print("\n== Not known")
unsure = result.decision("flag", subject="U06", period="2024Q3")
print(f"{unsure.subject}: {' or '.join(map(str, unsure.possible))}; waits for {', '.join(unsure.missing)}")

# The clause: what the source asks for there, whether rules decide it, and which words of it can be read otherwise.
print("\n== Clauses")
for entry in plan.clauses.entries:
    if {rule.id for rule in entry.rules} & set(barred.because):
        print(entry.clause, entry.title.en, f"({entry.title.zh}):", ", ".join(entry.statuses))
        print("  may be read otherwise:", ", ".join(reading.name for reading in entry.interpretations))
