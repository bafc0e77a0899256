"""The one table of finding codes: level, SNIP type, default severity, and how each acknowledgment spells it.

TA105, AK905, IK502, IK304 and IK403 are the code lists of the TA1 and of the 999 (005010X231A1). A code that
concerns an element has both IK304 (always 8, segment has element errors) and IK403.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

INTERCHANGE, GROUP, SET, SEGMENT, ELEMENT, BUSINESS = "interchange", "group", "set", "segment", "element", "business"
ERROR, WARNING, NOTE = "error", "warning", "note"


@dataclass(frozen=True, slots=True)
class FindingCode:
    """What a code means and where it is answered."""

    id: str
    level: str
    """interchange, group, set, segment, element or business."""
    meaning: str
    snip: int = 1
    """WEDI SNIP type 1 to 7."""
    ta1: str | None = None
    """TA105."""
    ak905: str | None = None
    ik502: str | None = None
    ik304: str | None = None
    ik403: str | None = None
    severity: str = ERROR
    """Default: error, warning or note. A trading partner's profile may set another."""


def _element(code: str, ik403: str, meaning: str, snip: int = 1, severity: str = ERROR) -> FindingCode:
    return FindingCode(code, ELEMENT, meaning, snip, ik304="8", ik403=ik403, severity=severity)


def _business(code: str, meaning: str, severity: str = ERROR, snip: int = 7) -> FindingCode:
    return FindingCode(code, BUSINESS, meaning, snip, severity=severity)


