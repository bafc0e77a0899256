"""What a whole file does: modes, full rosters and who is not in them, and files that are not applied."""

from __future__ import annotations

from tests.loaders.enrolment_scenarios.notation import change, crew, crew_name, replacing, verify
from tests.loaders.enrolment_scenarios.scenario import story

GOLD = "| HLT GOLD EMP 348=2026-01-01"
ANN, DAN = f"ANN 021 {GOLD}", f"DAN 021 {GOLD}"
ANN_THERE = f"ANN 030 {GOLD}"
OPEN = ["GOLD EMP 2026-01-01.."]
BOTH = {"ANN": OPEN, "DAN": OPEN}
JANUARY = change("2026-01-02", ANN, DAN)

CREW = tuple(f"{crew(number).format('021')} {GOLD}" for number in range(1, 101))
CREW_THERE = tuple(f"{crew(number).format('030')} {GOLD}" for number in range(1, 101))
CREW_OPEN = {crew_name(number): OPEN for number in range(1, 101)}
CREW_JANUARY = change("2026-01-02", *CREW)

# who is absent
story(
    "an-absent-member-is-reported",
    JANUARY,
    verify("2026-03-02", ANN_THERE),
    spans=BOTH,
    findings=("MEMBERS_ABSENT",),
    report=("0000100 compared", "ENROLLMENT_MEMBERS_ABSENT"),
)
story(
    "nobody-is-absent-from-a-file-of-changes",
    JANUARY,
    change("2026-03-02", ANN_THERE),
    spans=BOTH,
    report=("0000100 compared",),
)
story(
    "an-absent-member-ends-at-the-month-before-where-the-group-says-now",
    JANUARY,
    replacing("2026-03-02", ANN_THERE),
    spans={"ANN": OPEN, "DAN": ["GOLD EMP 2026-01-01..2026-02-28"]},
    findings=("MEMBERS_ABSENT",),
    settings={"absent": "now"},
    report=("0000100 unchanged", "0000200 ended", "ENROLLMENT_MEMBERS_ABSENT"),
)
story(
    "an-absent-member-ends-on-the-day-where-the-group-says-so",
    JANUARY,
    replacing("2026-03-02", ANN_THERE, as_of="2026-03-01"),
    spans={"ANN": OPEN, "DAN": ["GOLD EMP 2026-01-01..2026-02-28"]},
    findings=("MEMBERS_ABSENT",),
    settings={"absent": "now", "absent_end": "as_of"},
    report=("0000100 unchanged", "0000200 ended", "ENROLLMENT_MEMBERS_ABSENT"),
)
story(
    "one-absence-of-two-ends-nobody",
    JANUARY,
    replacing("2026-03-02", ANN_THERE),
    spans=BOTH,
    findings=("MEMBERS_ABSENT",),
    settings={"absent": {"after": 2}},
    report=("0000100 unchanged", "ENROLLMENT_MEMBERS_ABSENT"),
)
story(
    "the-second-absence-in-a-row-ends",
    JANUARY,
    replacing("2026-03-02", ANN_THERE),
    replacing("2026-04-02", ANN_THERE),
    spans={"ANN": OPEN, "DAN": ["GOLD EMP 2026-01-01..2026-03-31"]},
    findings=("MEMBERS_ABSENT",),
    settings={"absent": {"after": 2}},
    report=("0000100 unchanged", "0000200 ended", "ENROLLMENT_MEMBERS_ABSENT"),
)
story(
    "somebody-who-was-seen-in-between-is-counted-anew",
    JANUARY,
    replacing("2026-03-02", ANN_THERE),
    replacing("2026-04-02", ANN_THERE, f"DAN 030 {GOLD}"),
    replacing("2026-05-02", ANN_THERE),
    spans=BOTH,
    findings=("MEMBERS_ABSENT",),
    settings={"absent": {"after": 2}},
    report=("0000100 unchanged", "ENROLLMENT_MEMBERS_ABSENT"),
)

