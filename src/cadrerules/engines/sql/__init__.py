"""Relations as SQL: one statement for DuckDB, Spark or PostgreSQL, built of SQLGlot's nodes."""
