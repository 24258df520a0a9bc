"""Receipts: what a decision was made from, gathered so that somebody else can compute it again."""
