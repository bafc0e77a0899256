"""How rows become spans: a scenario for each row of the action table, and for what senders make of it."""

from __future__ import annotations

from tests.loaders.enrolment_scenarios.notation import change
from tests.loaders.enrolment_scenarios.scenario import story

GOLD = "| HLT GOLD EMP 348=2026-01-01"
ANN_GOLD = f"ANN 021 {GOLD}"
FAMILY = (
    "ANN 021 | HLT GOLD FAM 348=2026-01-01",
    "BEN 021 | HLT GOLD FAM 348=2026-01-01",
)
JANUARY = change("2026-01-02", ANN_GOLD)
OPEN = ["GOLD EMP 2026-01-01.."]

story("an-addition-opens-a-span", JANUARY, spans={"ANN": OPEN}, report=("0000100 added",))
story(
    "an-addition-that-is-on-file-changes-nothing",
    JANUARY,
    change("2026-02-02", ANN_GOLD),
    spans={"ANN": OPEN},
    report=("0000100 unchanged",),
)
story(
    "an-earlier-start-extends-back",
    JANUARY,
    change("2026-02-02", "ANN 021 | HLT GOLD EMP 348=2025-11-01"),
    spans={"ANN": ["GOLD EMP 2025-11-01.."]},
    report=("0000100 added",),
)
story(
    "another-plan-of-the-line-ends-the-old-one-the-day-before",
    JANUARY,
    change("2026-04-02", "ANN 021 | HLT SILVER EMP 348=2026-04-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31", "SILVER EMP 2026-04-01.."]},
    findings=("COVERAGE_OVERLAP",),
    report=("0000100 changed ENROLLMENT_COVERAGE_OVERLAP",),
)
story(
    "other-lines-do-not-touch-each-other",
    JANUARY,
    change("2026-04-02", "ANN 021 | DEN D1 EMP 348=2026-04-01 | VIS V1 EMP 348=2026-04-01"),
    spans={"ANN": ["D1 EMP 2026-04-01..", "GOLD EMP 2026-01-01..", "V1 EMP 2026-04-01.."]},
    report=("0000100 added",),
)
story(
    "an-old-row-inside-a-span-leaves-what-came-later",
    JANUARY,
    change("2026-03-02", "ANN 001 reason=32 | HLT GOLD ESP 348=2026-03-01"),
    change("2026-04-02", "ANN 021 | HLT GOLD EMP 348=2026-02-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-28", "GOLD ESP 2026-03-01.."]},
    report=("0000100 unchanged",),
)
story(
    "an-end-on-the-day-of-a-change-of-tier-is-an-end",
    JANUARY,
    change("2026-03-02", "ANN 001 reason=32 | HLT GOLD ESP 348=2026-03-01"),
    change("2026-04-02", "ANN 024 | HLT GOLD ESP 349=2026-02-28"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-28"]},
    report=("0000100 ended",),
)

# terminations
story(
    "an-end-is-the-last-covered-day",
    JANUARY,
    change("2026-04-02", "ANN 024 | HLT GOLD EMP 348=2026-01-01 349=2026-03-31"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31"]},
    report=("0000100 ended",),
)
story(
    "an-end-is-the-first-day-without-coverage-where-the-group-says-so",
    JANUARY,
    change("2026-04-02", "ANN 024 | HLT GOLD EMP 348=2026-01-01 349=2026-04-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31"]},
    settings={"end_date_is": "first_uncovered"},
    report=("0000100 ended",),
)
for _name, _line in (
    ("of-eligibility", "ANN 024 357=2026-03-31 303=2026-05-31 | HLT GOLD EMP 348=2026-01-01"),
    ("of-the-coverages-maintenance", "ANN 024 | HLT GOLD EMP 303=2026-03-31"),
    ("of-the-members-maintenance", "ANN 024 303=2026-03-31 | HLT GOLD EMP 348=2026-01-01"),
    ("of-eligibility-without-an-hd", "ANN 024 357=2026-03-31"),
    ("of-maintenance-without-an-hd", "ANN 024 303=2026-03-31"),
):
    story(
        f"without-349-the-end-is-that-{_name}",
        JANUARY,
        change("2026-04-02", _line),
        spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31"]},
        report=("0000100 ended",),
    )
story(
    "an-end-without-any-day-is-refused",
    JANUARY,
    change("2026-04-02", "ANN 024 | HLT GOLD EMP 348=2026-01-01"),
    spans={"ANN": OPEN},
    findings=("COVERAGE_END_MISSING",),
    report=("0000100 refused ENROLLMENT_COVERAGE_END_MISSING",),
)
story(
    "a-subscribers-end-ends-the-dependants",
    change("2026-01-02", *FAMILY),
    change("2026-04-02", "ANN 024 | HLT GOLD FAM 349=2026-03-31"),
    spans={"ANN": ["GOLD FAM 2026-01-01..2026-03-31"], "BEN": ["GOLD FAM 2026-01-01..2026-03-31"]},
    findings=("DEPENDANT_ENDED",),
    report=("0000100 ended ENROLLMENT_DEPENDANT_ENDED", "0000100 B.D. ended"),
)
story(
    "dependants-go-on-where-the-group-says-so",
    change("2026-01-02", *FAMILY),
    change("2026-04-02", "ANN 024 | HLT GOLD FAM 349=2026-03-31"),
    spans={"ANN": ["GOLD FAM 2026-01-01..2026-03-31"], "BEN": ["GOLD FAM 2026-01-01.."]},
    findings=("DEPENDANT_BEYOND_SUBSCRIBER",),
    settings={"dependants_end_with_subscriber": False},
    report=("0000100 ended ENROLLMENT_DEPENDANT_BEYOND_SUBSCRIBER",),
)
story(
    "a-dependants-end-does-not-touch-the-subscriber",
    change("2026-01-02", *FAMILY),
    change("2026-04-02", "BEN 024 | HLT GOLD FAM 349=2026-03-31"),
    spans={"ANN": ["GOLD FAM 2026-01-01.."], "BEN": ["GOLD FAM 2026-01-01..2026-03-31"]},
    findings=("TIER_CONTRADICTED",),
    report=("0000100 B.D. ended ENROLLMENT_TIER_CONTRADICTED",),
)
story(
    "an-end-before-the-first-day-cancels-back-to-inception",
    change("2026-03-02", "ANN 021 | HLT GOLD EMP 348=2026-03-01"),
    change("2026-03-20", "ANN 024 | HLT GOLD EMP 348=2026-03-01 349=2026-02-28"),
    spans={},
    report=("0000100 ended",),
)
story(
    "hd01-002-cancels-back-to-inception",
    JANUARY,
    change("2026-01-20", "ANN 001 | HLT GOLD EMP 348=2026-01-01 HD=002"),
    spans={},
    report=("0000100 ended",),
)
story(
    "an-end-sent-twice-ends-once",
    JANUARY,
    change("2026-04-02", "ANN 024 | HLT GOLD EMP 349=2026-03-31"),
    change("2026-04-09", "ANN 024 | HLT GOLD EMP 349=2026-03-31"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31"]},
    report=("0000100 unchanged",),
)

# reinstatements
ENDED = change("2026-04-02", "ANN 024 | HLT GOLD EMP 349=2026-03-31")
story(
    "a-reinstatement-without-a-gap-continues-the-span",
    JANUARY,
    ENDED,
    change("2026-04-20", "ANN 025 | HLT GOLD EMP 348=2026-04-01"),
    spans={"ANN": OPEN},
    report=("0000100 reinstated",),
)
story(
    "a-reinstatement-after-a-gap-opens-a-new-span",
    JANUARY,
    ENDED,
    change("2026-06-02", "ANN 025 | HLT GOLD EMP 348=2026-06-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31", "GOLD EMP 2026-06-01.."]},
    report=("0000100 reinstated",),
)
story(
    "a-reinstatement-without-an-hd-loads-nothing",
    JANUARY,
    ENDED,
    change("2026-04-20", "ANN 025 303=2026-04-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31"]},
    findings=("NOTHING_TO_REINSTATE",),
    report=("0000100 unchanged ENROLLMENT_NOTHING_TO_REINSTATE",),
)
story(
    "a-reinstatement-of-nothing-is-an-addition",
    change("2026-01-02", "ANN 025 | HLT GOLD EMP 348=2026-01-01"),
    spans={"ANN": OPEN},
    findings=("NOTHING_TO_REINSTATE",),
    report=("0000100 reinstated ENROLLMENT_NOTHING_TO_REINSTATE",),
)

