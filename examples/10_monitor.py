"""Facts as they happen: post them to a monitor, hear at once what follows, keep them in a journal, go on after a restart.

    python examples/10_monitor.py bureau.db

The file must not be there yet. Two units make a board here, so the first is red and the second yellow.
"""

import sys
from datetime import date

import cadrerules as cr

plan = cr.load_policies("market-supervision").amend(params={"board.red_to": 1, "board.yellow_to": 2})


def progress(quarter: str, unit: str, percent: str) -> dict[str, str]:
    return {"quarter": quarter, "unit": unit, "indicator": "I1", "progress": percent}


def tell(changes: tuple[cr.Change, ...]) -> None:
    """Called after each fact that changes anything; a program would send a message here."""
    for change in changes:
        if change.of == "decision":
            print("  ", change)


with cr.open_journal(sys.argv[1], plan) as journal:
    monitor = plan.monitor(journal, as_of=date(2024, 7, 1), policies=["board"], on_change=tell)
    print("Two quarters are reported")
    for quarter in ("2024Q1", "2024Q2"):
        monitor.post("progress", progress(quarter, "U1", "91.5"))
        monitor.post("progress", progress(quarter, "U2", "88"))
    print("U1's style is judged good: red twice running, it is commended")
    monitor.post("style", {"quarter": "2024Q2", "unit": "U1", "style": "good"})
    print("A figure was wrong")
    monitor.correct("progress", progress("2024Q2", "U2", "93"))
    print("A row is refused, and nothing has changed")
    try:
        monitor.post("progress", progress("2024Q2", "U3", "-1"))
    except cr.DataError as error:
        print("  ", error.code)

# Each fact was on disk before its call returned. After a restart the monitor is what it was.
with cr.open_journal(sys.argv[1], plan) as journal:
    again = cr.Monitor.resume(plan, journal, policies=["board"], on_change=tell)
    print("After a restart:", "as before" if again.decisions == monitor.decisions else "something else")
    print("The journal:", "whole" if not journal.check() else "damaged")
