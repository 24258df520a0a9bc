"""Facts that lie in DuckDB: evaluated there, and a policy as SQL, so that the database decides by itself.

    python examples/07_duckdb.py

Needs the extra `frames`.
"""

from datetime import date
from pathlib import Path

import duckdb

import cadrerules as cr
from cadrerules.engines.sql.text import Asked, policy_sql

BUREAU = Path(__file__).parent / "bureau"
DAY = date(2025, 1, 15)

# A database in memory; with a file's name it would stay.
database = duckdb.connect()
for name in ("units", "staff", "progress", "style"):
    database.read_csv(str(BUREAU / f"{name}.csv")).create(name)

# Evaluated where the rows are: they are checked, and never become objects of Python.
plan = cr.load_policies("market-supervision")
tables = cr.scan_tables(database, plan)
result = plan.evaluate(tables, as_of=DAY, policies=["board"], engine="duckdb")
flags = result.to_frame("decisions").filter("question = 'flag'")  # a relation of DuckDB, which runs when it is used
print(flags.aggregate("coalesce(verdict, status) as flag, count(*) as units").order("flag"))

# Results go back into the database, beside the facts.
database.register("found", result.to_frame("decisions", "pyarrow"))
database.execute("create table decisions as select * from found")
commended = "select period, name from decisions join units on unit = subject where verdict = 'commended' order by all"
print(database.sql(commended))

# Or the database decides by itself: the policy is one statement, here a view that follows the facts.
statement = policy_sql(plan, Asked(policies=("board",), dialect="duckdb", as_of=DAY))
print(f"The statement has {len(statement.splitlines())} lines and begins:")
print("\n".join(statement.splitlines()[:4]))
database.execute(f"create view board as\n{statement}")
same = "select id, status, verdict, possible from {} order by id"
assert database.sql(same.format("board")).fetchall() == database.sql(same.format("decisions")).fetchall()
U10 = "select verdict from board where question = 'flag' and subject = 'U10' and period = '2024Q4'"
before = database.execute(U10).fetchall()
database.execute("update progress set progress = 0.2 where unit = 'U10' and quarter = '2024Q4'")
after = database.execute(U10).fetchall()
print(f"U10's flag: {before[0][0]} -> {after[0][0]}")
