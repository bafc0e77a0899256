"""Findings: what is wrong with a file, as values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with a file, by position; it never holds an element's content.

    Ordinals count from 1; 0 means that the finding is not inside such a thing. `code` is a key of
    `edi.finding_codes.CODES`, which gives severity, SNIP type and acknowledgment codes.
    """

    code: str
    interchange: int = 0
    functional_group: int = 0
    transaction_set: int = 0
    segment_position: int = 0
    """Position in the transaction set, ST = 1 (IK302)."""
    segment_id: str = ""
    loop: str = ""
    """Guide loop id such as 2300 (IK303 and for people)."""
    element: int = 0
    component: int = 0
    repetition: int = 0
    data_element: str = ""
    """X12 data element number (IK402)."""
    source_start: int = 0
    source_stop: int = 0
    """Byte range in the file: of the element where there is one, else of the segment."""
