"""Answers become text, HTML and JSON."""
