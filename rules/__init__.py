"""Checks and decisions on values and tables; no I/O."""
