"""Uncertain facts: drawn from distributions, bounded without any, shaken by noise; and how near decisions are to another."""

from .displacements import Displacements, displaced
from .documents import Uncertain, read_uncertain
from .draws import Uncertainty, uncertain
from .extremes import Bounds, bounds
from .nearest import Margins, margins
from .stability import Stability, noise

__all__ = [
    "Bounds",
    "Displacements",
    "Margins",
    "Stability",
    "Uncertain",
    "Uncertainty",
    "bounds",
    "displaced",
    "margins",
    "noise",
    "read_uncertain",
    "uncertain",
]
