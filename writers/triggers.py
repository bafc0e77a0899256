"""What makes a segment or element due, or forbids it: CTX, situational trigger, of findings whose trigger is known."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class Trigger(NamedTuple):
    """An element of the segment that the claim, member or coverage begins with."""

    segment_id: str
    loop: str
    element: int
    component: int
    data_element: str


CLM05_FACILITY = Trigger("CLM", "2300", 5, 1, "1331")
CLM05_FREQUENCY = Trigger("CLM", "2300", 5, 3, "1325")
CLM11_CAUSE = Trigger("CLM", "2300", 11, 1, "1362")
HD01 = Trigger("HD", "2300", 1, 0, "875")
INS05 = Trigger("INS", "2000", 5, 0, "1216")

TRIGGERS: Mapping[str, Trigger] = MappingProxyType(
    {
        "ACCIDENT_DATE_MISSING": CLM11_CAUSE,
        "ACCIDENT_STATE_MISSING": CLM11_CAUSE,
        "ADMISSION_DATE_MISSING": CLM05_FACILITY,
        "DISCHARGE_HOUR_UNEXPECTED": CLM05_FREQUENCY,
        "COVERAGE_BEGIN_DATE_MISSING": HD01,
        "COVERAGE_END_DATE_MISSING": HD01,
        "COBRA_DATE_MISSING": INS05,
    }
)
"""By finding code."""

OF_UNITS = frozenset({"CLM", "INS"})
"""Segments that a claim or member begins with: their place is known of every finding in it. Findings about an HD bear
the position of that HD."""
