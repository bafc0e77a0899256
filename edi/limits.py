"""How much of a file is read and told at most, so that no file can fill the memory; both scanners keep to it."""

from __future__ import annotations

LONGEST_SEGMENT = 1 << 20
"""Bytes of a segment without its terminator; a longer one is passed over."""
MOST_IN_SET = 1_000
"""Findings kept of one transaction set."""
MOST_OUTSIDE_SETS = 1_000
"""Findings kept of one interchange that lie in none of its sets."""
MOST_IN_FILE = 500_000
"""Findings after which only one more is kept of each set, and of each interchange."""
MOST_ENVELOPES = 200_000
"""Interchanges, functional groups and transaction sets read of a file, all together: each is kept in memory."""
LONGEST_TEXT = 200
"""Characters kept of an element of an envelope; no right one has more than 50."""
MOST_ACKNOWLEDGMENTS = 1_000
"""TA1 segments kept of one interchange."""
MOST_LEVELS = 64
"""Open hierarchical levels (HL) that are followed."""
MOST_ELEMENTS = 62
"""Elements of a segment that are looked at; no guide has half as many."""
