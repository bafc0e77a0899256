"""X12 itself: guides, the scanner and its findings, business tables, the writer. No I/O, no SQL."""
