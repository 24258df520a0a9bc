"""Simulation: what a change of the plan, another reading of the text or an uncertain fact would make of a whole population."""
