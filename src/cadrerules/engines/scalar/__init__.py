"""The scalar engine, the reference semantics."""
