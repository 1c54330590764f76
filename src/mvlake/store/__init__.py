"""Truth on disk: immutable objects named by their content, and the numbered log."""
