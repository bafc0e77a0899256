"""Stories of plan codes whose meaning goes by the day of coverage or by the division of the group."""

from __future__ import annotations

from typing import Any

from tests.loaders.enrolment_scenarios.notation import change, replacing, verify
from tests.loaders.enrolment_scenarios.scenario import story


def means(code: str, plan: str, **more: object) -> dict[str, Any]:
    """An entry of the group's map."""
    return {"insurance_line": "HLT", "plan_code": code, "plan": plan, **more}


RENEWAL = {
    "plans": [
        means("GOLD", "GOLD", effective_through="2026-12-31"),
        means("GOLD", "GOLD-27", effective_from="2027-01-01"),
        means("SILVER", "SILVER"),
    ],
    "max_retro_term_days": 365,
}
NEW_CODE = {
    "plans": [
        means("GOLD", "GOLD", effective_through="2026-12-31"),
        means("G27", "GOLD-27", effective_from="2027-01-01"),
    ]
}
OLD_START = "| HLT GOLD EMP 348=2026-01-01"
ANN = f"ANN 021 {OLD_START}"
BEFORE = change("2026-03-02", ANN)
MOVED = ["GOLD EMP 2026-01-01..2026-12-31", "GOLD-27 EMP 2027-01-01.."]

story(
    "a-code-means-the-plan-of-the-first-day-sent",
    change(
        "2027-01-04", "ANN 021 | HLT GOLD EMP 348=2027-01-01", "DAN 021 | HLT GOLD EMP 348=2026-12-31 349=2026-12-31"
    ),
    spans={"ANN": ["GOLD-27 EMP 2027-01-01.."], "DAN": ["GOLD EMP 2026-12-31..2026-12-31"]},
    settings=RENEWAL,
    report=("0000100 added", "0000200 added"),
)
story(
    "somebody-new-whose-coverage-spans-the-renewal-gets-both-plans",
    BEFORE,
    spans={"ANN": MOVED},
    settings=RENEWAL,
    report=("0000100 added",),
)
story(
    "who-is-sent-again-after-the-renewal-is-there-already",
    BEFORE,
    change("2027-02-02", ANN),
    spans={"ANN": MOVED},
    settings=RENEWAL,
    report=("0000100 unchanged",),
)
story(
    "an-audit-of-who-has-moved-says-nothing",
    BEFORE,
    verify("2026-12-02", f"ANN 030 {OLD_START}"),
    verify("2027-02-02", f"ANN 030 {OLD_START}"),
    spans={"ANN": MOVED},
    settings=RENEWAL,
    report=("0000100 compared",),
)
story(
    "an-end-after-the-renewal-ends-the-plan-of-that-day",
    BEFORE,
    change("2027-04-02", "ANN 024 | HLT GOLD EMP 348=2026-01-01 349=2027-03-31"),
    spans={"ANN": [MOVED[0], "GOLD-27 EMP 2027-01-01..2027-03-31"]},
    settings=RENEWAL,
    report=("0000100 ended",),
)
story(
    "an-end-at-the-renewal-ends-the-plan-after-it-too",
    BEFORE,
    change("2027-01-04", "ANN 024 | HLT GOLD EMP 348=2026-01-01 349=2026-12-31"),
    spans={"ANN": MOVED[:1]},
    settings=RENEWAL,
    report=("0000100 ended",),
)
story(
    "an-end-before-the-renewal-ends-both-plans",
    BEFORE,
    change("2027-01-04", "ANN 024 | HLT GOLD EMP 349=2026-11-30"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-11-30"]},
    settings=RENEWAL,
    report=("0000100 ended",),
)
story(
    "a-past-end-after-the-renewal-stays-when-the-old-first-day-comes-again",
    BEFORE,
    change("2027-04-02", "ANN 024 | HLT GOLD EMP 349=2027-03-31"),
    change("2027-05-02", ANN),
    spans={"ANN": [MOVED[0], "GOLD-27 EMP 2027-01-01..2027-03-31"]},
    findings=("COVERAGE_ENDED_ALREADY",),
    settings=RENEWAL,
    report=("0000100 unchanged ENROLLMENT_COVERAGE_ENDED_ALREADY",),
)
story(
    "an-end-to-come-after-the-renewal-is-taken-back-by-the-old-first-day",
    BEFORE,
    change("2027-02-02", "ANN 024 | HLT GOLD EMP 349=2027-06-30"),
    change("2027-03-02", ANN),
    spans={"ANN": MOVED},
    findings=("END_CANCELLED",),
    settings=RENEWAL,
    report=("0000100 added ENROLLMENT_END_CANCELLED",),
)
story(
    "an-end-at-the-renewal-that-is-past-stays",
    BEFORE,
    change("2027-01-04", "ANN 024 | HLT GOLD EMP 349=2026-12-31"),
    change("2027-02-02", ANN),
    spans={"ANN": MOVED[:1]},
    findings=("COVERAGE_ENDED_ALREADY",),
    settings=RENEWAL,
    report=("0000100 unchanged ENROLLMENT_COVERAGE_ENDED_ALREADY",),
)
story(
    "an-end-at-the-renewal-that-is-to-come-is-taken-back-with-the-renewal",
    BEFORE,
    change("2026-11-04", "ANN 024 | HLT GOLD EMP 349=2026-12-31"),
    change("2026-12-02", ANN),
    spans={"ANN": MOVED},
    findings=("END_CANCELLED",),
    settings=RENEWAL,
    report=("0000100 added ENROLLMENT_END_CANCELLED",),
)
story(
    "who-took-another-code-at-renewal-is-not-moved-back-by-the-old-first-day",
    BEFORE,
    change("2027-01-04", "ANN 001 reason=22 | HLT SILVER EMP 348=2027-01-01"),
    change("2027-02-02", ANN),
    spans={"ANN": [MOVED[0], "SILVER EMP 2027-01-01.."]},
    findings=("COVERAGE_ENDED_ALREADY",),
    settings=RENEWAL,
    report=("0000100 unchanged ENROLLMENT_COVERAGE_ENDED_ALREADY",),
)
story(
    "a-tier-changed-after-the-renewal-is-no-news-with-the-old-first-day",
    BEFORE,
    change("2027-02-02", "ANN 001 reason=32 | HLT GOLD IND 348=2027-02-01"),
    change("2027-03-02", "ANN 021 | HLT GOLD IND 348=2026-01-01"),
    spans={"ANN": [MOVED[0], "GOLD-27 EMP 2027-01-01..2027-01-31", "GOLD-27 IND 2027-02-01.."]},
    settings=RENEWAL,
    report=("0000100 unchanged",),
)
story(
    "an-earlier-first-day-extends-back-across-no-renewal",
    BEFORE,
    change("2027-02-02", "ANN 021 | HLT GOLD EMP 348=2025-11-01"),
    spans={"ANN": ["GOLD EMP 2025-11-01..2026-12-31", MOVED[1]]},
    settings=RENEWAL,
    report=("0000100 added",),
)
story(
    "a-change-of-tier-before-the-renewal-goes-through-it",
    BEFORE,
    change("2026-06-02", "ANN 001 reason=32 | HLT GOLD IND 348=2026-06-01"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2026-05-31", "GOLD IND 2026-06-01..2026-12-31", "GOLD-27 IND 2027-01-01.."]},
    settings=RENEWAL,
    report=("0000100 changed",),
)
story(
    "a-subscribers-end-after-the-renewal-ends-the-dependants",
    change("2026-03-02", "ANN 021 | HLT GOLD FAM 348=2026-01-01", "BEN 021 | HLT GOLD FAM 348=2026-01-01"),
    change("2027-04-02", "ANN 024 | HLT GOLD FAM 349=2026-12-31"),
    spans={name: ["GOLD FAM 2026-01-01..2026-12-31"] for name in ("ANN", "BEN")},
    findings=("DEPENDANT_ENDED",),
    settings=RENEWAL,
    report=("0000100 ended ENROLLMENT_DEPENDANT_ENDED", "0000100 B.D. ended"),
)

# a code without a plan on the day
story(
    "a-code-on-a-day-without-a-plan-is-told-as-known-on-others",
    change("2027-01-04", "ANN 021 | HLT G27 EMP 348=2026-01-01", "DAN 021 | HLT G27 EMP 348=2027-01-01"),
    spans={"DAN": ["GOLD-27 EMP 2027-01-01.."]},
    findings=("PLAN_NOT_IN_FORCE",),
    settings=NEW_CODE,
    report=("0000100 refused ENROLLMENT_PLAN_NOT_IN_FORCE", "0000200 added"),
)
story(
    "a-new-code-with-the-old-first-day-holds-from-its-own-first-day",
    change("2026-03-02", ANN),
    replacing("2027-01-04", "ANN 030 | HLT G27 EMP 348=2026-01-01"),
    spans={"ANN": MOVED},
    findings=("COVERAGE_OVERLAP",),
    settings=NEW_CODE,
    report=("0000100 changed ENROLLMENT_COVERAGE_OVERLAP",),
)
story(
    "an-old-code-after-the-renewal-ends-who-still-has-it",
    change("2026-03-02", ANN),
    change("2027-02-02", "ANN 024 | HLT GOLD EMP 349=2027-01-31"),
    spans={"ANN": ["GOLD EMP 2026-01-01..2027-01-31"]},
    settings=NEW_CODE,
    report=("0000100 ended",),
)

# divisions
DIVISIONS = {"plans": [means("GOLD", "GOLD"), means("GOLD", "GOLD-27", divisions=["NORTH"])]}
story(
    "a-division-of-the-coverage-goes-by-its-own-entries",
    change("2026-03-02", f"ANN 021 17=north {OLD_START}", f"DAN 021 {OLD_START} REF-CE=NORTH"),
    spans={"ANN": ["GOLD-27 EMP 2026-01-01.."], "DAN": ["GOLD-27 EMP 2026-01-01.."]},
    settings=DIVISIONS,
    report=("0000100 added", "0000200 added"),
)
story(
    "who-is-of-another-division-goes-by-the-general-entries",
    change("2026-03-02", f"ANN 021 17=SOUTH {OLD_START}", f"DAN 021 {OLD_START}"),
    spans={"ANN": ["GOLD EMP 2026-01-01.."], "DAN": ["GOLD EMP 2026-01-01.."]},
    settings=DIVISIONS,
    report=("0000100 added", "0000200 added"),
)
story(
    "a-division-on-file-holds-for-rows-that-do-not-say-it",
    change("2026-03-02", f"ANN 021 17=NORTH {OLD_START}"),
    change("2026-06-02", "ANN 001 reason=32 | HLT GOLD IND 348=2026-06-01"),
    spans={"ANN": ["GOLD-27 EMP 2026-01-01..2026-05-31", "GOLD-27 IND 2026-06-01.."]},
    settings=DIVISIONS,
    report=("0000100 changed",),
)
