from __future__ import annotations

from pathlib import Path

import pytest

from edi.finding_codes import CODES, FindingCode
from edi.finding_codes.describe import describe

PAGE = Path(__file__).parents[2] / "docs" / "findings.md"
ANSWERED_BY = {"interchange": "ta1", "group": "ak905", "set": "ik502", "segment": "ik304", "element": "ik403"}
SILENT = {
    "ACKNOWLEDGMENT_INVALID",
    "BYTE_ORDER_MARK",
    "EMPTY_SEGMENT",
    "GARBAGE_AFTER_INTERCHANGE",
    "LEADING_BLANKS",
}
"""Nothing is wrong with the interchange itself, or nobody could be told."""
IN_TA1 = {"GROUP_HEADER_INVALID", "GROUP_TRAILER_INVALID"}


@pytest.mark.parametrize("code", CODES.values(), ids=CODES.keys())
def test_every_code_can_be_answered(code: FindingCode) -> None:
    """A code of a level has the number that the level's acknowledgment needs, or is one of the few without."""
    assert code.severity in {"reject", "error", "warning", "note"}
    assert 1 <= code.snip <= 7
    if code.level == "business":
        assert not any((code.ta1, code.ak905, code.ik502, code.ik304, code.ik403))
    elif code.id not in SILENT | IN_TA1:
        assert getattr(code, ANSWERED_BY[code.level])


@pytest.mark.parametrize(
    ("code", "number"),
    [
        ("INTERCHANGE_CONTROL_MISMATCH", "001"),
        ("SENDER_UNKNOWN", "006"),
        ("RECEIVER_UNKNOWN", "008"),
        ("INTERCHANGE_VERSION_UNSUPPORTED", "017"),
        ("USAGE_NOT_AGREED", "020"),
        ("GROUP_COUNT_WRONG", "021"),
        ("INTERCHANGE_TRAILER_MISSING", "023"),
        ("CONTENT_OUTSIDE_GROUP", "024"),
        ("INTERCHANGE_DUPLICATE", "025"),
        ("GROUP_UNSUPPORTED", "1"),
        ("GUIDE_UNSUPPORTED", "2"),
        ("GROUP_TRAILER_MISSING", "3"),
        ("GROUP_CONTROL_MISMATCH", "4"),
        ("SET_COUNT_WRONG", "5"),
        ("GROUP_CONTROL_DUPLICATE", "19"),
        ("SET_UNSUPPORTED", "1"),
        ("SET_TRAILER_MISSING", "2"),
        ("SET_CONTROL_MISMATCH", "3"),
        ("SEGMENT_COUNT_WRONG", "4"),
        ("SET_CONTROL_DUPLICATE", "23"),
        ("SET_GUIDE_MISMATCH", "I6"),
        ("SEGMENT_UNKNOWN", "1"),
        ("SEGMENT_UNEXPECTED", "2"),
        ("SEGMENT_MISSING", "3"),
        ("LOOP_TOO_MANY", "4"),
        ("SEGMENT_TOO_MANY", "5"),
        ("SEGMENT_NOT_USED", "I4"),
        ("SEGMENT_ELEMENTS", "8"),
        ("ELEMENT_MISSING", "1"),
        ("ELEMENT_CONDITIONAL_MISSING", "2"),
        ("ELEMENT_TOO_MANY", "3"),
        ("ELEMENT_SHORT", "4"),
        ("ELEMENT_LONG", "5"),
        ("ELEMENT_CHARACTER", "6"),
        ("ELEMENT_CODE", "7"),
        ("ELEMENT_DATE", "8"),
        ("ELEMENT_TIME", "9"),
        ("ELEMENT_EXCLUSION", "10"),
        ("ELEMENT_NOT_USED", "I10"),
        ("ELEMENT_REPETITIONS", "12"),
        ("ELEMENT_COMPONENTS", "13"),
    ],
)
def test_numbers_are_those_of_the_acknowledgments(code: str, number: str) -> None:
    """TA105, AK905, IK502, IK304 and IK403 as in their code lists."""
    assert getattr(CODES[code], ANSWERED_BY[CODES[code].level]) == number


def test_the_page_is_current() -> None:
    """When it fails: `python -m edi.finding_codes.describe docs/findings.md`."""
    assert PAGE.read_text(encoding="utf-8") == describe(CODES.values())
