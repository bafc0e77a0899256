"""Codes of members and coverages, 834."""

from __future__ import annotations

from edi.finding_codes.code import NOTE, WARNING, business_code

ENROLLMENT = (
    # enrollment, 834
    business_code("ENROLLMENT_MEMBER_SYNTAX", "the member is refused for the errors told in the 999", snip=2),
    business_code("ENROLLMENT_UNKNOWN_GROUP", "no group of ours has this sponsor, master policy or group number"),
    business_code("ENROLLMENT_UNKNOWN_PLAN", "the group has no plan for this insurance line and plan code"),
    business_code(
        "ENROLLMENT_PLAN_NOT_IN_FORCE",
        "the plan code has a plan, but on other days or in other divisions than those sent",
    ),
    business_code("ENROLLMENT_SUBSCRIBER_NUMBER_MISSING", "no subscriber number"),
    business_code("ENROLLMENT_SUBSCRIBER_UNKNOWN", "a dependant whose subscriber is not enrolled"),
    business_code("ENROLLMENT_MEMBER_UNKNOWN", "a change or end of coverage of a member who is not enrolled"),
    business_code("ENROLLMENT_MEMBER_AMBIGUOUS", "more than one member fits"),
    business_code("ENROLLMENT_BIRTH_DATE_MISSING", "no birth date"),
    business_code("ENROLLMENT_NAME_MISSING", "no last name"),
    business_code("ENROLLMENT_COVERAGE_BEGIN_MISSING", "coverage without a first day"),
    business_code("ENROLLMENT_COVERAGE_END_MISSING", "an end of coverage without a day"),
    business_code("ENROLLMENT_COVERAGE_ENDS_FIRST", "coverage that ends before it begins"),
    business_code(
        "ENROLLMENT_COVERAGE_CONTRADICTED",
        "several changes of one coverage in this file contradict each other: none of them is applied",
    ),
    business_code("ENROLLMENT_COVERAGE_UNKNOWN", "a change or end of coverage that is not on file"),
    business_code("ENROLLMENT_MAINTENANCE_UNSUPPORTED", "a maintenance type that is not applied"),
    business_code("ENROLLMENT_OUT_OF_ORDER", "older than what was applied last for the group", WARNING),
    business_code("ENROLLMENT_TOO_FAR_AHEAD", "a full roster of a day that lies too far ahead", WARNING),
    business_code("ENROLLMENT_REFERENCE_REPEATED", "BGN02 was used before by this sender", WARNING),
    business_code("ENROLLMENT_INFORMATION_COPY", "an information copy: nothing is applied", NOTE),
    # enrollment, found while spans are applied
    business_code(
        "ENROLLMENT_NOTHING_TO_REINSTATE", "a reinstatement of coverage that never was: taken as new", WARNING
    ),
    business_code("ENROLLMENT_COVERAGE_ENDED_ALREADY", "the coverage ended before: nothing is changed", WARNING),
    # enrollment, of whole sets and rosters
    business_code("ENROLLMENT_FILE_REFUSED", "nothing of the file is applied: the plan refused it whole"),
    business_code(
        "ENROLLMENT_TOTALS_REFUSED", "a full roster with another number of rows than its control total: refused"
    ),
    business_code("ENROLLMENT_TOTALS_DIFFER", "another number of rows than the control total says", WARNING),
    business_code("ENROLLMENT_SUPERSEDED", "the set was sent again: only the re-submission is applied", NOTE),
    business_code("ENROLLMENT_MEMBERS_ABSENT", "members who are covered are not in the full roster", WARNING),
    business_code(
        "ENROLLMENT_LINES_LEFT_OUT",
        "members are covered in lines of insurance that the full roster names for others and not for them",
        WARNING,
    ),
    business_code("ENROLLMENT_ABSENCE_HIGH", "the full roster lacks an unusual share of the members", WARNING),
    business_code(
        "ENROLLMENT_COUNT_SWING", "the full roster has an unusually different number of members than the last", WARNING
    ),
    # enrollment, coverage compared and corrected
    business_code(
        "ENROLLMENT_COVERAGE_OVERLAP", "coverage of another plan in the same line ends the day before", WARNING
    ),
    business_code("ENROLLMENT_END_CANCELLED", "an end still to come is taken back: the member is sent again", WARNING),
    business_code("ENROLLMENT_COVERAGE_DIFFERS", "a row sent to be compared does not say what is on file", NOTE),
    business_code("ENROLLMENT_DEPENDANT_ENDED", "a dependant's coverage ends with the subscriber's", NOTE),
    business_code(
        "ENROLLMENT_DEPENDANT_BEYOND_SUBSCRIBER", "a dependant is covered on days without the subscriber's", WARNING
    ),
    # enrollment, found while persons are recognised
    business_code(
        "ENROLLMENT_NUMBERS_SWAPPED", "subscriber number and social security number stand in each other's place"
    ),
    business_code(
        "ENROLLMENT_SUBSCRIBER_NUMBER_ZEROS", "the subscriber number differs from one on file in leading zeros only"
    ),
    business_code("ENROLLMENT_BIRTH_DATE_INVALID", "born after the file was received"),
    business_code("ENROLLMENT_SUBSCRIBER_RENUMBERED", "a subscriber with a new number: the family is followed", NOTE),
    business_code(
        "ENROLLMENT_PERSON_ELSEWHERE", "the person is on file under another subscriber too: kept apart", NOTE
    ),
    business_code("ENROLLMENT_SUBSCRIBER_CONTESTED", "two persons would be the subscriber of one number"),
    business_code("ENROLLMENT_ADDRESS_MISSING", "a subscriber without street, city, state or postal code", WARNING),
    business_code("ENROLLMENT_SSN_MISSING", "no social security number", WARNING),
    business_code("ENROLLMENT_SSN_INVALID", "a social security number that nobody has", WARNING),
    business_code("ENROLLMENT_GENDER_UNKNOWN", "gender unknown", WARNING),
    business_code("ENROLLMENT_REASON_UNUSUAL", "a maintenance reason that does not fit the maintenance type", WARNING),
    business_code("ENROLLMENT_CHILD_OVER_AGE", "a child at or over the age at which coverage ends", WARNING),
    business_code("ENROLLMENT_END_NOT_SENT", "death or end of employment without an end of coverage", WARNING),
    business_code("ENROLLMENT_TIER_CONTRADICTED", "the tier contradicts who of the family is covered", WARNING),
    business_code("ENROLLMENT_PROVIDER_UNKNOWN", "a primary care provider whom the registry does not have", WARNING),
)
