"""Usage: how much of the machine a tracked cell used while it ran."""
