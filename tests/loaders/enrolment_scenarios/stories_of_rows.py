"""Which rows are refused, which are taken with a warning, and what senders get wrong."""

from __future__ import annotations

from tests.loaders.enrolment_scenarios.notation import change
from tests.loaders.enrolment_scenarios.scenario import story

GOLD = "| HLT GOLD EMP 348=2026-01-01"
FAM = "| HLT GOLD FAM 348=2026-01-01"
ANN, DAN = f"ANN 021 {GOLD}", f"DAN 021 {GOLD}"
OPEN, FAMILY_OPEN = ["GOLD EMP 2026-01-01.."], ["GOLD FAM 2026-01-01.."]
JANUARY = change("2026-01-02", ANN)
FAMILY = change("2026-01-02", f"ANN 021 {FAM}", f"ED 021 {FAM}", f"BEN 021 {FAM}", f"CLEO 021 {FAM}")

# refused rows: the other one of the file is always taken
story(
    "a-file-of-an-unknown-sponsor-is-held",
    change("2026-01-02", DAN, sponsor="069999999"),
    spans={},
    state="held",
    holds=("SPONSOR_UNKNOWN",),
)
story(
    "a-row-without-0f-is-refused",
    change("2026-01-02", f"ANN 021 0F=- {GOLD}", DAN),
    spans={"DAN": OPEN},
    findings=("MEMBER_SYNTAX",),
    report=("refused ENROLLMENT_MEMBER_SYNTAX", "0000200 added"),
)
story(
    "two-who-fit-are-not-guessed-between",
    FAMILY,
    change("2026-03-02", "BEN 024 first=- sex=U ssn=- | HLT GOLD FAM 349=2026-02-28"),
    spans=dict.fromkeys(("ANN", "ED", "BEN", "CLEO"), FAMILY_OPEN),
    findings=("MEMBER_AMBIGUOUS",),
    report=("0000100 D. refused ENROLLMENT_MEMBER_AMBIGUOUS",),
)
story(
    "an-unknown-plan-code-is-one-finding-for-all-who-have-it",
    change(
        "2026-01-02",
        "ANN 021 | HLT BRONZE EMP 348=2026-01-01",
        DAN,
        "FAY 021 | HLT BRONZE EMP 348=2026-01-01",
    ),
    spans={"DAN": OPEN},
    findings=("UNKNOWN_PLAN",),
    report=(
        "0000100 refused ENROLLMENT_UNKNOWN_PLAN",
        "0000200 added",
        "0000200 F.D. refused ENROLLMENT_UNKNOWN_PLAN",
    ),
)
story(
    "a-row-without-a-birth-date-is-refused",
    change("2026-01-02", f"ANN 021 dob=- sex=- {GOLD}", DAN),
    spans={"DAN": OPEN},
    findings=("BIRTH_DATE_MISSING",),
    report=("0000100 refused ENROLLMENT_BIRTH_DATE_MISSING", "0000200 added"),
)
story(
    "an-end-of-nobody-is-refused",
    change("2026-04-02", "ANN 024 | HLT GOLD EMP 349=2026-03-31", DAN),
    spans={"DAN": OPEN},
    findings=("MEMBER_UNKNOWN",),
    report=("0000100 refused ENROLLMENT_MEMBER_UNKNOWN", "0000200 added"),
)
story(
    "a-dependant-of-nobody-is-refused",
    change("2026-01-02", f"BEN 021 {FAM}", DAN),
    spans={"DAN": OPEN},
    findings=("SUBSCRIBER_UNKNOWN",),
    report=("0000100 B.D. refused ENROLLMENT_SUBSCRIBER_UNKNOWN", "0000200 added"),
)
story(
    "a-dependant-may-stand-before-the-subscriber",
    change("2026-01-02", f"BEN 021 {FAM}", f"ANN 021 {FAM}"),
    spans={"ANN": FAMILY_OPEN, "BEN": FAMILY_OPEN},
    report=("0000100 B.D. added", "0000100 added"),
)

# warned and taken
story(
    "a-subscriber-without-an-address-is-taken",
    change("2026-01-02", f"ANN 021 address=- {GOLD}"),
    spans={"ANN": OPEN},
    findings=("ADDRESS_MISSING",),
    report=("0000100 added ENROLLMENT_ADDRESS_MISSING",),
)
for _name, _number, _code in (("missing", "-", "SSN_MISSING"), ("of-nines", "999999999", "SSN_INVALID")):
    story(
        f"a-social-security-number-{_name}-is-told",
        change("2026-01-02", f"ANN 021 ssn={_number} {GOLD}"),
        spans={"ANN": OPEN},
        findings=(_code,),
        report=(f"0000100 added ENROLLMENT_{_code}",),
    )
