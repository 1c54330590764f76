"""mvlake."""
