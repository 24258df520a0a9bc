"""Uncertain facts: drawn from distributions, bounded without any, shaken by noise; and how near decisions are to another."""