story(
    "an-unknown-gender-is-told",
    change("2026-01-02", f"ANN 021 sex=U {GOLD}"),
    spans={"ANN": OPEN},
    findings=("GENDER_UNKNOWN",),
    report=("0000100 added ENROLLMENT_GENDER_UNKNOWN",),
)
story(
    "a-child-over-age-is-told",
    change("2026-01-02", f"ANN 021 {FAM}", f"BEN 021 dob=1990-05-05 {FAM}"),
    spans={"ANN": FAMILY_OPEN, "BEN": FAMILY_OPEN},
    findings=("CHILD_OVER_AGE",),
    report=("0000100 added", "0000100 B.D. added ENROLLMENT_CHILD_OVER_AGE"),
)
story(
    "an-employment-that-ended-without-a-termination-is-told",
    JANUARY,
    change("2026-02-02", "ANN 001 work=TE"),
    spans={"ANN": OPEN},
    findings=("END_NOT_SENT",),
    report=("0000100 changed ENROLLMENT_END_NOT_SENT",),
)
story(
    "a-death-without-a-termination-is-told",
    JANUARY,
    change("2026-02-02", "ANN 001 reason=03 death=2026-01-20"),
    spans={"ANN": OPEN},
    findings=("END_NOT_SENT",),
    report=("0000100 changed ENROLLMENT_END_NOT_SENT",),
)

# tiers and families
ECH = "| HLT GOLD ECH 348=2026-01-01"
story(
    "a-tier-that-did-not-fit-is-not-told-again",
    change("2026-01-02", f"ANN 021 {GOLD}", f"BEN 021 {GOLD}"),
    change("2026-02-02", f"ANN 021 {GOLD}", f"BEN 021 {GOLD}"),
    spans={"ANN": OPEN, "BEN": OPEN},
)
story(
    "a-tier-is-told-at-the-subscriber-who-was-sent",
    change("2026-01-02", f"BEN 021 {GOLD}", f"ANN 021 {GOLD}"),
    spans={"ANN": OPEN, "BEN": OPEN},
    findings=("TIER_CONTRADICTED",),
    report=("0000100 B.D. added", "0000100 added ENROLLMENT_TIER_CONTRADICTED"),
)
story(
    "a-spouse-who-comes-without-the-subscribers-tier-is-told",
    JANUARY,
    change("2026-02-02", "ED 021 | HLT GOLD ESP 348=2026-02-01"),
    spans={"ANN": OPEN, "ED": ["GOLD ESP 2026-02-01.."]},
    findings=("TIER_CONTRADICTED",),
    report=("0000100 E.D. added ENROLLMENT_TIER_CONTRADICTED",),
)
story(
    "a-family-that-grows-with-its-tier-is-none-to-tell",
    JANUARY,
    change("2026-02-02", "ANN 001 | HLT GOLD ESP 348=2026-03-01", "ED 021 | HLT GOLD ESP 348=2026-03-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-28", "GOLD ESP 2026-03-01.."], "ED": ["GOLD ESP 2026-03-01.."]},
)
story(
    "a-family-that-shrinks-with-its-tier-is-none-to-tell",
    change("2026-01-02", f"ANN 021 {ECH}", f"BEN 021 {ECH}"),
    change("2026-02-02", "ANN 001 | HLT GOLD EMP 348=2026-04-01", "BEN 024 | HLT GOLD ECH 349=2026-03-31"),
    spans={
        "ANN": ["GOLD ECH 2026-01-01..2026-03-31", "GOLD EMP 2026-04-01.."],
        "BEN": ["GOLD ECH 2026-01-01..2026-03-31"],
    },
)
story(
    "a-past-tier-is-not-told",
    change("2026-01-02", f"ANN 021 {GOLD}"),
    change("2026-04-02", "BEN 021 | HLT GOLD ECH 348=2026-02-01", "ANN 001 | HLT GOLD ECH 348=2026-04-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31", "GOLD ECH 2026-04-01.."], "BEN": ["GOLD ECH 2026-02-01.."]},
)

# what the sender is told
story(
    "a-reference-alone-that-changes-is-a-change",
    change("2026-01-02", f"ANN 021 17=EAST {GOLD}"),
    change("2026-01-03", "ANN 001 17=WEST"),
    spans={"ANN": OPEN},
    report=("0000100 changed",),
)
story(
    "a-reference-that-is-told-again-is-none",
    change("2026-01-02", f"ANN 021 17=EAST {GOLD}"),
    change("2026-01-03", "ANN 001 17=EAST"),
    spans={"ANN": OPEN},
    report=("0000100 unchanged",),
)
story(
    "two-rows-of-one-who-changes-are-both-a-change",
    JANUARY,
    change("2026-01-03", "ANN 001 first=ANNA", "ANN 001 first=ANNA"),
    spans={"ANNA": OPEN},
    report=("0000100 changed", "0000100 changed"),
)
story(
    "a-provider-alone-who-changes-is-a-change",
    change("2026-01-02", f"{ANN} pcp=1093817465"),
    change("2026-02-02", f"{ANN} pcp=1003000126"),
    spans={"ANN": OPEN},
    report=("0000100 changed",),
)

