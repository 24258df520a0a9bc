"""The rule language: text, tree, types, meaning."""
