"""Forward chaining for facts that arrive one at a time, by durable_rules: rules on one row and on consecutive periods."""