# changes
story(
    "a-change-of-tier-from-a-day-opens-a-new-span",
    JANUARY,
    change("2026-03-02", "ANN 001 reason=32 | HLT GOLD ESP 348=2026-03-01", "ED 021 | HLT GOLD ESP 348=2026-03-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-28", "GOLD ESP 2026-03-01.."], "ED": ["GOLD ESP 2026-03-01.."]},
    report=("0000100 changed", "0000100 E.D. added"),
)
story(
    "a-change-of-plan-from-a-day-opens-a-new-span",
    JANUARY,
    change("2026-03-02", "ANN 001 reason=22 | HLT SILVER EMP 348=2026-03-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-28", "SILVER EMP 2026-03-01.."]},
    report=("0000100 changed",),
)
story(
    "a-correction-from-the-first-day-replaces-the-span",
    JANUARY,
    change("2026-03-02", "ANN 001 reason=22 | HLT SILVER IND 348=2026-01-01 HD=026"),
    spans={"ANN": ["SILVER IND 2026-01-01.."]},
    report=("0000100 changed",),
)
story(
    "end-and-addition-of-a-plan-change-meet-without-a-word",
    JANUARY,
    change(
        "2026-03-02",
        "ANN 001 reason=22 | HLT GOLD EMP 349=2026-02-28 HD=024 | HLT SILVER EMP 348=2026-03-01 HD=021",
    ),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-28", "SILVER EMP 2026-03-01.."]},
    report=("0000100 changed",),
)

