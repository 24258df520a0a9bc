"""Reads tables of facts and policy documents from files."""

from .tables import read_tables

__all__ = ["read_tables"]
