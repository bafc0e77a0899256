"""The TA1: the answer to one interchange."""

from __future__ import annotations

from edi.quotation import interchange_quotable
from edi.verdict import InterchangeVerdict
from edi.writer import Segment


def ta1_segment(verdict: InterchangeVerdict) -> Segment | None:
    """TA1 with ISA13, ISA09 and ISA10 echoed, TA104 and TA105.

    None where the three cannot be echoed: then no proper TA1 exists, and somebody has to call (RFI 2102).
    """
    if not interchange_quotable(verdict.date, verdict.time, verdict.control_number):
        return None
    return ("TA1", verdict.control_number, verdict.date, verdict.time, verdict.code, verdict.note)
