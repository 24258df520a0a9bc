"""The solver engine: a bound policy on tables whose cells are variables, for proofs and counterexamples with z3."""
