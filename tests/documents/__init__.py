"""Runs the documentation's pages; CONTRIBUTING.md says what their authors may write."""