# thresholds
story(
    "a-few-absent-are-a-warning",
    CREW_JANUARY,
    verify("2026-03-02", *CREW_THERE[:94]),
    spans=CREW_OPEN,
    findings=("ABSENCE_HIGH", "MEMBERS_ABSENT"),
    report=("1 ENROLLMENT_ABSENCE_HIGH", "1 ENROLLMENT_MEMBERS_ABSENT", "94 compared"),
)
story(
    "many-absent-hold-the-file",
    CREW_JANUARY,
    replacing("2026-03-02", *CREW_THERE[:85]),
    spans=CREW_OPEN,
    settings={"absent": "now"},
    state="held",
    holds=("ABSENCE_THRESHOLD",),
)
story(
    "many-of-a-small-group-are-not-many",
    change("2026-01-02", *CREW[:20]),
    replacing("2026-03-02", *CREW_THERE[:11]),
    spans=dict(list(CREW_OPEN.items())[:20]),
    findings=("ABSENCE_HIGH", "MEMBERS_ABSENT"),
    report=("1 ENROLLMENT_ABSENCE_HIGH", "1 ENROLLMENT_MEMBERS_ABSENT", "11 unchanged"),
)
story(
    "a-swing-of-the-count-holds-the-file",
    CREW_JANUARY,
    verify("2026-02-02", *CREW_THERE),
    verify("2026-03-02", *CREW_THERE, *(f"{crew(number).format('021')} {GOLD}" for number in range(101, 131))),
    spans=CREW_OPEN,
    state="held",
    holds=("COUNT_SWING",),
)
story(
    "a-roster-older-than-the-last-one-is-held",
    JANUARY,
    verify("2026-03-02", ANN_THERE, f"DAN 030 {GOLD}"),
    verify("2026-03-05", ANN_THERE, f"DAN 030 {GOLD}", as_of="2026-02-01"),
    spans=BOTH,
    state="held",
    holds=("ROSTER_OUT_OF_ORDER",),
)

story(
    "a-roster-of-a-day-far-ahead-is-held",
    JANUARY,
    replacing("2026-03-02", ANN_THERE, f"DAN 030 {GOLD}", as_of="9999-12-31"),
    spans=BOTH,
    state="held",
)
story(
    "a-roster-of-a-day-not-so-far-ahead-is-not",
    JANUARY,
    replacing("2026-03-02", ANN_THERE, f"DAN 030 {GOLD}", as_of="2026-08-29"),
    spans=BOTH,
)
story(
    "how-far-ahead-is-for-the-group-to-say",
    JANUARY,
    replacing("2026-03-02", ANN_THERE, f"DAN 030 {GOLD}", as_of="2026-03-04"),
    spans=BOTH,
    settings={"max_as_of_days_ahead": 1},
    state="held",
)
story(
    "nobody-is-absent-whose-coverage-is-still-to-begin",
    change("2026-01-02", ANN, "DAN 021 | HLT GOLD EMP 348=2026-04-01"),
    replacing("2026-03-02", ANN_THERE),
    spans={"ANN": OPEN, "DAN": ["GOLD EMP 2026-04-01.."]},
    settings={"absent": "now"},
)
story(
    "what-begins-later-ends-with-the-member-who-is-absent",
    change("2026-01-02", ANN, f"DAN 021 {GOLD} | DEN D1 EMP 348=2026-04-01"),
    replacing("2026-03-02", ANN_THERE),
    spans={"ANN": OPEN, "DAN": ["GOLD EMP 2026-01-01..2026-02-28"]},
    findings=("MEMBERS_ABSENT",),
    settings={"absent": "now"},
)
story(
    "differences-are-told-again-with-each-roster",
    JANUARY,
    verify("2026-03-02", "ANN 030 | HLT SILVER EMP 348=2026-01-01", f"DAN 030 {GOLD}"),
    verify("2026-04-02", "ANN 030 | HLT SILVER EMP 348=2026-01-01", f"DAN 030 {GOLD}"),
    spans=BOTH,
    findings=("COVERAGE_DIFFERS",),
)

