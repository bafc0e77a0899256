from __future__ import annotations

import pytest

from edi.verdict import InterchangeVerdict
from writers.ta1 import ta1_segment


def verdict(date: str = "260401", time: str = "1200", control_number: str = "000000001") -> InterchangeVerdict:
    """A rejected interchange."""
    return InterchangeVerdict(
        ordinal=1,
        sender_qualifier="ZZ",
        sender_id="ACMECORP",
        receiver_qualifier="ZZ",
        receiver_id="HEALTHPLAN",
        date=date,
        time=time,
        control_number=control_number,
        version="00501",
        usage="P",
        acknowledgment_requested=True,
        code="R",
        note="023",
        groups=(),
        source_start=0,
        source_stop=106,
    )


def test_echoes_the_interchange_control_number_date_and_time() -> None:
    """TA101 is ISA13, TA102 ISA09, TA103 ISA10; then the code and the note."""
    assert ta1_segment(verdict()) == ("TA1", "000000001", "260401", "1200", "R", "023")


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(verdict(date="261301"), id="month 13"),
        pytest.param(verdict(date="2604 1"), id="blank in the date"),
        pytest.param(verdict(time="2460"), id="hour 24"),
        pytest.param(verdict(time="12:0"), id="colon in the time"),
        pytest.param(verdict(control_number="00000000A"), id="letter in the control number"),
        pytest.param(verdict(control_number="1"), id="short control number"),
        pytest.param(verdict(control_number="\u0660" * 9), id="digits of another alphabet"),
    ],
)
def test_there_is_none_where_the_header_cannot_be_echoed(broken: InterchangeVerdict) -> None:
    """RFI 2102: without a usable ISA09, ISA10 and ISA13 no proper TA1 can be built."""
    assert ta1_segment(broken) is None