# audits
story(
    "an-audit-that-agrees-says-nothing",
    JANUARY,
    change("2026-02-02", f"ANN 030 {GOLD}"),
    spans={"ANN": OPEN},
    report=("0000100 compared",),
)
story(
    "an-audit-that-differs-is-told-and-not-applied",
    JANUARY,
    change("2026-02-02", "ANN 030 | HLT SILVER EMP 348=2026-02-01"),
    spans={"ANN": OPEN},
    findings=("COVERAGE_DIFFERS",),
    report=("0000100 compared ENROLLMENT_COVERAGE_DIFFERS",),
)
story(
    "an-audit-is-applied-where-the-roster-is-the-truth",
    JANUARY,
    change("2026-02-02", "ANN 030 | HLT SILVER EMP 348=2026-02-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-01-31", "SILVER EMP 2026-02-01.."]},
    findings=("COVERAGE_OVERLAP",),
    settings={"roster_is_truth": True},
    report=("0000100 changed ENROLLMENT_COVERAGE_OVERLAP",),
)
story(
    "an-audit-hd-under-a-change-is-only-compared",
    JANUARY,
    change("2026-02-02", "ANN 001 reason=43 | HLT GOLD EMP 348=2026-01-01 HD=030"),
    spans={"ANN": OPEN},
    report=("0000100 compared",),
)