# modes
story(
    "a-full-roster-marked-as-changes-drops-nobody",
    JANUARY,
    change("2026-03-02", ANN),
    spans=BOTH,
    settings={"absent": "now"},
    report=("0000100 unchanged",),
)
story(
    "a-full-roster-marked-as-changes-is-one-where-the-group-says-so",
    JANUARY,
    change("2026-03-02", ANN_THERE),
    spans={"ANN": OPEN, "DAN": ["GOLD EMP 2026-01-01..2026-02-28"]},
    findings=("MEMBERS_ABSENT",),
    settings={"absent": "now", "mode_override": "replace"},
    report=("0000100 unchanged", "0000200 ended", "ENROLLMENT_MEMBERS_ABSENT"),
)
story(
    "changes-marked-as-a-full-roster-drop-nobody-where-the-group-says-so",
    JANUARY,
    replacing("2026-03-02", "ANN 001 reason=29 | HLT GOLD IND 348=2026-03-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-28", "GOLD IND 2026-03-01.."], "DAN": OPEN},
    settings={"absent": "now", "mode_override": "change"},
    report=("0000100 changed",),
)
story(
    "an-information-copy-is-not-applied",
    JANUARY,
    change("2026-03-02", "ANN 024 | HLT GOLD EMP 349=2026-02-28", purpose="22"),
    spans=BOTH,
    findings=("INFORMATION_COPY",),
    report=("ENROLLMENT_INFORMATION_COPY",),
)
story(
    "a-resubmission-of-what-was-applied-changes-nothing",
    change("2026-01-02", ANN, DAN, reference="FIRST"),
    change("2026-01-09", ANN, DAN, purpose="15", original="FIRST"),
    spans=BOTH,
    report=("0000100 unchanged", "0000200 unchanged"),
)

# totals
story(
    "a-full-roster-with-other-totals-is-refused",
    JANUARY,
    verify("2026-03-02", ANN_THERE, totals={"TO": 7}),
    spans=BOTH,
    findings=("TOTALS_REFUSED",),
    report=("ENROLLMENT_TOTALS_REFUSED",),
)
story(
    "changes-with-other-totals-are-applied-with-a-warning",
    change("2026-01-02", ANN, DAN, totals={"ET": 9}),
    spans=BOTH,
    findings=("TOTALS_DIFFER",),
    report=("0000100 added", "0000200 added", "ENROLLMENT_TOTALS_DIFFER"),
)
story(
    "a-test-file-in-production-changes-nothing",
    JANUARY,
    change("2026-03-02", "ANN 024 | HLT GOLD EMP 349=2026-02-28", usage="T"),
    spans=BOTH,
    environment="production",
)

