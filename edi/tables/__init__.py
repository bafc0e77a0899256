"""Business tables of transaction sets, declared as lists of columns and filled from a scan."""
