"""Replay: what was decided then, what follows from what was known then, and what follows now."""
