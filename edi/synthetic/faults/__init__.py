"""Files with one chosen fault, and where it is."""
