"""Diffing: which rows and cells of two kept frames differ, with no more of them read than that needs."""
