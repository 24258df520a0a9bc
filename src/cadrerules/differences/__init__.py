"""Two versions of a policy set compared: their documents, the decisions that flip and why, and what can be proved."""
