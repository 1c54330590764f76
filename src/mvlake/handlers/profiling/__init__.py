"""Profiling: what the values of columns and arrays are like, exactly where that is quick, and else estimated with a bound."""
