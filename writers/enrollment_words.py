"""How the member report says what became of a member, and what its sender can do about it."""

from __future__ import annotations

from edi.enrollment_report import SentMember
from edi.finding_codes import CODES

OUTCOME_WORDS = {
    "added": "Added",
    "changed": "Changed",
    "ended": "Coverage ended",
    "reinstated": "Reinstated",
    "unchanged": "As on file",
    "compared": "Compared only",
    "refused": "Not applied",
    "held": "Held",
}
OUTCOME_MEANINGS = {
    "added": "enrolled, or a coverage was added",
    "changed": "personal data, plan or tier changed",
    "ended": "coverage was terminated or cancelled",
    "reinstated": "ended coverage goes on or begins anew",
    "unchanged": "we had everything as you sent it",
    "compared": "an audit row: compared with our records, nothing is changed by it",
    "refused": "something stands in the way; see what to do next",
    "held": "waits for a decision at the plan; you need not send it again",
}
MAINTENANCE_WORDS = {
    "001": "001 change",
    "021": "021 addition",
    "024": "024 termination",
    "025": "025 reinstatement",
    "030": "030 audit",
}
TOTAL_WORDS = {"TO": "Members in all (QTY TO)", "ET": "Subscribers (QTY ET)", "DT": "Dependants (QTY DT)"}

