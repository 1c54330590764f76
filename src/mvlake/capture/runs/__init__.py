"""Runs: what is tracked in a program without cells."""