# identity
story(
    "twins-are-two",
    FAMILY,
    change("2026-03-02", "CLEO 024 | HLT GOLD FAM 349=2026-02-28"),
    spans={
        **dict.fromkeys(("ANN", "ED", "BEN"), FAMILY_OPEN),
        "CLEO": ["GOLD FAM 2026-01-01..2026-02-28"],
    },
    report=("0000100 C.D. ended",),
)
story(
    "a-corrected-name-is-the-same-person",
    JANUARY,
    change("2026-02-02", "ANN 001 reason=25 first=ANNA last=ROE was=ANN,DOE"),
    spans={"ANNA": OPEN},
    report=("0000100 changed",),
)
story(
    "a-corrected-birth-date-is-the-same-person",
    JANUARY,
    change("2026-02-02", "ANN 001 reason=25 dob=1980-01-11"),
    spans={"ANN": OPEN},
    report=("0000100 changed",),
)
story(
    "a-newborn-who-gets-a-name-is-the-same-person",
    change("2026-01-02", f"ANN 021 {FAM}"),
    change("2026-02-02", "BEN 021 first=BABY_BOY dob=2026-01-20 birth=1 ssn=- | HLT GOLD FAM 348=2026-01-20"),
    change("2026-03-02", "BEN 001 first=BEN dob=2026-01-20 birth=1 reason=25"),
    spans={"ANN": FAMILY_OPEN, "BEN": ["GOLD FAM 2026-01-20.."]},
    report=("0000100 B.D. changed",),
)
story(
    "one-person-under-two-subscribers-stays-two",
    change("2026-01-02", f"ANN 021 {FAM}", f"BEN 021 {FAM}", f"DAN 021 {FAM}"),
    change("2026-05-02", "BEN 021 0F=0000200 | HLT GOLD FAM 348=2026-05-01"),
    spans={"ANN": FAMILY_OPEN, "BEN": ["GOLD FAM 2026-01-01..", "GOLD FAM 2026-05-01.."], "DAN": FAMILY_OPEN},
    findings=("PERSON_ELSEWHERE",),
    report=("0000200 B.D. added ENROLLMENT_PERSON_ELSEWHERE",),
)
story(
    "leading-zeros-lost-are-told-and-nobody-is-merged",
    JANUARY,
    change("2026-04-02", "ANN 024 0F=100 | HLT GOLD EMP 349=2026-03-31"),
    spans={"ANN": OPEN},
    findings=("SUBSCRIBER_NUMBER_ZEROS",),
    report=("100 refused ENROLLMENT_SUBSCRIBER_NUMBER_ZEROS",),
)
story(
    "a-dependants-number-that-is-not-the-subscribers-is-refused",
    change("2026-01-02", f"ANN 021 {FAM}", f"BEN 021 0F=0000109 {FAM}"),
    spans={"ANN": FAMILY_OPEN},
    findings=("SUBSCRIBER_UNKNOWN", "TIER_CONTRADICTED"),
    report=("0000100 added ENROLLMENT_TIER_CONTRADICTED", "0000109 B.D. refused ENROLLMENT_SUBSCRIBER_UNKNOWN"),
)
story(
    "number-and-social-security-number-swapped-find-nobody",
    JANUARY,
    change("2026-04-02", "ANN 024 0F=123456701 ssn=0000100 | HLT GOLD EMP 349=2026-03-31"),
    spans={"ANN": OPEN},
    findings=("NUMBERS_SWAPPED",),
    report=("123456701 refused ENROLLMENT_NUMBERS_SWAPPED",),
)

# habits of senders
story(
    "an-address-change-as-end-and-addition-leaves-the-span",
    JANUARY,
    change(
        "2026-03-02",
        "ANN 024 reason=43 | HLT GOLD EMP 349=2026-02-28",
        "ANN 021 | HLT GOLD EMP 348=2026-03-01",
    ),
    spans={"ANN": OPEN},
    report=("0000100 unchanged", "0000100 unchanged"),
)
story(
    "a-new-plan-code-at-renewal-is-refused-once-and-the-old-coverage-stays",
    JANUARY,
    change("2026-12-02", "ANN 001 reason=22 | HLT GOLD27 EMP 348=2027-01-01"),
    spans={"ANN": OPEN},
    findings=("UNKNOWN_PLAN",),
    report=("0000100 refused ENROLLMENT_UNKNOWN_PLAN",),
)
story(
    "everybody-030-forever-changes-nothing",
    JANUARY,
    change("2026-02-02", f"ANN 030 {GOLD}"),
    change("2026-03-02", f"ANN 030 {GOLD}"),
    spans={"ANN": OPEN},
    report=("0000100 compared",),
)
