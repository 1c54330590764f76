"""Facts: which of the small values around a cell are parameters and metrics, and of what."""
