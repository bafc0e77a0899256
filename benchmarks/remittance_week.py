"""The week of the remittance benchmark: decided claims as the warehouse gives them, made from numbers alone.

Four of five claims are paid, some of them late, in part or as corrections of claims that were remitted; the rest is
denied. Big payees have many claims, most have a few. Every claim adds up.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from edi.payments_due import PaymentsDue

FIRST = 26_150_000_001
DENIED, CORRECTED, RECOVERED = 0.2, 0.03, 0.02
"""Shares of claims, and of payees with an entry in their account."""
SHARED, MODIFIED = 0.6, 0.2
"""Shares of lines of which the patient owes something, and with a modifier."""
MOST_LINES = 4
LAST_NAMES = ("ROE", "POE", "COE", "DOE", "MOE", "WINTERBOTTOM", "VANDERBILT-MONTGOMERY", "O'NEIL")
FIRST_NAMES = ("ANN", "BEN", "CAL", "DEE", "EVE", "BARTHOLOMEW")
PROCEDURES = ("99213", "99214", "97110", "J1885", "71046", "80053")
WEEK = date(2026, 6, 15), date(2026, 6, 21)
Numbers = np.ndarray[Any, np.dtype[np.int64]]


def week(claims: int, lines: int, payees: int, partner: str, seed: int = 1) -> PaymentsDue:
    """A week of so many claims with about so many lines, to so many payees of one trading partner."""
    dice = np.random.default_rng(seed)
    ids = FIRST + np.arange(claims)
    of_payee = np.sort((payees * dice.random(claims) ** 2).astype(np.int64))
    denied = dice.random(claims) < DENIED
    counts = _line_counts(dice, claims, lines)
    table = _lines(dice, ids, counts, denied)
    sums = table.groupby("claim_id")[["charge_cents", "paid_cents", "share"]].sum()
    corrected = ids[~denied][dice.random(int((~denied).sum())) < CORRECTED]
    own = _claims(dice, ids, of_payee, denied, sums)
    is_correction = own["claim_id"].isin(corrected)
    own["frequency_code"] = np.where(is_correction, "7", "1")
    own["reverses"] = (own["claim_id"] - FIRST + 1).where(is_correction).astype("Int64")
    own["original_claim_number"] = own["reverses"].astype("str").where(is_correction)
    return _due(own, table, own[is_correction], _payees(payees, partner), _entries(dice, payees))


def _line_counts(dice: np.random.Generator, claims: int, lines: int) -> Numbers:
    """From 1 to `MOST_LINES` each, `lines` altogether where that is possible."""
    counts = dice.integers(1, MOST_LINES + 1, claims)
    order = dice.permutation(claims)
    step = int(np.sign(lines - counts.sum()))
    room = order[(counts[order] > 1) if step < 0 else (counts[order] < MOST_LINES)]
    counts[room[: abs(lines - int(counts.sum()))]] += step
    return np.asarray(counts, np.int64)


def _lines(dice: np.random.Generator, ids: Numbers, counts: Numbers, denied: Any) -> pd.DataFrame:  # noqa: ANN401 - flags
    claim = np.repeat(ids, counts)
    number = np.arange(len(claim)) - np.repeat(np.cumsum(counts) - counts, counts) + 1
    charge = dice.integers(2_000, 90_000, len(claim))
    allowed = charge * dice.integers(55, 100, len(claim)) // 100
    share = np.where(dice.random(len(claim)) < SHARED, allowed * dice.integers(5, 30, len(claim)) // 100, 0)
    no = np.repeat(denied, counts)
    return pd.DataFrame(
        {
            "claim_id": claim,
            "line_number": number,
            "procedure_qualifier": "HC",
            "procedure_code": dice.choice(PROCEDURES, len(claim)),
            "modifier_1": np.where(dice.random(len(claim)) < MODIFIED, "25", None),
            **dict.fromkeys(("modifier_2", "modifier_3", "modifier_4", "revenue_code")),
            **dict.fromkeys(("submitted_qualifier", "submitted_code", "paid_units", "billed_units")),
            "charge_cents": charge,
            "paid_cents": np.where(no, 0, allowed - share),
            "allowed_cents": pd.array(np.where(no, 0, allowed), "Int64"),
            "units": dice.choice(["1", "2", "4"], len(claim)),
            "service_from": pd.Timestamp("2026-05-18"),
            "service_through": pd.Timestamp("2026-05-18"),
            "line_control_number": [f"L{each}" for each in number],
            "share": np.where(no, 0, share),
            "write_off": np.where(no, charge, charge - allowed),
            "denied": no,
        }
    )


def _claims(dice: np.random.Generator, ids: Numbers, payee: Numbers, denied: Any, sums: pd.DataFrame) -> pd.DataFrame:  # noqa: ANN401 - flags
    late = dice.integers(0, 60, len(ids))
    return pd.DataFrame(
        {
            "claim_id": ids,
            "decision_id": ids,
            "payee_id": [f"P{each:05d}" for each in payee],
            "outcome": np.where(denied, "denied", "paid"),
            "status_code": "1",
            "charge_cents": sums["charge_cents"].to_numpy(),
            "paid_cents": sums["paid_cents"].to_numpy(),
            "patient_responsibility_cents": sums["share"].to_numpy(),
            "claim_number": ids.astype(str),
            "patient_control_number": [f"PCN-{each}" for each in ids],
            "kind": "P",
            "facility_code": "11",
            "filing_indicator": "HM",
            "plan_id": "GOLD-HMO",
            **dict.fromkeys(("drg_code", "drg_weight", "discharge_fraction", "tracking_number")),
            "billing_npi": "1234567893",
            "member_known": True,
            "received_date": pd.Timestamp("2026-06-20") - pd.to_timedelta(late, "D"),
            "service_from": pd.Timestamp("2026-05-18"),
            "service_through": pd.Timestamp("2026-05-18"),
            "partner": "clearlink",
            "waited_days": 0,
            "interest_cents": pd.array([pd.NA] * len(ids), "Int64"),
            "pooled_cents": 0,
        }
    )


def _due(
    claims: pd.DataFrame, lines: pd.DataFrame, corrections: pd.DataFrame, payees: pd.DataFrame, entries: pd.DataFrame
) -> PaymentsDue:
    sent = corrections.assign(
        claim_id=corrections["reverses"],
        claim_number=corrections["reverses"].astype("str"),
        interest_cents=0,
        frequency_code="1",
    )[list(SENT)]
    old = lines.merge(corrections[["claim_id", "reverses"]], on="claim_id")
    old = old.assign(claim_id=old["reverses"].astype("int64"))
    rest = {name: pd.DataFrame(columns=list(columns)) for name, columns in NOTHING.items()}
    return PaymentsDue(
        claims=claims,
        lines=lines,
        adjustments=_adjustments(lines),
        remarks=lines.loc[lines["denied"], ["claim_id", "line_number"]].assign(remark_code="N130"),
        names=_names(pd.concat([claims["claim_id"], sent["claim_id"].astype("int64")])),
        sent_claims=sent,
        sent_lines=old,
        sent_adjustments=_adjustments(old),
        sent_names=_names(sent["claim_id"].astype("int64")),
        payees=payees,
        entries=entries,
        **rest,
    )


def _adjustments(lines: pd.DataFrame) -> pd.DataFrame:
    parts = [
        lines[["claim_id", "line_number"]].assign(group_code=group, reason_code=codes, amount_cents=lines[cents])
        for group, codes, cents in (
            ("CO", np.where(lines["denied"], "29", "45"), "write_off"),
            ("PR", "2", "share"),
        )
    ]
    together = pd.concat(parts).assign(quantity=None)
    return together[together["amount_cents"] != 0].sort_values(["claim_id", "line_number"], kind="stable")


def _names(ids: pd.Series) -> pd.DataFrame:
    number = ids.to_numpy(np.int64)
    return pd.DataFrame(
        {
            "claim_id": number,
            "entity_code": "QC",
            "entity_type": "1",
            "last_name": np.array(LAST_NAMES)[number % len(LAST_NAMES)],
            "first_name": np.array(FIRST_NAMES)[number % len(FIRST_NAMES)],
            "middle_name": None,
            "suffix": None,
            "id_qualifier": "MI",
            "identifier": [f"M{each % 1_000_000:07d}" for each in number],
        }
    )


def _payees(count: int, partner: str) -> pd.DataFrame:
    ids = [f"P{each:05d}" for each in range(count)]
    same = {"address": "20 WATER STREET", "city": "HARTFORD", "state": "CT", "zip": "06103"}
    account = {"routing_number": "011000028", "account_number": "7770002"}
    partners = {"remittance_partner": partner, "statement_partner": partner, "payment_method": "ACH"}
    names = [f"CLINIC {each} LLC" for each in range(count)]
    return pd.DataFrame(
        {"payee_id": ids, "registry_version": 1, "name": names, "npi": "1234567893", "tin": "222334444"}
        | same
        | account
        | partners
    )


def _entries(dice: np.random.Generator, payees: int) -> pd.DataFrame:
    chosen = np.flatnonzero(dice.random(payees) < RECOVERED)
    return pd.DataFrame(
        {
            "payee_id": [f"P{each:05d}" for each in chosen],
            "entry_id": np.arange(1, len(chosen) + 1),
            "reason_code": "WO",
            "reference": "26120000077",
            "amount_cents": dice.integers(1_000, 900_000, len(chosen)),
        }
    )


SENT = (
    *("claim_id", "decision_id", "claim_number", "patient_control_number", "charge_cents", "paid_cents"),
    *(
        "interest_cents",
        "pooled_cents",
        "filing_indicator",
        "facility_code",
        "frequency_code",
        "drg_code",
        "drg_weight",
    ),
    *("discharge_fraction", "billing_npi", "kind", "member_known", "received_date", "service_from", "service_through"),
    "tracking_number",
)
BELONGING: Sequence[str] = ("claim_id", "line_number", "qualifier")
NOTHING = {
    "references": (*BELONGING, "value"),
    "dates": (*BELONGING, "day"),
    "amounts": (*BELONGING, "cents"),
    "quantities": (*BELONGING, "quantity"),
    "sent_remarks": ("claim_id", "line_number", "remark_code"),
    "sent_references": (*BELONGING, "value"),
    "sent_dates": (*BELONGING, "day"),
    "sent_amounts": (*BELONGING, "cents"),
    "sent_quantities": (*BELONGING, "quantity"),
    "balances": ("payee_id", "trace_number", "owed_cents"),
}
"""Frames of which this week has no rows."""
