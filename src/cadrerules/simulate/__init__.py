"""Simulation of policies on whole populations."""
