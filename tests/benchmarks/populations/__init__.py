"""Whole populations: a synthetic nation, the same answers written by hand, and what each costs."""
