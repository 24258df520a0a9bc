"""Many variants of a plan answered on few rows: those that nothing a variant changes can tell apart are evaluated once."""
