"""Codes of interchanges (TA1), functional groups (AK9) and transaction sets (IK5)."""

from __future__ import annotations

from edi.finding_codes.code import GROUP, INTERCHANGE, NOTE, SET, WARNING, FindingCode

ENVELOPES = (
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
    FindingCode("ACKNOWLEDGMENT_INVALID", INTERCHANGE, "an element of a TA1 is wrong", severity=WARNING),
    FindingCode("BYTE_ORDER_MARK", INTERCHANGE, "a byte-order mark before the first ISA", severity=NOTE),
    FindingCode("LEADING_BLANKS", INTERCHANGE, "blanks before the first ISA", severity=NOTE),
    FindingCode(
        "INTERCHANGE_TOO_MANY_FINDINGS",
        INTERCHANGE,
        "more findings outside transaction sets than are kept of an interchange",
        ta1="024",
    ),
    FindingCode(
        "FILE_TOO_MANY_ENVELOPES",
        INTERCHANGE,
        "more interchanges, groups and sets than are read of a file; nothing is read from here on",
        ta1="024",
    ),
    FindingCode("INTERCHANGE_TRAILER_INVALID", INTERCHANGE, "more elements than IEA has", ta1="024", severity=WARNING),
    # functional groups are answered by AK9
    FindingCode("GROUP_UNSUPPORTED", GROUP, "GS01 is not agreed, or not that of the guide in GS08", 2, ak905="1"),
    FindingCode("GUIDE_UNSUPPORTED", GROUP, "GS08 names a guide that is not supported", 2, ak905="2"),
    FindingCode("GROUP_TRAILER_MISSING", GROUP, "no GE", ak905="3"),
    FindingCode("GROUP_CONTROL_MISMATCH", GROUP, "GE02 differs from GS06", ak905="4"),
    FindingCode("SET_COUNT_WRONG", GROUP, "GE01 is not the number of transaction sets", ak905="5"),
    FindingCode("CONTENT_OUTSIDE_SET", GROUP, "a segment of the group that stands in no transaction set", ak905="5"),
    FindingCode("GROUP_CONTROL_INVALID", GROUP, "GS06 is not a number of one to nine digits", ak905="6"),
    FindingCode("GROUP_CONTROL_DUPLICATE", GROUP, "GS06 is that of an earlier group of the interchange", ak905="19"),
    FindingCode("GROUP_HEADER_INVALID", GROUP, "another element of GS is wrong", ta1="024", severity=WARNING),
    FindingCode("GROUP_TRAILER_INVALID", GROUP, "more elements than GE has", ta1="024", severity=WARNING),
    # transaction sets are answered by IK5
    FindingCode("SET_UNSUPPORTED", SET, "ST01 is not the group's transaction", 2, ik502="1"),
    FindingCode("SET_TRAILER_MISSING", SET, "no SE", ik502="2"),
    FindingCode("SET_CONTROL_MISMATCH", SET, "SE02 differs from ST02", ik502="3"),
    FindingCode("SEGMENT_COUNT_WRONG", SET, "SE01 is not the number of segments", ik502="4"),
    FindingCode("SET_TOO_MANY_FINDINGS", SET, "more findings than are kept for one set", ik502="5"),
    FindingCode("SEGMENT_TOO_LONG", SET, "a segment of more than 1 MiB, which is not read", ik502="5"),
    FindingCode("SET_ID_INVALID", SET, "ST01 is missing", ik502="6"),
    FindingCode("SET_CONTROL_INVALID", SET, "ST02 is missing or not 4 to 9 characters", ik502="7"),
    FindingCode("SET_CONTROL_DUPLICATE", SET, "ST02 was used before in this functional group", ik502="23"),
    FindingCode("SET_GUIDE_MISMATCH", SET, "ST03 differs from GS08", 2, ik502="I6"),
)
