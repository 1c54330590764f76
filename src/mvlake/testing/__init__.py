"""Public contract suites: what every store and every handler must pass."""
