"""What of a sender's envelope can be quoted in an answer.

A TA1 and a 999 echo identifiers as they were sent. Where one of them cannot stand in its element of the answer
(RFI 1339, RFI 2102), the answer cannot be given at that level, and a higher one must be rejected instead. The
lengths are those of the X12 data elements; the code lists are those of 005010X231A1.
"""

from __future__ import annotations

import re

from edi.dates import parse_date

UNPRINTABLE = re.compile(r"[^ -~]")
TIME = re.compile(r"([01]\d|2[0-3])[0-5]\d", re.ASCII)
DATE = re.compile(r"\d{6}", re.ASCII)
INTERCHANGE_CONTROL = re.compile(r"\d{9}", re.ASCII)
GROUP_CONTROL = re.compile(r"\d{1,9}", re.ASCII)
COUNT = re.compile(r"\d{1,6}", re.ASCII)
SEGMENT_ID = re.compile(r"[A-Z][A-Z0-9]{1,2}")
LOOP_ID = re.compile(r"\d{4}")

PARTY_LENGTHS = (1, 15)
APPLICATION_LENGTHS = (2, 15)
GUIDE_LENGTHS = (1, 12)
SET_CONTROL_LENGTHS = (4, 9)
SET_GUIDE_LENGTHS = (1, 35)

ACKNOWLEDGMENT = "FA"
"""GS01 of groups of 999s: answers are not answered, or two systems would never stop."""
ACKNOWLEDGED_GROUPS = frozenset({"BE", "HB", "HC", "HI", "HN", "HP", "HR", "HS", "RA"})
"""AK101."""
ACKNOWLEDGED_SETS = frozenset({"270", "271", "276", "277", "278", "820", "834", "835", "837"})
"""AK201."""


def quotable(value: str, lengths: tuple[int, int]) -> bool:
    """Can the value stand in an AN element of these lengths? Blanks at its end do not count."""
    shortest, longest = lengths
    return shortest <= len(value.rstrip(" ")) <= longest and not UNPRINTABLE.search(value)


def parties_quotable(sender_qualifier: str, sender_id: str, receiver_qualifier: str, receiver_id: str) -> bool:
    """Can ISA05 to ISA08 be turned round, so that an answer finds its way back?"""
    return all(quotable(qualifier, (2, 2)) for qualifier in (sender_qualifier, receiver_qualifier)) and all(
        quotable(party, PARTY_LENGTHS) for party in (sender_id, receiver_id)
    )


def interchange_quotable(date: str, time: str, control_number: str) -> bool:
    """Can a TA1 echo ISA09, ISA10 and ISA13? Without them no proper TA1 exists (RFI 2102)."""
    return (
        DATE.fullmatch(date) is not None
        and parse_date("20" + date) is not None
        and TIME.fullmatch(time) is not None
        and INTERCHANGE_CONTROL.fullmatch(control_number) is not None
    )


def group_quotable(functional_id: str, sender: str, receiver: str, control_number: str, guide: str) -> bool:
    """Can a 999 go back to GS02 from GS03 and echo GS01, GS06 and GS08 in its AK1?"""
    return (
        functional_id in ACKNOWLEDGED_GROUPS
        and quotable(sender, APPLICATION_LENGTHS)
        and quotable(receiver, APPLICATION_LENGTHS)
        and GROUP_CONTROL.fullmatch(control_number) is not None
        and quotable(guide, GUIDE_LENGTHS)
    )


def set_quotable(transaction: str, control_number: str) -> bool:
    """Can AK2 echo ST01 and ST02? If not, the group is rejected with AK905 = 5 (RFI 1339)."""
    return transaction in ACKNOWLEDGED_SETS and quotable(control_number, SET_CONTROL_LENGTHS)
