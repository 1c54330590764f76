"""Probes: each reads one fact about the world. It never raises, and never waits long."""
