"""Institutional bills whose admission, discharge or period cannot be true, or is not that of their lines.

Front-end edits return most of them in the 277CA; what a partner's setting lets pass is denied here (domain.md 4.4,
8.2 #38, #39, #43).
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rules.filing_anchors import INTERIM, STILL_A_PATIENT
from rules.missing_data import MISSING_DATA, for_missing_data
from rules.rulebook import Rulebook
from rules.ruling import Ruling

INSTITUTIONAL = "I"
THROUGH_DISCHARGE = ("1", "4")


def period_sound(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """Statement, admission and discharge of a bill agree: else CO 16 with the remark for what does not.

    MA31 the statement has no days or ends before it begins; of stays also MA40 without admission, N318 the statement
    or the discharge (occurrence 42) lies before it, or the discharge after the receipt, MA43 without patient status,
    N50 a bill through discharge (frequency 1 or 4) of one who is still a patient (CL103 30).
    """
    bill = lines["kind"] == INSTITUTIONAL
    stay = lines["claim_class"] == "inpatient"
    admitted, discharged = lines["admission_date"], lines["discharge_occurrence_date"]
    first, last = lines["claim_from"], lines["claim_through"]
    status = lines["patient_status"]
    faults = (
        ("MA31", bill & (first.isna() | last.isna() | (last < first)), "no period, or one that ends before it begins"),
        ("MA40", stay & admitted.isna(), "a stay without admission date"),
        ("N318", stay & ((last < admitted) | (discharged < admitted) | (discharged > lines["received_date"])),
         "a discharge before the admission, or after the receipt"),
        ("MA43", stay & (status.isna() | (status == "")), "a stay without patient status"),
        ("N50", stay & lines["frequency_code"].isin(THROUGH_DISCHARGE) & (status == STILL_A_PATIENT[0]),
         "a bill through discharge of one who is still a patient"),
    )  # fmt: skip
    told = pd.Series(data=False, index=lines.index)
    for remark, found, text in faults:
        chosen = lines[found & ~told]
        told |= found
        yield _denied(chosen, rulebook, remark, f"{text}: admitted {{admitted}}, statement {{first}} through {{last}}")
    early = stay & ~told & lines["frequency_code"].isin(INTERIM) & ~status.isin(STILL_A_PATIENT)
    yield Ruling(
        lines=lines[early],
        effect="note",
        rule="PERIOD-SOUND",
        text="an interim bill of one who is said to have left; no discharge is taken from it",
        whole_claim=True,
    )


def lines_inside(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """No line of an institutional bill lies outside of its statement: else CO 16 with N379 (domain.md 8.2 #43)."""
    outside = (lines["line_from"] < lines["claim_from"]) | (lines["line_through"] > lines["claim_through"])
    chosen = lines[(lines["kind"] == INSTITUTIONAL) & outside]
    yield Ruling(
        lines=chosen,
        effect="deny",
        rule="LINES-INSIDE-STATEMENT",
        text="service {service} through {through}, statement {first} through {last}",
        facts={
            "service": chosen["line_from"],
            "through": chosen["line_through"],
            "first": chosen["claim_from"],
            "last": chosen["claim_through"],
        },
        group_code="CO",
        reason_code=MISSING_DATA,
        remark_codes=for_missing_data("N379", rulebook),
    )


def _denied(lines: pd.DataFrame, rulebook: Rulebook, remark: str, text: str) -> Ruling:
    return Ruling(
        lines=lines,
        effect="deny",
        rule="PERIOD-SOUND",
        text=text,
        facts={"admitted": lines["admission_date"], "first": lines["claim_from"], "last": lines["claim_through"]},
        whole_claim=True,
        group_code="CO",
        reason_code=MISSING_DATA,
        remark_codes=for_missing_data(remark, rulebook),
    )
