"""What mvlake costs, measured against its own goals, in one run."""
