"""Distributions: the values of two columns, counted into the same bins or categories."""
