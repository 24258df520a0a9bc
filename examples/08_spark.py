"""A Spark job: the facts of many bureaus, checked and decided where they lie; only counts and examples come back.

    python examples/08_spark.py decisions
    spark-submit --master "local[2]" examples/08_spark.py decisions

For a folder of Parquet, on a cluster too, there is a job ready made: docs/how-to/spark.md.
"""

import sys
from datetime import date
from pathlib import Path

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import lit

import cadrerules as cr

BUREAU = Path(__file__).parent / "bureau"

session = SparkSession.builder.appName("Red and black board").getOrCreate()


def table(name: str) -> DataFrame:
    """One table of two bureaus: a column keeps them apart, though their units have the same ids."""
    rows = session.read.csv((BUREAU / f"{name}.csv").as_uri(), header=True)
    return rows.withColumn("bureau", lit("north")).union(rows.withColumn("bureau", lit("south")))


plan = cr.load_policies("market-supervision")
tables = cr.scan_tables({name: table(name) for name in ("units", "progress", "style")}, plan, group_by="bureau")
result = plan.evaluate(tables, as_of=date(2025, 1, 15), policies=["board"])
for gap in result.not_evaluated:
    print(f"not evaluated: {gap.rule or gap.policy}, for want of {', '.join(gap.tables)}")

decisions = result.to_frame("decisions")  # a frame of Spark, which runs when an action asks for it
decisions.repartition("bureau").write.parquet(sys.argv[1])
written = session.read.parquet(sys.argv[1])
written.groupBy("bureau", "question", "status").count().orderBy("bureau", "question", "status").show()

# Why: the rows of that one bureau are collected, and explained as anywhere else.
print(result.decision("flag", "U07", "2024Q3", group="south").explain())
