"""The demo: two simulated weeks at a small health plan, lived through in DAG runs of a real scheduler."""
