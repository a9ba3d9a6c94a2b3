"""The answers to a question."""