# more than one span
story(
    "adjacent-spans-of-one-plan-and-tier-become-one",
    change("2026-01-02", "ANN 021 | HLT GOLD EMP 348=2026-01-01 349=2026-06-30"),
    change("2026-06-02", "ANN 021 | HLT GOLD EMP 348=2026-07-01"),
    spans={"ANN": OPEN},
    report=("0000100 added",),
)
story(
    "two-hds-of-a-line-in-one-member-stand-beside-each-other",
    change(
        "2026-01-02",
        "ANN 021 | HLT GOLD EMP 348=2026-01-01 349=2026-03-31 | HLT SILVER EMP 348=2026-04-01",
    ),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31", "SILVER EMP 2026-04-01.."]},
    report=("0000100 added",),
)
story(
    "two-hds-of-a-line-that-overlap-end-the-first-and-say-so",
    change("2026-01-02", "ANN 021 | HLT GOLD EMP 348=2026-01-01 | HLT SILVER EMP 348=2026-04-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31", "SILVER EMP 2026-04-01.."]},
    findings=("COVERAGE_OVERLAP",),
    report=("0000100 added ENROLLMENT_COVERAGE_OVERLAP",),
)
story(
    "an-end-to-come-is-cancelled-by-sending-the-member-again",
    JANUARY,
    change("2026-02-02", "ANN 024 | HLT GOLD EMP 349=2026-06-30"),
    change("2026-03-02", ANN_GOLD),
    spans={"ANN": OPEN},
    findings=("END_CANCELLED",),
    report=("0000100 added ENROLLMENT_END_CANCELLED",),
)
story(
    "an-end-to-come-is-cancelled-whatever-tier-came-with-the-first-day",
    JANUARY,
    change("2026-02-02", "ANN 001 reason=29 | HLT GOLD IND 348=2026-02-01"),
    change("2026-03-02", "ANN 024 | HLT GOLD IND 349=2026-06-30"),
    change("2026-04-02", "ANN 021 | HLT GOLD IND 348=2026-01-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-01-31", "GOLD IND 2026-02-01.."]},
    findings=("END_CANCELLED",),
    report=("0000100 added ENROLLMENT_END_CANCELLED",),
)
story(
    "an-end-that-is-past-stays-when-the-member-is-sent-again",
    JANUARY,
    change("2026-02-02", "ANN 024 | HLT GOLD EMP 349=2026-01-31"),
    change("2026-03-02", ANN_GOLD),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-01-31"]},
    findings=("COVERAGE_ENDED_ALREADY",),
    report=("0000100 unchanged ENROLLMENT_COVERAGE_ENDED_ALREADY",),
)
story(
    "cobra-is-a-new-span-after-the-active-one",
    JANUARY,
    ENDED,
    change("2026-04-20", "ANN 021 reason=09 status=C event=1 work=TE 340=2026-04-01 | HLT GOLD EMP 348=2026-04-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-03-31", "GOLD EMP 2026-04-01.."]},
    report=("0000100 added",),
)
story(
    "an-end-before-the-beginning-is-refused",
    change("2026-01-02", "ANN 021 | HLT GOLD EMP 348=2026-03-01 349=2026-02-01 | DEN D1 EMP 348=2026-01-01"),
    spans={"ANN": ["D1 EMP 2026-01-01.."]},
    findings=("COVERAGE_ENDS_FIRST",),
    report=("0000100 added ENROLLMENT_COVERAGE_ENDS_FIRST",),
)
story(
    "a-dependant-covered-beyond-the-subscriber-is-told",
    change("2026-03-02", "ANN 021 | HLT GOLD FAM 348=2026-03-01", "BEN 021 | HLT GOLD FAM 348=2026-01-01"),
    spans={"ANN": ["GOLD FAM 2026-03-01.."], "BEN": ["GOLD FAM 2026-01-01.."]},
    findings=("DEPENDANT_BEYOND_SUBSCRIBER",),
    report=("0000100 added", "0000100 B.D. added ENROLLMENT_DEPENDANT_BEYOND_SUBSCRIBER"),
)

