"""Read transaction sets into business tables."""
