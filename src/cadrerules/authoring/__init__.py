"""For those who write policies: a new package, documents in one form, what is wrong with them, and schemas for editors."""
