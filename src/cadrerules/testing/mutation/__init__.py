"""Mutation testing of policies: small changes of their documents, and the cases that notice them."""

from __future__ import annotations

from .mutants import OPERATORS, Mutant, mutants
from .report import Proposal, Report, Trial
from .run import mutate

__all__ = ["OPERATORS", "Mutant", "Proposal", "Report", "Trial", "mutants", "mutate"]
