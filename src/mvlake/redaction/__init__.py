"""Redaction: pure functions on text. What in it is a secret, and what stands in its place."""
