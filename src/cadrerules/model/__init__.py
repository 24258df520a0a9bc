"""Facts, policies, programs and results as data."""
