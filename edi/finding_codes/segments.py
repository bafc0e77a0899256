"""Codes of segments (IK3) and elements (IK4)."""

from __future__ import annotations

from edi.finding_codes.code import NOTE, SEGMENT, WARNING, FindingCode, element_code

SEGMENTS = (
    # segments are answered by IK3
    FindingCode("SEGMENT_UNKNOWN", SEGMENT, "the guide has no such segment here, with this qualifier", 2, ik304="1"),
    FindingCode("SEGMENT_UNEXPECTED", SEGMENT, "the guide has this segment, but not here", 2, ik304="2"),
    FindingCode("SEGMENT_MISSING", SEGMENT, "a required segment or loop is missing", 2, ik304="3"),
    FindingCode("LOOP_TOO_MANY", SEGMENT, "the loop occurs too often", 2, ik304="4"),
    FindingCode("SEGMENT_TOO_MANY", SEGMENT, "the segment occurs too often", 2, ik304="5"),
    FindingCode("SEGMENT_NOT_USED", SEGMENT, "the guide forbids this segment here", 2, ik304="I4"),
    FindingCode("SEGMENT_ELEMENTS", SEGMENT, "elements of the segment contradict each other", ik304="8"),
    FindingCode("TRAILING_SEPARATOR", SEGMENT, "empty elements at the end of the segment", ik304="8"),
    FindingCode("LEADING_SPACE", SEGMENT, "blanks before the segment id", ik304="8", severity=NOTE),
    FindingCode("EMPTY_SEGMENT", SEGMENT, "a terminator without a segment", severity=WARNING),
    # elements are answered by IK4
    element_code("HL_SEQUENCE", "7", "HL01 does not count up from 1"),
    element_code("HL_PARENT", "7", "HL02 does not name the open level that the guide puts this one under"),
    element_code("HL_CHILD", "7", "HL04 says 0 although a lower level follows, or 1 although none does"),
    element_code("LX_SEQUENCE", "7", "LX01 does not count up from 1 in the claim"),
    element_code("ELEMENT_MISSING", "1", "a required element is missing", 2),
    element_code("ELEMENT_CONDITIONAL_MISSING", "2", "an element is missing that others in the segment demand"),
    element_code("ELEMENT_TOO_MANY", "3", "more elements than the segment has"),
    element_code("ELEMENT_SHORT", "4", "the element is too short"),
    element_code("ELEMENT_LONG", "5", "the element is too long"),
    element_code(
        "ELEMENT_CHARACTER", "6", "a character that the element may not hold, no number, or a fraction of a cent"
    ),
    element_code("ELEMENT_CODE", "7", "not a code of the element's list", 2),
    element_code("ELEMENT_DATE", "8", "no date of the form asked for"),
    element_code("ELEMENT_TIME", "9", "no time of the form asked for"),
    element_code("ELEMENT_EXCLUSION", "10", "elements that exclude each other are both there"),
    element_code("ELEMENT_NOT_USED", "I10", "the guide forbids this element", 2),
    element_code("ELEMENT_REPETITIONS", "12", "the element is repeated too often"),
    element_code("ELEMENT_COMPONENTS", "13", "more components than the composite has"),
    element_code("ELEMENT_PATTERN", "I12", "not of the pattern that the guide asks for", 2),
)
