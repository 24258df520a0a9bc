"""Hypothesis strategies for facts: rows and tables, cases of one policy, whole dossiers of one subject."""

from .cases import PolicyCase, policy_cases
from .dossiers import Dossier, dossiers
from .rows import FIRST_DAY, LAST_DAY, cells, facts_rows, tables

__all__ = ["FIRST_DAY", "LAST_DAY", "Dossier", "PolicyCase", "cells", "dossiers", "facts_rows", "policy_cases", "tables"]
