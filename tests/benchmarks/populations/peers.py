"""The answers of the board and of single rows, written by hand for data without holes: in Polars and in DuckDB."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import duckdb

ROW_RULES = ("among_first", "among_last", "bar_deduction", "excellent_unit", "excellent_heads")


def polars_rows(folder: Path) -> pl.LazyFrame:
    """Each year-end result with the five conditions that need no other row."""
    rank, lost, subjective = pl.col("regional_rank"), pl.col("deducted"), pl.col("cause") == "subjective"
    return pl.scan_parquet(folder / "results.parquet").select(
        "bureau",
        "year",
        "unit",
        "indicator",
        among_first=rank <= 3,
        among_last=rank > pl.col("cities") - 3,
        bar_deduction=subjective & (lost >= 2) & (lost <= 3),
        excellent_unit=lost >= 3,
        excellent_heads=~pl.col("completed") & subjective & (lost > 0),
    )


def polars_row_findings(folder: Path) -> pl.LazyFrame:
    """The same as one row for each condition that holds."""
    keys = ["bureau", "year", "indicator"]
    rows = polars_rows(folder)
    return pl.concat([rows.filter(rule).select(*keys, rule=pl.lit(rule)) for rule in ROW_RULES])


def polars_board(folder: Path) -> pl.LazyFrame:
    """Every unit's flag in every quarter, and who is commended.

    The mean is taken of whole numbers, so that units tie exactly; means of floats part some that do.
    """
    millionths = (pl.col("progress").sum() * 1_000_000).cast(pl.Int64)
    place = pl.col("score").rank("min", descending=True).over("bureau", "quarter")
    board = (
        pl.scan_parquet(folder / "progress.parquet")
        .group_by("bureau", "quarter", "unit")
        .agg(score=millionths / pl.len())
        .with_columns(place=place)
        .select("bureau", "quarter", "unit", verdict=_flag(pl.col("place")))
    )
    return pl.concat([board, _polars_commended(board, folder)])


def _flag(place: pl.Expr) -> pl.Expr:
    return pl.when(place <= 7).then(pl.lit("red")).when(place <= 10).then(pl.lit("yellow")).otherwise(pl.lit("black"))


def _polars_commended(board: pl.LazyFrame, folder: Path) -> pl.LazyFrame:
    """Red quarters in a row differ from their number among the unit's red ones by the same amount."""
    number = pl.col("quarter").str.slice(0, 4).cast(pl.Int32) * 4 + pl.col("quarter").str.slice(5).cast(pl.Int32)
    good = pl.scan_parquet(folder / "style.parquet").filter(pl.col("style") == "good")
    return (
        board.filter(pl.col("verdict") == "red")
        .with_columns(number=number)
        .with_columns(run=pl.col("number") - pl.col("number").rank("ordinal").over("bureau", "unit").cast(pl.Int32))
        .with_columns(reds=pl.col("number").rank("ordinal").over("bureau", "unit", "run"))
        .filter(pl.col("reds") >= 2)
        .join(good, on=["bureau", "quarter", "unit"], how="semi")
        .select("bureau", "quarter", "unit", verdict=pl.lit("commended"))
    )


_ROWS = """
    select bureau, year, unit, indicator,
        regional_rank <= 3 as among_first,
        regional_rank > cities - 3 as among_last,
        cause = 'subjective' and deducted between 2 and 3 as bar_deduction,
        deducted >= 3 as excellent_unit,
        not completed and cause = 'subjective' and deducted > 0 as excellent_heads
    from results
"""

_ROW_FINDINGS = f"""
    with judged as ({_ROWS})
    select bureau, year, indicator, rule
    from (unpivot judged on {", ".join(ROW_RULES)} into name rule value holds)
    where holds
"""  # noqa: S608 - names from this file

_BOARD = """
    with standing as (
        select bureau, quarter, unit, avg(progress) as score
        from progress group by bureau, quarter, unit
    ), board as (
        select bureau, quarter, unit,
            case when place <= 7 then 'red' when place <= 10 then 'yellow' else 'black' end as verdict
        from (select *, rank() over (partition by bureau, quarter order by score desc) as place from standing)
    ), red as (
        select bureau, quarter, unit, cast(quarter[:4] as int) * 4 + cast(quarter[6:] as int) as number
        from board where verdict = 'red'
    ), runs as (
        select *, number - row_number() over (partition by bureau, unit order by number) as run from red
    ), counted as (
        select *, row_number() over (partition by bureau, unit, run order by number) as reds from runs
    )
    select * from board
    union all
    select bureau, quarter, unit, 'commended'
    from counted semi join (from style where style = 'good') using (bureau, quarter, unit)
    where reds >= 2
"""


def duckdb_rows(folder: Path) -> duckdb.DuckDBPyRelation:
    """Each year-end result with the five conditions that need no other row."""
    return _asked(folder, ["results"], _ROWS)


def duckdb_row_findings(folder: Path) -> duckdb.DuckDBPyRelation:
    """The same as one row for each condition that holds."""
    return _asked(folder, ["results"], _ROW_FINDINGS)


def duckdb_board(folder: Path) -> duckdb.DuckDBPyRelation:
    """Every unit's flag in every quarter, and who is commended."""
    return _asked(folder, ["progress", "style"], _BOARD)


def _asked(folder: Path, tables: list[str], query: str) -> duckdb.DuckDBPyRelation:
    import duckdb

    connection = duckdb.connect()
    for table in tables:
        connection.read_parquet(str(folder / f"{table}.parquet")).create_view(table)
    return connection.sql(query)
