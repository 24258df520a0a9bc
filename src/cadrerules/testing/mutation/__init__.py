"""Mutation testing of policies: small changes of their documents, and the cases that notice them."""
