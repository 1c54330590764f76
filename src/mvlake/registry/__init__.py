"""May it move? What holds a label, and what held it: pure functions on records."""