NEXT_STEPS = {
    "ENROLLMENT_MEMBER_SYNTAX": "Correct what the 999 tells of this member and send the member again.",
    "ENROLLMENT_UNKNOWN_GROUP": (
        "Check the sponsor (N1*P5), the master policy (REF*38) and the group number (REF*1L). If they are right, ask us"
        " to set the group up; then send the members again."
    ),
    "ENROLLMENT_UNKNOWN_PLAN": (
        "Check HD03 and HD04. If the plan is new or its code changed at renewal, tell us what the code means; then send"
        " the members again."
    ),
    "ENROLLMENT_PLAN_NOT_IN_FORCE": (
        "Check HD04, the first day of coverage (DTP*348) and the division (REF*17, DX or CE). If they are right, tell"
        " us from which day on the code means which plan; then send the members again."
    ),
    "ENROLLMENT_SUBSCRIBER_NUMBER_MISSING": "Send the member again with the subscriber's number in REF*0F.",
    "ENROLLMENT_SUBSCRIBER_UNKNOWN": (
        "Check that the dependant's REF*0F is the subscriber's own, with all its leading zeros. If the subscriber is"
        " new, send the subscriber before the dependant."
    ),
    "ENROLLMENT_MEMBER_UNKNOWN": (
        "Check REF*0F, the birth date and the name. If the member was never enrolled, send an addition (021)."
    ),
    "ENROLLMENT_MEMBER_AMBIGUOUS": (
        "Send first name, birth date and gender of the member, and for twins the birth sequence (INS17)."
    ),
    "ENROLLMENT_BIRTH_DATE_MISSING": "Send the member again with the birth date (DMG02).",
    "ENROLLMENT_NAME_MISSING": "Send the member again with the last name (NM103).",
    "ENROLLMENT_COVERAGE_BEGIN_MISSING": "Send the coverage again with its first day (DTP*348).",
    "ENROLLMENT_COVERAGE_END_MISSING": "Send the termination again with the last day of benefits (DTP*349).",
    "ENROLLMENT_COVERAGE_ENDS_FIRST": "Correct the first or the last day of the coverage and send it again.",
    "ENROLLMENT_COVERAGE_CONTRADICTED": (
        "Send the coverage again with one change only, which says what it shall be: its plan, first and last day. Where"
        " the subscriber's end is meant for the dependants too, send no other change of theirs with it."
    ),
    "ENROLLMENT_COVERAGE_UNKNOWN": (
        "Check HD03, HD04 and the dates. If the coverage should be on file, send it as an addition (021) first."
    ),
    "ENROLLMENT_MAINTENANCE_UNSUPPORTED": "Send a maintenance type of the guide in INS03 and HD01.",
    "ENROLLMENT_OUT_OF_ORDER": "Check that you sent the newest file; send the newest again if this one was not it.",
    "ENROLLMENT_TOO_FAR_AHEAD": "Check the effective date of the roster (DTP*007) and send the roster again.",
    "ENROLLMENT_REFERENCE_REPEATED": "Give every transaction a reference of its own in BGN02.",
    "ENROLLMENT_INFORMATION_COPY": "Nothing. If it was meant to be applied, send it with BGN01 = 00.",
    "ENROLLMENT_NOTHING_TO_REINSTATE": (
        "Check that the member was to be reinstated. For somebody new, send an addition (021)."
    ),
    "ENROLLMENT_COVERAGE_ENDED_ALREADY": (
        "Check the day. The end that we have on file stays; to move it, send a reinstatement (025) first."
    ),
    "ENROLLMENT_COVERAGE_OVERLAP": "Check the day of the change. To end the old plan on another day, send its end.",
    "ENROLLMENT_END_CANCELLED": "Check that the member stays. If not, send the termination (024) again.",
    "ENROLLMENT_COVERAGE_DIFFERS": "Compare with your records. If yours are right, send the change (001, 021, 024).",
    "ENROLLMENT_DEPENDANT_ENDED": "Nothing. If the dependant stays covered, send an addition (021) with its own days.",
    "ENROLLMENT_DEPENDANT_BEYOND_SUBSCRIBER": "Check the first and last day of the dependant against the subscriber's.",
    "ENROLLMENT_FILE_REFUSED": "Call us and name the file number above before you send the file again.",
    "ENROLLMENT_TOTALS_REFUSED": "Check that the roster is whole, correct QTY in the header and send it again.",
    "ENROLLMENT_TOTALS_DIFFER": "Check that the file is whole and correct QTY in the header of the next one.",
    "ENROLLMENT_SUPERSEDED": "Nothing: the re-submission (BGN01 = 15) took its place.",
    "ENROLLMENT_MEMBERS_ABSENT": "Check whom you left out. Send terminations (024) for those who left.",
    "ENROLLMENT_LINES_LEFT_OUT": "Check which coverages you left out. Send terminations (024) for those that ended.",
    "ENROLLMENT_ABSENCE_HIGH": "Check that the roster is whole. If it is, tell us that so many left.",
    "ENROLLMENT_COUNT_SWING": "Check that the roster is whole and of the right group.",
    "ENROLLMENT_NUMBERS_SWAPPED": "Send the member again with each number in its own place (REF*0F, NM109).",
    "ENROLLMENT_SUBSCRIBER_NUMBER_ZEROS": "Send the member again with all leading zeros of REF*0F.",
    "ENROLLMENT_BIRTH_DATE_INVALID": "Send the member again with the right birth date (DMG02).",
    "ENROLLMENT_SUBSCRIBER_RENUMBERED": "Nothing, if the subscriber has a new number.",
    "ENROLLMENT_PERSON_ELSEWHERE": "Check whether the person is covered twice; if so, end one of the coverages.",
    "ENROLLMENT_SUBSCRIBER_CONTESTED": (
        "Check REF*0F and INS01: a number has one subscriber. Send the end (024) of the one who no longer is, and the"
        " others with their own numbers."
    ),
    "ENROLLMENT_ADDRESS_MISSING": "Send the subscriber's address (N3, N4) with a change (001).",
    "ENROLLMENT_SSN_MISSING": "Send the social security number (NM109) if you have it.",
    "ENROLLMENT_SSN_INVALID": "Send the right social security number (NM109), or none.",
    "ENROLLMENT_GENDER_UNKNOWN": "Send the gender (DMG03) if you know it.",
    "ENROLLMENT_REASON_UNUSUAL": "Check INS04 against INS03.",
    "ENROLLMENT_CHILD_OVER_AGE": "Check the birth date. If it is right, send the end of coverage, or the disability.",
    "ENROLLMENT_END_NOT_SENT": "If coverage ends, send a termination (024) with its last day.",
    "ENROLLMENT_TIER_CONTRADICTED": (
        "Check HD05 of the subscriber against the dependants. Send the right tier, or the dependants who are missing or"
        " have left."
    ),
    "ENROLLMENT_PROVIDER_UNKNOWN": "Check the NPI of the primary care provider (2310) and send it again.",
}
"""By finding code."""
ANY_NEXT_STEP = "Check the segment. If it is right, call us and name the file number above."


def meaning(code: str) -> str:
    """What a finding says, as a sentence."""
    words = CODES[code].meaning
    return f"{words[:1].upper()}{words[1:]}."


def next_step(code: str) -> str:
    """What the sender can do about a finding."""
    return NEXT_STEPS.get(code, ANY_NEXT_STEP)


def role(member: SentMember) -> str:
    """Subscriber, or dependant with the initials that were sent."""
    if member.is_subscriber:
        return "Subscriber"
    return f"Dependant {member.initials}".rstrip()


def maintenance(member: SentMember) -> str:
    """INS03 with its meaning."""
    return MAINTENANCE_WORDS.get(member.maintenance_type, member.maintenance_type)
