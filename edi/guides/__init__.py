"""Implementation guides: what segments, elements and codes a transaction set may hold."""