# lines that a roster leaves out
DENTAL = "| DEN D1 EMP 348=2026-01-01"
TWO_LINES = change("2026-01-02", f"ANN 021 {GOLD} {DENTAL}", f"DAN 021 {GOLD} {DENTAL}")
TWO_OPEN = ["D1 EMP 2026-01-01..", "GOLD EMP 2026-01-01.."]
NO_DENTAL = replacing("2026-03-02", f"ANN 030 {GOLD} {DENTAL}", f"DAN 030 {GOLD}")
story(
    "a-line-that-the-roster-leaves-out-ends",
    TWO_LINES,
    NO_DENTAL,
    spans={"ANN": TWO_OPEN, "DAN": ["D1 EMP 2026-01-01..2026-02-28", "GOLD EMP 2026-01-01.."]},
    findings=("LINES_LEFT_OUT",),
    report=("0000100 unchanged", "0000200 ended", "ENROLLMENT_LINES_LEFT_OUT"),
    settings={"absent": "now"},
)
story(
    "a-line-that-is-left-out-is-only-reported-where-the-group-says-nothing",
    TWO_LINES,
    NO_DENTAL,
    spans={"ANN": TWO_OPEN, "DAN": TWO_OPEN},
    findings=("LINES_LEFT_OUT",),
    report=("0000100 unchanged", "0000200 unchanged", "ENROLLMENT_LINES_LEFT_OUT"),
)
story(
    "a-line-that-the-roster-names-for-nobody-stays",
    TWO_LINES,
    replacing("2026-03-02", f"ANN 030 {GOLD}", f"DAN 030 {GOLD}"),
    spans={"ANN": TWO_OPEN, "DAN": TWO_OPEN},
    settings={"absent": "now"},
    report=("0000100 unchanged", "0000200 unchanged"),
)
story(
    "no-line-ends-of-a-member-with-a-coverage-refused",
    TWO_LINES,
    replacing("2026-03-02", f"ANN 030 {GOLD} {DENTAL}", "DAN 030 | HLT WHAT EMP 348=2026-01-01"),
    spans={"ANN": TWO_OPEN, "DAN": TWO_OPEN},
    findings=("UNKNOWN_PLAN",),
    settings={"absent": "now"},
    report=("0000100 unchanged", "0000200 refused ENROLLMENT_UNKNOWN_PLAN"),
)
story(
    "no-line-ends-of-a-member-whose-changes-contradict-each-other",
    TWO_LINES,
    replacing(
        "2026-03-02",
        f"ANN 030 {GOLD} {DENTAL}",
        "DAN 025 | HLT GOLD EMP 348=2026-05-15",
        "DAN 024 | HLT GOLD EMP 349=2026-01-31",
    ),
    spans={"ANN": TWO_OPEN, "DAN": TWO_OPEN},
    findings=("COVERAGE_CONTRADICTED", "COVERAGE_CONTRADICTED", "LINES_LEFT_OUT"),
    settings={"absent": "now"},
)
story(
    "no-line-ends-by-a-roster-that-is-only-compared",
    TWO_LINES,
    verify("2026-03-02", f"ANN 030 {GOLD} {DENTAL}", f"DAN 030 {GOLD}"),
    spans={"ANN": TWO_OPEN, "DAN": TWO_OPEN},
    findings=("COVERAGE_DIFFERS",),
    settings={"absent": "now"},
    report=("0000100 compared", "0000200 compared ENROLLMENT_COVERAGE_DIFFERS"),
)
story(
    "a-dependant-keeps-the-line-that-the-subscriber-loses",
    change("2026-01-02", f"ANN 021 {GOLD} {DENTAL}", f"BEN 021 {GOLD} {DENTAL}"),
    replacing("2026-03-02", f"ANN 030 {GOLD}", f"BEN 030 {GOLD} {DENTAL}"),
    spans={"ANN": ["D1 EMP 2026-01-01..2026-02-28", "GOLD EMP 2026-01-01.."], "BEN": TWO_OPEN},
    findings=("DEPENDANT_BEYOND_SUBSCRIBER", "LINES_LEFT_OUT"),
    settings={"absent": "now"},
    report=(
        "0000100 ended",
        "0000100 B.D. unchanged ENROLLMENT_DEPENDANT_BEYOND_SUBSCRIBER",
        "ENROLLMENT_LINES_LEFT_OUT",
    ),
)
story(
    "many-lines-left-out-hold-the-file",
    change("2026-01-02", *(f"{line} {DENTAL}" for line in CREW[:20])),
    replacing("2026-03-02", f"{CREW_THERE[0]} {DENTAL}", *CREW_THERE[1:20]),
    spans={crew_name(number): TWO_OPEN for number in range(1, 21)},
    settings={"absent": "now"},
    state="held",
    holds=("LINES_THRESHOLD",),
)
story(
    "a-dependant-of-an-absent-subscriber-stays-as-the-roster-says",
    change("2026-01-02", ANN, f"BEN 021 {GOLD}"),
    replacing("2026-03-02", f"BEN 030 {GOLD}"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-02-28"], "BEN": OPEN},
    findings=("DEPENDANT_BEYOND_SUBSCRIBER", "MEMBERS_ABSENT"),
    settings={"absent": "now"},
    report=(
        "0000100 B.D. unchanged ENROLLMENT_DEPENDANT_BEYOND_SUBSCRIBER",
        "0000100 ended",
        "ENROLLMENT_MEMBERS_ABSENT",
    ),
)
