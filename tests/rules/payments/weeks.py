"""Weeks of decided claims as frames: the worked example of domain.md 9.9, and what random ones are made of."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from edi.payments_due import PaymentsDue
from rules.payments.compose import PaymentTerms

Row = dict[str, Any]
DAYS = ("received_date", "service_from", "service_through", "day")
WHOLE = (
    *("claim_id", "decision_id", "line_number", "charge_cents", "paid_cents", "allowed_cents", "amount_cents"),
    *("patient_responsibility_cents", "interest_cents", "pooled_cents", "waited_days", "reverses"),
    *("registry_version", "owed_cents", "entry_id", "cents"),
)
CLAIM: Row = {
    "payee_id": "RIVER",
    "outcome": "paid",
    "status_code": "1",
    "kind": "P",
    "facility_code": "11",
    "frequency_code": "1",
    "filing_indicator": "HM",
    "plan_id": "HMO",
    **dict.fromkeys(("drg_code", "drg_weight", "discharge_fraction")),
    "billing_npi": "1234567893",
    "member_known": True,
    "original_claim_number": None,
    "service_from": None,
    "service_through": None,
    "partner": "clearhouse",
    "waited_days": 0,
    "interest_cents": None,
    "reverses": None,
}
LINE: Row = {
    "line_number": 1,
    "procedure_qualifier": "HC",
    **dict.fromkeys(("modifier_1", "modifier_2", "modifier_3", "modifier_4", "revenue_code")),
    **dict.fromkeys(("submitted_qualifier", "submitted_code", "paid_units", "billed_units")),
    "units": "1",
}
RIVER: Row = {
    "payee_id": "RIVER",
    "registry_version": 1,
    "name": "RIVER CLINIC LLC",
    "npi": "1234567893",
    "tin": "222334444",
    "address": "20 WATER STREET",
    "city": "HARTFORD",
    "state": "CT",
    "zip": "06103",
    "remittance_partner": "clearhouse",
    "statement_partner": "river",
    "payment_method": "ACH",
    "routing_number": "011000028",
    "account_number": "7770002",
}
COLUMNS: dict[str, tuple[str, ...]] = {
    "claims": (
        *CLAIM,
        *("claim_id", "decision_id", "claim_number", "patient_control_number", "received_date"),
        *("charge_cents", "paid_cents", "patient_responsibility_cents", "pooled_cents"),
    ),
    "lines": (
        *LINE,
        *("claim_id", "procedure_code", "charge_cents", "paid_cents", "allowed_cents", "service_from"),
        *("service_through", "line_control_number"),
    ),
    "adjustments": ("claim_id", "line_number", "group_code", "reason_code", "amount_cents", "quantity"),
    "remarks": ("claim_id", "line_number", "remark_code"),
    "names": (
        *("claim_id", "entity_code", "entity_type", "last_name", "first_name", "middle_name", "suffix"),
        *("id_qualifier", "identifier"),
    ),
    "references": ("claim_id", "line_number", "qualifier", "value"),
    "dates": ("claim_id", "line_number", "qualifier", "day"),
    "amounts": ("claim_id", "line_number", "qualifier", "cents"),
    "quantities": ("claim_id", "line_number", "qualifier", "quantity"),
    "payees": tuple(RIVER),
    "balances": ("payee_id", "trace_number", "owed_cents"),
    "entries": ("payee_id", "entry_id", "reason_code", "reference", "amount_cents"),
}


def frame(name: str, rows: Sequence[Row]) -> pd.DataFrame:
    """Rows as the warehouse gives them."""
    found = pd.DataFrame([dict(row) for row in rows], columns=list(COLUMNS[name]))
    for column in found:
        if column in DAYS:
            found[column] = found[column].astype("datetime64[s]")
        elif column in WHOLE:
            found[column] = found[column].astype("Int64")
        elif column != "member_known":
            found[column] = found[column].astype("str")
    return found


def due(
    claims: Sequence[Row],
    lines: Sequence[Row],
    adjustments: Sequence[Row],
    remarks: Sequence[Row] = (),
    sent: tuple[Sequence[Row], Sequence[Row], Sequence[Row]] = ((), (), ()),
    sent_names: Sequence[Row] = (),
    names: Sequence[Row] = (),
    payees: Sequence[Row] = (RIVER,),
    balances: Sequence[Row] = (),
    entries: Sequence[Row] = (),
    **other: Sequence[Row],
) -> PaymentsDue:
    """A week; what a row leaves out is as in a usual one."""
    sent_claims, sent_lines, sent_adjustments = sent
    return PaymentsDue(
        claims=frame("claims", [CLAIM | row for row in claims]).drop(columns="pooled_cents"),
        lines=frame("lines", [LINE | row for row in lines]),
        adjustments=frame("adjustments", adjustments),
        remarks=frame("remarks", remarks),
        sent_claims=frame(
            "claims", [CLAIM | {"interest_cents": 0, "pooled_cents": 0} | row for row in sent_claims]
        ).drop(
            columns=[
                "payee_id",
                "reverses",
                "status_code",
                "outcome",
                "original_claim_number",
                "waited_days",
                "plan_id",
                "partner",
            ]
        ),
        sent_lines=frame("lines", [LINE | row for row in sent_lines]),
        sent_adjustments=frame("adjustments", sent_adjustments),
        sent_remarks=frame("remarks", other.get("sent_remarks", ())),
        names=frame("names", names),
        sent_names=frame("names", sent_names),
        **{
            f"{prefix}{name}": frame(name, other.get(f"{prefix}{name}", ()))
            for prefix in ("", "sent_")
            for name in ("references", "dates", "amounts", "quantities")
        },
        payees=frame("payees", payees),
        balances=frame("balances", balances),
        entries=frame("entries", entries),
    )


def claim(number: int, account: str, received: str, charge: int, paid: int, owed: int, **other: object) -> Row:
    """A claim; its number is its id."""
    return {
        "claim_id": number,
        "decision_id": number,
        "claim_number": str(number),
        "patient_control_number": account,
        "received_date": received,
        "charge_cents": charge,
        "paid_cents": paid,
        "patient_responsibility_cents": owed,
        **other,
    }


def line(
    number: int, code: str, day: str, charge: int, paid: int, allowed: int | None, control: str, **other: object
) -> Row:
    """A line of one day."""
    return {
        "claim_id": number,
        "procedure_code": code,
        "service_from": day,
        "service_through": day,
        "charge_cents": charge,
        "paid_cents": paid,
        "allowed_cents": allowed,
        "line_control_number": control,
        "line_number": int(control[1:]),
        **other,
    }


def adjusted(number: int, line_number: int, codes: str, cents: int) -> Row:
    """An adjustment: its codes as `CO 45`."""
    group, reason = codes.split()
    return {
        "claim_id": number,
        "line_number": line_number,
        "group_code": group,
        "reason_code": reason,
        "amount_cents": cents,
    }


def patient(number: int, last: str, first: str, member: str) -> Row:
    """NM1*QC."""
    return {
        "claim_id": number,
        "entity_code": "QC",
        "entity_type": "1",
        "last_name": last,
        "first_name": first,
        "id_qualifier": "MI",
        "identifier": member,
    }


TERMS = PaymentTerms(
    production_date=date(2026, 6, 24),
    payment_date=date(2026, 6, 26),
    first_trace_number=1042,
    filing_indicators={"HMO": "HM"},
    lines_of_business={"HMO": "commercial"},
)
A, B, C, D1, D2 = 26170000001, 26170000002, 26170000003, 26150000004, 26170000005


def worked_example() -> PaymentsDue:
    """domain.md 9.9: a copay, a part not covered, a late claim, a correction; interest is said by who decided."""
    return due(
        claims=[
            claim(A, "PCN-A", "2026-05-20", 15000, 8000, 2000, interest_cents=250),
            claim(B, "PCN-B", "2026-06-01", 26000, 9000, 9000),
            claim(C, "PCN-C", "2026-06-08", 17500, 0, 0, outcome="denied"),
            claim(
                D2,
                "PCN-D",
                "2026-06-10",
                28000,
                16000,
                4000,
                frequency_code="7",
                original_claim_number=str(D1),
                reverses=D1,
            ),
        ],
        lines=[
            line(A, "99213", "2026-05-04", 15000, 8000, 10000, "A1"),
            line(B, "99214", "2026-05-18", 20000, 9000, 12000, "B1"),
            line(B, "S9999", "2026-05-18", 6000, 0, None, "B2"),
            line(C, "99213", "2026-04-01", 17500, 0, None, "C1"),
            line(D2, "97110", "2026-04-20", 28000, 16000, 20000, "D1", units="4"),
        ],
        adjustments=[
            adjusted(A, 1, "CO 45", 5000),
            adjusted(A, 1, "PR 3", 2000),
            adjusted(B, 1, "CO 45", 8000),
            adjusted(B, 1, "PR 1", 3000),
            adjusted(B, 2, "PR 96", 6000),
            adjusted(C, 1, "CO 29", 17500),
            adjusted(D2, 1, "CO 45", 8000),
            adjusted(D2, 1, "PR 2", 4000),
        ],
        remarks=[
            {"claim_id": B, "line_number": 2, "remark_code": "N130"},
            {"claim_id": C, "line_number": 1, "remark_code": "N211"},
        ],
        sent=(
            [claim(D1, "PCN-D", "2026-05-05", 30000, 15000, 5000)],
            [line(D1, "97110", "2026-04-20", 30000, 15000, 20000, "D1", units="4")],
            [adjusted(D1, 1, "CO 45", 10000), adjusted(D1, 1, "PR 2", 5000)],
        ),
        names=[
            patient(A, "ROE", "ANN", "M0000001"),
            patient(B, "POE", "BEN", "M0000002"),
            patient(C, "COE", "CAL", "M0000003"),
            patient(D2, "DOE", "DEE", "M0000004"),
        ],
        sent_names=[patient(D1, "DOE", "DEE", "M0000004")],
        sent_dates=[{"claim_id": D1, "line_number": 0, "qualifier": "050", "day": "2026-05-05"}],
    )
