"""Outlines: which blocks an answer shows, in which order. One file for each kind of answer."""