_CODES = (
    # interchanges are answered by TA1
    FindingCode("EMPTY_FILE", INTERCHANGE, "the file holds no data", ta1="022"),
    FindingCode("NOT_X12", INTERCHANGE, "no ISA segment where one must start", ta1="022"),
    FindingCode("INTERCHANGE_HEADER_BROKEN", INTERCHANGE, "ISA without 16 elements of fixed length", ta1="022"),
    FindingCode("INTERCHANGE_CONTROL_MISMATCH", INTERCHANGE, "IEA02 differs from ISA13", ta1="001"),
    FindingCode("SENDER_QUALIFIER_INVALID", INTERCHANGE, "ISA05 is not a known qualifier", ta1="005"),
    FindingCode("SENDER_UNKNOWN", INTERCHANGE, "ISA06 is no trading partner of this folder", 7, ta1="006"),
    FindingCode("RECEIVER_QUALIFIER_INVALID", INTERCHANGE, "ISA07 is not a known qualifier", ta1="007"),
    FindingCode("RECEIVER_UNKNOWN", INTERCHANGE, "ISA08 is not us", 7, ta1="008"),
    FindingCode("AUTHORIZATION_INVALID", INTERCHANGE, "ISA01 or ISA02 is wrong", ta1="010", severity=WARNING),
    FindingCode("SECURITY_INVALID", INTERCHANGE, "ISA03 or ISA04 is wrong", ta1="012", severity=WARNING),
    FindingCode("INTERCHANGE_DATE_INVALID", INTERCHANGE, "ISA09 is no date", ta1="014", severity=WARNING),
    FindingCode("INTERCHANGE_TIME_INVALID", INTERCHANGE, "ISA10 is no time", ta1="015", severity=WARNING),
    FindingCode("INTERCHANGE_VERSION_UNSUPPORTED", INTERCHANGE, "ISA12 is not 00501 or 00401", ta1="017"),
    FindingCode("INTERCHANGE_CONTROL_INVALID", INTERCHANGE, "ISA13 is not nine digits", ta1="018"),
    FindingCode("ACKNOWLEDGMENT_REQUEST_INVALID", INTERCHANGE, "ISA14 is not 0 or 1", ta1="019", severity=WARNING),
    FindingCode("USAGE_INVALID", INTERCHANGE, "ISA15 is not P or T", ta1="020"),
    FindingCode("USAGE_NOT_AGREED", INTERCHANGE, "test or production data where the other is agreed", 7, ta1="020"),
    FindingCode("GROUP_COUNT_WRONG", INTERCHANGE, "IEA01 is not the number of functional groups", ta1="021"),
    FindingCode("INTERCHANGE_TRAILER_MISSING", INTERCHANGE, "no IEA", ta1="023"),
    FindingCode("CONTENT_OUTSIDE_GROUP", INTERCHANGE, "a segment that stands in no functional group", ta1="024"),
    FindingCode("INTERCHANGE_DUPLICATE", INTERCHANGE, "ISA13 was used before by this sender", ta1="025"),
    FindingCode(
        "REPETITION_SEPARATOR_INVALID", INTERCHANGE, "ISA11 is no usable separator", ta1="026", severity=WARNING
    ),
    FindingCode("COMPONENT_SEPARATOR_INVALID", INTERCHANGE, "ISA16 is no usable separator", ta1="027"),
    FindingCode("GARBAGE_AFTER_INTERCHANGE", INTERCHANGE, "bytes that belong to no interchange", severity=WARNING),
    # functional groups are answered by AK9
    FindingCode("GROUP_UNSUPPORTED", GROUP, "GS01 is not agreed, or not that of the guide in GS08", 2, ak905="1"),
    FindingCode("GUIDE_UNSUPPORTED", GROUP, "GS08 names a guide that is not supported", 2, ak905="2"),
    FindingCode("GROUP_TRAILER_MISSING", GROUP, "no GE", ak905="3"),
    FindingCode("GROUP_CONTROL_MISMATCH", GROUP, "GE02 differs from GS06", ak905="4"),
    FindingCode("SET_COUNT_WRONG", GROUP, "GE01 is not the number of transaction sets", ak905="5"),
    FindingCode("CONTENT_OUTSIDE_SET", GROUP, "a segment of the group that stands in no transaction set", ak905="5"),
    FindingCode("GROUP_CONTROL_INVALID", GROUP, "GS06 is not a number of one to nine digits", ak905="6"),
    FindingCode("GROUP_CONTROL_DUPLICATE", GROUP, "GS06 was used before in this interchange", ak905="19"),
    FindingCode("GROUP_HEADER_INVALID", GROUP, "another element of GS is wrong", ta1="024", severity=WARNING),
    # transaction sets are answered by IK5
    FindingCode("SET_UNSUPPORTED", SET, "ST01 is not the group's transaction", 2, ik502="1"),
    FindingCode("SET_TRAILER_MISSING", SET, "no SE", ik502="2"),
    FindingCode("SET_CONTROL_MISMATCH", SET, "SE02 differs from ST02", ik502="3"),
    FindingCode("SEGMENT_COUNT_WRONG", SET, "SE01 is not the number of segments", ik502="4"),
    FindingCode("SET_TOO_MANY_FINDINGS", SET, "more findings than are kept for one set", ik502="5"),
    FindingCode("SET_ID_INVALID", SET, "ST01 is missing", ik502="6"),
    FindingCode("SET_CONTROL_INVALID", SET, "ST02 is missing or not 4 to 9 characters", ik502="7"),
    FindingCode("SET_CONTROL_DUPLICATE", SET, "ST02 was used before in this functional group", ik502="23"),
    FindingCode("SET_GUIDE_MISMATCH", SET, "ST03 differs from GS08", 2, ik502="I6"),
    # segments are answered by IK3
    FindingCode("SEGMENT_UNKNOWN", SEGMENT, "the guide has no such segment here, with this qualifier", 2, ik304="1"),
    FindingCode("SEGMENT_UNEXPECTED", SEGMENT, "the guide has this segment, but not here", 2, ik304="2"),
    FindingCode("SEGMENT_MISSING", SEGMENT, "a required segment or loop is missing", 2, ik304="3"),
    FindingCode("LOOP_TOO_MANY", SEGMENT, "the loop occurs too often", 2, ik304="4"),
    FindingCode("SEGMENT_TOO_MANY", SEGMENT, "the segment occurs too often", 2, ik304="5"),
    FindingCode("SEGMENT_NOT_USED", SEGMENT, "the guide forbids this segment here", 2, ik304="I4"),
    FindingCode("SEGMENT_ELEMENTS", SEGMENT, "elements of the segment contradict each other", ik304="8"),
    FindingCode("TRAILING_SEPARATOR", SEGMENT, "empty elements at the end of the segment", ik304="8", severity=WARNING),
    FindingCode("LEADING_SPACE", SEGMENT, "blanks before the segment id", ik304="8", severity=WARNING),
    FindingCode("EMPTY_SEGMENT", SEGMENT, "a terminator without a segment", severity=WARNING),
    # elements are answered by IK4
    _element("HL_SEQUENCE", "7", "HL01 does not count up from 1"),
    _element("HL_PARENT", "7", "HL02 names no open hierarchical level"),
    _element("LX_SEQUENCE", "7", "LX01 does not count up from 1 in the claim"),
    _element("ELEMENT_MISSING", "1", "a required element is missing", 2),
    _element("ELEMENT_CONDITIONAL_MISSING", "2", "an element is missing that others in the segment demand"),
    _element("ELEMENT_TOO_MANY", "3", "more elements than the segment has"),
    _element("ELEMENT_SHORT", "4", "the element is too short"),
    _element("ELEMENT_LONG", "5", "the element is too long"),
    _element("ELEMENT_CHARACTER", "6", "a character that the element may not hold, no number, or a fraction of a cent"),
    _element("ELEMENT_CODE", "7", "not a code of the element's list", 2),
    _element("ELEMENT_DATE", "8", "no date of the form asked for"),
    _element("ELEMENT_TIME", "9", "no time of the form asked for"),
    _element("ELEMENT_EXCLUSION", "10", "elements that exclude each other are both there"),
    _element("ELEMENT_NOT_USED", "I10", "the guide forbids this element", 2),
    _element("ELEMENT_REPETITIONS", "12", "the element is repeated too often"),
    _element("ELEMENT_COMPONENTS", "13", "more components than the composite has"),
    _element("ELEMENT_PATTERN", "I12", "not of the pattern that the guide asks for", 2, WARNING),
    # enrollment, 834
    _business("ENROLLMENT_UNKNOWN_GROUP", "no group of ours has this sponsor, master policy or group number"),
    _business("ENROLLMENT_UNKNOWN_PLAN", "the group has no plan for this insurance line and plan code"),
    _business("ENROLLMENT_SUBSCRIBER_NUMBER_MISSING", "no subscriber number"),
    _business("ENROLLMENT_SUBSCRIBER_UNKNOWN", "a dependant whose subscriber is not enrolled"),
    _business("ENROLLMENT_MEMBER_UNKNOWN", "a change or end of coverage of a member who is not enrolled"),
    _business("ENROLLMENT_MEMBER_AMBIGUOUS", "more than one member fits"),
    _business("ENROLLMENT_BIRTH_DATE_MISSING", "no birth date"),
    _business("ENROLLMENT_NAME_MISSING", "no last name"),
    _business("ENROLLMENT_COVERAGE_BEGIN_MISSING", "coverage without a first day"),
    _business("ENROLLMENT_COVERAGE_END_MISSING", "an end of coverage without a day"),
    _business("ENROLLMENT_COVERAGE_ENDS_FIRST", "coverage that ends before it begins"),
    _business("ENROLLMENT_COVERAGE_UNKNOWN", "a change or end of coverage that is not on file"),
    _business("ENROLLMENT_MAINTENANCE_UNSUPPORTED", "a maintenance type that is not applied"),
    _business("ENROLLMENT_OUT_OF_ORDER", "older than what was applied last for the group", WARNING),
    _business("ENROLLMENT_REFERENCE_REPEATED", "BGN02 was used before by this sender", WARNING),
    _business("ENROLLMENT_INFORMATION_COPY", "an information copy: nothing is applied", NOTE),
    # claims, 837
    _business("CLAIM_CHARGE_IMBALANCE", "CLM02 is not the sum of the lines' charges", snip=3),
    _business("CLAIM_MEMBER_UNKNOWN", "no member of ours has this subscriber id"),
    _business("CLAIM_PROVIDER_UNKNOWN", "the billing provider is not on file", WARNING),
    _business("CLAIM_SERVICE_DATE_MISSING", "no date of service", snip=4),
    _business("CLAIM_SERVICE_DATE_FUTURE", "a date of service after receipt"),
    _business("CLAIM_ORIGINAL_MISSING", "a correction without the original's claim number (REF F8)", snip=4),
    _business("CLAIM_ORIGINAL_UNKNOWN", "a correction of a claim that is not on file"),
    _business("CLAIM_ORIGINAL_SUPERSEDED", "a correction of a claim that was replaced already"),
    _business("CLAIM_ORIGINAL_VOIDED", "a correction of a claim that was voided"),
    _business("CLAIM_FREQUENCY_UNSUPPORTED", "a frequency code that is not taken"),
    _business("CLAIM_DUPLICATE", "the same claim is on file already"),
    _business("CLAIM_BATCH_REPEATED", "BHT03 was used before by this submitter", WARNING),
    # enrollment, found while spans are applied
    _business("ENROLLMENT_NOTHING_TO_REINSTATE", "a reinstatement of coverage that never was: taken as new", WARNING),
    _business("ENROLLMENT_COVERAGE_ENDED_ALREADY", "the coverage ended before: nothing is changed", WARNING),
)

CODES: Mapping[str, FindingCode] = MappingProxyType({code.id: code for code in _CODES})