# retroactive ends
story(
    "a-late-end-within-the-limit-is-applied",
    JANUARY,
    change("2026-04-02", "ANN 024 | HLT GOLD EMP 349=2026-02-28"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-28"]},
    settings={"max_retro_term_days": 60},
    report=("0000100 ended",),
)
story(
    "an-end-beyond-the-limit-holds-the-file",
    JANUARY,
    change("2026-06-02", "ANN 024 | HLT GOLD EMP 349=2026-01-31", "DAN 021 | HLT GOLD EMP 348=2026-06-01"),
    spans={"ANN": OPEN},
    state="held",
    holds=("RETRO_TERMINATION",),
)

story(
    "no-day-of-the-calendar-left-is-no-end",
    JANUARY,
    change("2026-04-02", "ANN 024 303=9999-12-31"),
    spans={"ANN": OPEN},
    findings=("COVERAGE_END_MISSING",),
    report=("0000100 refused ENROLLMENT_COVERAGE_END_MISSING",),
)
story(
    "what-never-was-takes-along-a-dependant-who-came-later",
    change("2026-01-02", FAMILY[0], "BEN 021 | HLT GOLD FAM 348=2026-02-01"),
    change("2026-01-20", "ANN 001 | HLT GOLD FAM 348=2026-01-01 HD=002"),
    spans={},
    findings=("DEPENDANT_ENDED",),
    report=("0000100 ended ENROLLMENT_DEPENDANT_ENDED", "0000100 B.D. ended"),
)
story(
    "a-reinstatement-that-takes-days-from-another-plan-says-so",
    change("2026-01-02", "ANN 021 | HLT GOLD EMP 348=2026-01-01 349=2026-02-28"),
    change("2026-03-20", "ANN 021 | HLT SILVER EMP 348=2026-04-01"),
    change("2026-04-20", "ANN 025 | HLT GOLD EMP 348=2026-03-01"),
    spans={"ANN": OPEN},
    findings=("COVERAGE_OVERLAP",),
    report=("0000100 reinstated ENROLLMENT_COVERAGE_OVERLAP",),
)

# dependants in another plan than the subscriber
TWO_PLANS = change("2026-01-02", FAMILY[0], "BEN 021 | HLT SILVER FAM 348=2026-01-01 | DEN D1 FAM 348=2026-01-01")
BEN_DENTAL = "D1 FAM 2026-01-01.."
story(
    "an-end-of-the-subscribers-plan-ends-dependants-in-every-plan-of-the-line",
    TWO_PLANS,
    change("2026-04-02", "ANN 024 | HLT GOLD FAM 349=2026-03-31"),
    spans={"ANN": ["GOLD FAM 2026-01-01..2026-03-31"], "BEN": [BEN_DENTAL, "SILVER FAM 2026-01-01..2026-03-31"]},
    findings=("DEPENDANT_ENDED",),
)
story(
    "a-dependant-in-another-plan-stays-with-a-subscriber-who-changes-plans",
    TWO_PLANS,
    change("2026-04-02", "ANN 001 | HLT GOLD FAM 349=2026-03-31 HD=024 | HLT SILVER FAM 348=2026-04-01 HD=021"),
    spans={
        "ANN": ["GOLD FAM 2026-01-01..2026-03-31", "SILVER FAM 2026-04-01.."],
        "BEN": [BEN_DENTAL, "SILVER FAM 2026-01-01.."],
    },
)
story(
    "a-dependant-in-another-plan-stays-with-a-subscriber-who-goes-on-in-a-later-one",
    TWO_PLANS,
    change("2026-03-02", "ANN 001 | HLT SILVER FAM 348=2026-06-01"),
    change("2026-04-02", "ANN 024 | HLT GOLD FAM 349=2026-03-31"),
    spans={
        "ANN": ["GOLD FAM 2026-01-01..2026-03-31", "SILVER FAM 2026-06-01.."],
        "BEN": [BEN_DENTAL, "SILVER FAM 2026-01-01.."],
    },
    findings=("DEPENDANT_BEYOND_SUBSCRIBER",),
)
story(
    "a-plan-that-the-subscriber-has-not-ends-nobody-in-another",
    TWO_PLANS,
    change("2026-04-02", "ANN 024 | HLT SILVER FAM 349=2027-03-31"),
    spans={"ANN": ["GOLD FAM 2026-01-01.."], "BEN": [BEN_DENTAL, "SILVER FAM 2026-01-01..2027-03-31"]},
    findings=("COVERAGE_UNKNOWN", "DEPENDANT_ENDED"),
)

# changes of one coverage that contradict each other: sent again, they would come to something else
story(
    "changes-that-contradict-each-other-are-all-refused",
    change("2026-01-02", "ANN 021 | HLT GOLD EMP 348=2026-01-01"),
    change(
        "2026-03-02",
        "ANN 025 | HLT GOLD EMP 348=2026-05-15",
        "ANN 024 | HLT GOLD EMP 349=2026-01-31",
        "DAN 021 | HLT GOLD EMP 348=2026-01-01",
    ),
    spans={"ANN": ["GOLD EMP 2026-01-01.."], "DAN": ["GOLD EMP 2026-01-01.."]},
    findings=("COVERAGE_CONTRADICTED", "COVERAGE_CONTRADICTED"),
    report=(
        "0000100 refused ENROLLMENT_COVERAGE_CONTRADICTED",
        "0000100 refused ENROLLMENT_COVERAGE_CONTRADICTED",
        "0000200 added",
    ),
)
story(
    "a-contradiction-in-one-line-leaves-the-other-line",
    change(
        "2026-01-02",
        "ANN 021 | HLT GOLD EMP 348=2026-01-01 349=2026-03-31 | HLT SILVER EMP 348=2026-05-01"
        " | DEN D1 EMP 348=2026-01-01",
    ),
    change(
        "2026-03-02",
        "ANN 024 | HLT - - 349=2026-03-31 | HLT GOLD EMP 349=2026-02-28 | DEN D1 EMP 349=2026-03-31",
    ),
    spans={
        "ANN": ["D1 EMP 2026-01-01..2026-03-31", "GOLD EMP 2026-01-01..2026-03-31", "SILVER EMP 2026-05-01.."],
    },
    findings=("COVERAGE_CONTRADICTED", "COVERAGE_CONTRADICTED"),
    report=(
        "0000100 ended ENROLLMENT_COVERAGE_CONTRADICTED",
        "0000100 ended ENROLLMENT_COVERAGE_CONTRADICTED",
    ),
)
story(
    "a-contradiction-with-the-subscribers-end-leaves-the-family-as-it-was",
    change(
        "2026-01-02",
        *(f"{name} 021 | HLT GOLD FAM 348=2026-01-01" for name in ("ANN", "ED", "BEN")),
    ),
    change(
        "2026-03-02",
        "ANN 024 | HLT GOLD FAM 349=2026-06-30",
        "BEN 021 | HLT SILVER FAM 348=2026-02-01",
    ),
    spans={name: ["GOLD FAM 2026-01-01.."] for name in ("ANN", "ED", "BEN")},
    findings=("COVERAGE_CONTRADICTED", "COVERAGE_CONTRADICTED"),
    report=(
        "0000100 refused ENROLLMENT_COVERAGE_CONTRADICTED",
        "0000100 B.D. refused ENROLLMENT_COVERAGE_CONTRADICTED",
    ),
)
story(
    "a-contradiction-of-a-child-leaves-the-change-of-the-subscriber",
    change("2026-01-02", *(f"{name} 021 | HLT GOLD FAM 348=2026-01-01" for name in ("ANN", "BEN"))),
    change(
        "2026-03-02",
        "ANN 001 | HLT SILVER FAM 348=2026-03-01",
        "BEN 025 | HLT GOLD FAM 348=2026-05-15",
        "BEN 024 | HLT GOLD FAM 349=2026-01-31",
    ),
    spans={
        "ANN": ["GOLD FAM 2026-01-01..2026-02-28", "SILVER FAM 2026-03-01.."],
        "BEN": ["GOLD FAM 2026-01-01.."],
    },
    findings=("COVERAGE_CONTRADICTED", "COVERAGE_CONTRADICTED"),
)
