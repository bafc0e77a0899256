"""Clauses of the rules that have no story elsewhere: limits to the day, both sides of a setting, odd senders."""

from __future__ import annotations

from tests.loaders.enrolment_scenarios.notation import change, crew, crew_name, replacing, verify
from tests.loaders.enrolment_scenarios.scenario import story

GOLD, FAM = "| HLT GOLD EMP 348=2026-01-01", "| HLT GOLD FAM 348=2026-01-01"
ANN, DAN = f"ANN 021 {GOLD}", f"DAN 021 {GOLD}"
OPEN, FAMILY_OPEN = ["GOLD EMP 2026-01-01.."], ["GOLD FAM 2026-01-01.."]
JANUARY = change("2026-01-02", ANN)
FAMILY = change("2026-01-02", f"ANN 021 {FAM}", f"ED 021 {FAM}", f"BEN 021 {FAM}")
CREW = tuple(f"{crew(number).format('021')} {GOLD}" for number in range(1, 102))
CREW_OPEN = {crew_name(number): OPEN for number in range(1, 101)}
CREW_JANUARY = change("2026-01-02", *CREW[:100])

# what a file is
story(
    "a-file-to-verify-is-compared-whatever-its-rows-say",
    JANUARY,
    verify("2026-03-02", "ANN 021 | HLT SILVER EMP 348=2026-03-01", DAN),
    spans={"ANN": OPEN},
    findings=("COVERAGE_DIFFERS", "MEMBER_UNKNOWN"),
    report=("0000100 compared ENROLLMENT_COVERAGE_DIFFERS", "0000200 refused ENROLLMENT_MEMBER_UNKNOWN"),
)
story(
    "an-end-in-a-file-to-verify-is-compared",
    JANUARY,
    verify("2026-03-02", "ANN 024 | HLT GOLD EMP 349=2026-02-28"),
    spans={"ANN": OPEN},
    findings=("COVERAGE_DIFFERS",),
    report=("0000100 compared ENROLLMENT_COVERAGE_DIFFERS",),
)
story(
    "a-file-to-verify-is-applied-where-the-roster-is-the-truth",
    JANUARY,
    verify("2026-03-02", f"ANN 030 {GOLD}", "DAN 030 | HLT GOLD EMP 348=2026-03-01"),
    spans={"ANN": OPEN, "DAN": ["GOLD EMP 2026-03-01.."]},
    settings={"roster_is_truth": True},
    report=("0000100 unchanged", "0000200 added"),
)
story(
    "a-replacing-roster-applies-audit-rows",
    JANUARY,
    replacing("2026-03-02", "ANN 030 | HLT SILVER EMP 348=2026-03-01", "DAN 030 | HLT GOLD EMP 348=2026-03-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-28", "SILVER EMP 2026-03-01.."], "DAN": ["GOLD EMP 2026-03-01.."]},
    findings=("COVERAGE_OVERLAP",),
    report=("0000100 changed ENROLLMENT_COVERAGE_OVERLAP", "0000200 added"),
)
story(
    "additions-are-compared-where-the-group-says-verify",
    JANUARY,
    spans={},
    findings=("MEMBER_UNKNOWN",),
    report=("0000100 refused ENROLLMENT_MEMBER_UNKNOWN",),
    settings={"mode_override": "verify"},
)
story(
    "a-resubmission-takes-the-place-of-the-original-that-is-held",
    JANUARY,
    change("2026-06-02", "ANN 024 | HLT GOLD EMP 349=2026-01-31", reference="WRONG"),
    change("2026-06-03", "ANN 024 | HLT GOLD EMP 349=2026-05-31", purpose="15", original="WRONG"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-05-31"]},
    report=("0000100 ended",),
)
story(
    "an-original-that-comes-after-its-resubmission-is-not-applied",
    JANUARY,
    change("2026-04-03", "ANN 024 | HLT GOLD EMP 349=2026-03-31", purpose="15", original="LATE"),
    change("2026-04-03", "ANN 024 | HLT GOLD EMP 349=2026-02-28", reference="LATE"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31"]},
    findings=("SUPERSEDED",),
    report=("ENROLLMENT_SUPERSEDED",),
)
story(
    "a-replacing-roster-with-other-totals-is-refused",
    JANUARY,
    replacing("2026-03-02", "ANN 030 | HLT SILVER EMP 348=2026-03-01", totals={"ET": 2}),
    spans={"ANN": OPEN},
    findings=("TOTALS_REFUSED",),
    report=("ENROLLMENT_TOTALS_REFUSED",),
)

# action table
story(
    "the-end-of-a-subscriber-is-told-of-each-dependant",
    FAMILY,
    change("2026-04-02", "ANN 024 | HLT GOLD FAM 349=2026-03-31"),
    spans={name: ["GOLD FAM 2026-01-01..2026-03-31"] for name in ("ANN", "ED", "BEN")},
    findings=("DEPENDANT_ENDED", "DEPENDANT_ENDED"),
    report=(
        "0000100 ended ENROLLMENT_DEPENDANT_ENDED",
        "0000100 ended ENROLLMENT_DEPENDANT_ENDED",
        "0000100 B.D. ended",
        "0000100 E.D. ended",
    ),
)
story(
    "the-very-same-hd-twice-in-a-row-is-one",
    change("2026-01-02", f"{ANN} {GOLD}"),
    spans={"ANN": OPEN},
    report=("0000100 added",),
)
story(
    "an-earlier-start-in-another-tier-leaves-the-tier-that-is-on-file",
    change("2026-03-02", "ANN 021 | HLT GOLD IND 348=2026-03-01"),
    change("2026-03-09", "ANN 021 | HLT GOLD EMP 348=2026-01-01 349=2026-02-28"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-28", "GOLD IND 2026-03-01.."]},
    report=("0000100 added",),
)
story(
    "hd01-002-of-one-line-leaves-the-others",
    change("2026-01-02", f"{ANN} | DEN D1 EMP 348=2026-01-01"),
    change("2026-01-20", "ANN 001 | DEN D1 EMP 348=2026-01-01 HD=002"),
    spans={"ANN": OPEN},
    report=("0000100 ended",),
)
story(
    "an-end-on-the-first-day-leaves-that-day",
    JANUARY,
    change("2026-01-09", "ANN 024 | HLT GOLD EMP 349=2026-01-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-01-01"]},
    report=("0000100 ended",),
)
story(
    "an-end-on-the-first-day-without-coverage-may-be-the-first-day",
    JANUARY,
    change("2026-01-09", "ANN 024 | HLT GOLD EMP 349=2026-01-01"),
    spans={},
    settings={"end_date_is": "first_uncovered"},
    report=("0000100 ended",),
)

# full rosters
story(
    "exactly-the-share-that-warns-does-not-warn",
    CREW_JANUARY,
    verify("2026-03-02", *CREW[:95]),
    spans=CREW_OPEN,
    findings=("MEMBERS_ABSENT",),
    report=("1 ENROLLMENT_MEMBERS_ABSENT", "95 compared"),
)
story(
    "exactly-as-many-as-may-be-absent-do-not-hold",
    CREW_JANUARY,
    verify("2026-03-02", *CREW[:90]),
    spans=CREW_OPEN,
    findings=("ABSENCE_HIGH", "MEMBERS_ABSENT"),
    report=("1 ENROLLMENT_ABSENCE_HIGH", "1 ENROLLMENT_MEMBERS_ABSENT", "90 compared"),
)
story(
    "one-more-than-may-be-absent-holds",
    CREW_JANUARY,
    verify("2026-03-02", *CREW[:89]),
    spans=CREW_OPEN,
    state="held",
    holds=("ABSENCE_THRESHOLD",),
)
story(
    "a-swing-of-few-members-is-a-warning",
    change("2026-01-02", *CREW[:20]),
    verify("2026-02-02", *CREW[:20]),
    verify("2026-03-02", *CREW[:25]),
    spans=dict(list(CREW_OPEN.items())[:20]),
    findings=("COUNT_SWING", "MEMBER_UNKNOWN", "MEMBER_UNKNOWN", "MEMBER_UNKNOWN", "MEMBER_UNKNOWN", "MEMBER_UNKNOWN"),
    report=("1 ENROLLMENT_COUNT_SWING", "20 compared", "5 refused ENROLLMENT_MEMBER_UNKNOWN"),
)
story(
    "the-same-roster-again-is-not-a-second-absence",
    change("2026-01-02", ANN, DAN),
    replacing("2026-03-02", f"ANN 030 {GOLD}"),
    replacing("2026-03-03", f"ANN 030 {GOLD}", as_of="2026-03-02"),
    spans={"ANN": OPEN, "DAN": OPEN},
    settings={"absent": {"after": 2}},
    findings=("MEMBERS_ABSENT",),
    report=("0000100 unchanged", "ENROLLMENT_MEMBERS_ABSENT"),
)
story(
    "nobody-ends-by-a-roster-that-is-compared-though-the-group-says-now",
    change("2026-01-02", ANN, DAN),
    verify("2026-03-02", f"ANN 030 {GOLD}"),
    spans={"ANN": OPEN, "DAN": OPEN},
    settings={"absent": "now"},
    findings=("MEMBERS_ABSENT",),
    report=("0000100 compared", "ENROLLMENT_MEMBERS_ABSENT"),
)

# retroactive ends
story(
    "an-end-on-the-last-day-of-the-limit-is-applied",
    JANUARY,
    change("2026-04-02", "ANN 024 | HLT GOLD EMP 349=2026-02-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-01"]},
    settings={"max_retro_term_days": 60},
    report=("0000100 ended",),
)
story(
    "an-end-a-day-before-the-limit-holds-the-file",
    JANUARY,
    change("2026-04-02", "ANN 024 | HLT GOLD EMP 349=2026-01-31"),
    spans={"ANN": OPEN},
    settings={"max_retro_term_days": 60},
    state="held",
    holds=("RETRO_TERMINATION",),
)
story(
    "an-absence-that-ends-beyond-the-limit-holds-the-file",
    change("2026-01-02", ANN, DAN),
    replacing("2026-05-02", f"ANN 030 {GOLD}", as_of="2026-02-15"),
    spans={"ANN": OPEN, "DAN": OPEN},
    settings={"absent": "now"},
    state="held",
    holds=("RETRO_TERMINATION",),
)

# rows that are refused, and rows that are told
story(
    "somebody-born-tomorrow-is-refused",
    change("2026-01-02", f"ANN 021 dob=2026-01-03 {GOLD}", DAN),
    spans={"DAN": OPEN},
    findings=("BIRTH_DATE_INVALID",),
    report=("0000100 refused ENROLLMENT_BIRTH_DATE_INVALID", "0000200 added"),
)
story(
    "a-birth-date-that-is-no-day-is-refused",
    change("2026-01-02", f"ANN 021 dob=1980-02-30 {GOLD}", DAN),
    spans={"DAN": OPEN},
    findings=("MEMBER_SYNTAX",),
    report=("0000100 refused ENROLLMENT_MEMBER_SYNTAX", "0000200 added"),
)
story(
    "a-change-of-nobody-is-refused",
    change("2026-01-02", "ANN 001 reason=43", DAN),
    spans={"DAN": OPEN},
    findings=("MEMBER_UNKNOWN",),
    report=("0000100 refused ENROLLMENT_MEMBER_UNKNOWN", "0000200 added"),
)
story(
    "a-reason-that-does-not-fit-is-told",
    change("2026-01-02", f"ANN 021 reason=08 {GOLD}"),
    spans={"ANN": OPEN},
    findings=("REASON_UNUSUAL",),
    report=("0000100 added ENROLLMENT_REASON_UNUSUAL",),
)
story(
    "a-reinstatement-of-somebody-new-is-told-and-loaded",
    change("2026-01-02", f"ANN 025 {GOLD}"),
    spans={"ANN": OPEN},
    findings=("NOTHING_TO_REINSTATE",),
    report=("0000100 reinstated ENROLLMENT_NOTHING_TO_REINSTATE",),
)
story(
    "an-unknown-provider-is-told-and-left-out",
    change("2026-01-02", f"ANN 021 {GOLD} pcp=1003000126"),
    spans={"ANN": OPEN},
    findings=("PROVIDER_UNKNOWN",),
    report=("0000100 added ENROLLMENT_PROVIDER_UNKNOWN",),
    has_registry=True,
)
story(
    "an-end-with-death-is-no-reason-to-warn",
    JANUARY,
    change("2026-04-02", "ANN 024 reason=03 death=2026-03-20 | HLT GOLD EMP 349=2026-03-20"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-20"]},
    report=("0000100 ended",),
)

# habits of senders
story(
    "somebody-new-who-is-only-audited-is-not-enrolled",
    JANUARY,
    change("2026-02-02", f"ANN 030 {GOLD}", f"DAN 030 {GOLD}"),
    spans={"ANN": OPEN},
    findings=("MEMBER_UNKNOWN",),
    report=("0000100 compared", "0000200 refused ENROLLMENT_MEMBER_UNKNOWN"),
)
story(
    "somebody-new-who-is-only-audited-is-enrolled-where-the-roster-is-the-truth",
    JANUARY,
    change("2026-02-02", f"ANN 030 {GOLD}", f"DAN 030 {GOLD}"),
    spans={"ANN": OPEN, "DAN": OPEN},
    settings={"roster_is_truth": True},
    report=("0000100 unchanged", "0000200 added"),
)
story(
    "a-twin-who-comes-later-is-somebody-new",
    change("2026-01-02", f"ANN 021 {FAM}", f"BEN 021 {FAM}"),
    change("2026-02-02", "CLEO 021 ssn=- | HLT GOLD FAM 348=2026-02-01"),
    spans={"ANN": FAMILY_OPEN, "BEN": FAMILY_OPEN, "CLEO": ["GOLD FAM 2026-02-01.."]},
    findings=("SSN_MISSING",),
    report=("0000100 C.D. added ENROLLMENT_SSN_MISSING",),
)
story(
    "leading-zeros-lost-on-an-addition-make-nobody-new",
    JANUARY,
    change("2026-04-02", "ANN 021 0F=100 | HLT GOLD EMP 348=2026-01-01"),
    spans={"ANN": OPEN},
    findings=("SUBSCRIBER_NUMBER_ZEROS",),
    report=("100 refused ENROLLMENT_SUBSCRIBER_NUMBER_ZEROS",),
)
story(
    "numbers-swapped-on-an-addition-make-nobody-new",
    JANUARY,
    change("2026-04-02", "ANN 021 0F=123456701 ssn=0000100 | HLT GOLD EMP 348=2026-01-01"),
    spans={"ANN": OPEN},
    findings=("NUMBERS_SWAPPED",),
    report=("123456701 refused ENROLLMENT_NUMBERS_SWAPPED",),
)
story(
    "a-roster-with-new-plan-codes-ends-nobody",
    change("2026-01-02", ANN, DAN),
    replacing("2026-12-20", "ANN 030 | HLT G27 EMP 348=2027-01-01", "DAN 030 | HLT G27 EMP 348=2027-01-01"),
    spans={"ANN": OPEN, "DAN": OPEN},
    settings={"absent": "now"},
    findings=("UNKNOWN_PLAN",),
    report=("0000100 refused ENROLLMENT_UNKNOWN_PLAN", "0000200 refused ENROLLMENT_UNKNOWN_PLAN"),
)

# continued coverage
ENDED = change("2026-04-02", "ANN 024 | HLT GOLD EMP 349=2026-03-31")
COBRA = "ANN 021 reason=09 status=C event=1 work=TE 301=2026-03-31 340=2026-04-01"
story(
    "cobra-ends-with-341",
    JANUARY,
    ENDED,
    change("2026-04-20", f"{COBRA} 341=2027-09-30 | HLT GOLD EMP 348=2026-04-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31", "GOLD EMP 2026-04-01..2027-09-30"]},
    report=("0000100 added",),
)
story(
    "cobra-ends-active-coverage-that-nobody-ended",
    JANUARY,
    change("2026-04-20", f"{COBRA} | HLT GOLD EMP 348=2026-04-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31", "GOLD EMP 2026-04-01.."]},
    report=("0000100 changed",),
)
story(
    "an-end-of-cobra-leaves-the-active-days",
    JANUARY,
    ENDED,
    change("2026-04-20", f"{COBRA} | HLT GOLD EMP 348=2026-04-01"),
    change("2026-08-02", "ANN 024 reason=59 status=C | HLT GOLD EMP 349=2026-07-31"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31", "GOLD EMP 2026-04-01..2026-07-31"]},
    report=("0000100 ended",),
)
