"""What a person decided of claims that waited: reasons set aside, prices given, denials.

A person's word stands in the place of one rule and leaves the others as they are: a released claim may wait for the
next reason, and a price that was given is shared between member and plan as any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from edi.claim_facts import ClaimFacts, OperatorActions
from rules.cob import effects, processed_statuses
from rules.decisions import Decisions, denied_parts

PRICE_GIVEN = "PRICE-GIVEN"
DENIED_BY_PERSON = "DENIED-BY-PERSON"
UNKNOWN_PATIENT_REASON, UNKNOWN_PATIENT_STATUS = "31", "4"


class Denial(NamedTuple):
    """Why a person denies a claim."""

    group_code: str
    reason_code: str
    remark_codes: tuple[str, ...]
    action_id: int
    pend_reason: str


def released(claims: pd.DataFrame, actions: OperatorActions | None) -> Mapping[str, np.ndarray]:
    """By pend reason, the claims by position that a person released from it."""
    if actions is None or actions.releases.empty:
        return {}
    ids = claims["claim_id"].to_numpy(dtype="int64")
    return {
        str(reason): np.isin(ids, rows.to_numpy(dtype="int64"))
        for reason, rows in actions.releases.groupby("pend_reason")["claim_id"]
    }


def with_prices(lines: pd.DataFrame, actions: OperatorActions | None) -> pd.DataFrame:
    """The docket with prices that people gave in place of those of the fee schedule; never more than the charge."""
    if actions is None or actions.prices.empty:
        return lines
    key = ["claim_id", "line_number"]
    prices = actions.prices.set_index(key)["allowed_cents"].astype("int64")
    wanted = pd.MultiIndex.from_frame(lines[key].astype("int64"))
    given = prices.reindex(wanted).set_axis(lines.index)
    has_price = given.notna()
    allowed = np.minimum(given.fillna(0).astype("int64"), lines["charge_cents"])
    return lines.assign(
        fee_id=lines["fee_id"].mask(has_price, PRICE_GIVEN),
        allowed_cents=lines["allowed_cents"].mask(has_price, allowed).astype("int64"),
    )


def denied(facts: ClaimFacts, decided: Decisions, denial: Denial) -> Decisions:
    """All of every line denied, in place of what the rules `decided` of these waiting claims.

    But for what other payers have done to it (`rules.decisions.denied_parts`).
    """
    lines = facts.lines[["claim_id", "line_number", "charge_cents"]].astype("int64").reset_index(drop=True)
    charges = facts.claims.set_index("claim_id")["charge_cents"]
    effect = effects(lines.assign(claim_charge_cents=lines["claim_id"].map(charges)), facts.other_payers)
    parts = pd.concat(denied_parts(lines, denial.group_code, denial.reason_code, effect))
    adjusted = parts[parts["amount_cents"] != 0].sort_values(["claim_id", "line_number"], kind="stable")
    owed = adjusted[adjusted["group_code"] == "PR"].groupby("claim_id")["amount_cents"].sum()
    ids = decided.claims["claim_id"]
    unknown = denial.reason_code == UNKNOWN_PATIENT_REASON
    return Decisions(
        claims=decided.claims.assign(
            outcome="denied",
            pend_reason=pd.Series([None] * len(ids), index=ids.index, dtype=object),
            claim_status_code=UNKNOWN_PATIENT_STATUS if unknown else processed_statuses(ids, facts.other_payers),
            allowed_cents=0,
            paid_cents=0,
            patient_responsibility_cents=ids.map(owed).fillna(0).astype("int64"),
            replaces_original=False,
            explanation=decided.claims["explanation"].map(lambda told: [*told, _told(denial)]),
        ),
        lines=lines.assign(allowed_cents=0, paid_cents=0),
        adjustments=adjusted.reset_index(drop=True),
        remarks=_remarks(lines, denial.remark_codes),
        accumulators=decided.accumulators.iloc[:0],
    )


def _remarks(lines: pd.DataFrame, codes: Sequence[str]) -> pd.DataFrame:
    key = lines[["claim_id", "line_number"]]
    parts = [key.iloc[:0].assign(remark_code=""), *(key.assign(remark_code=code) for code in codes)]
    return pd.concat(parts, ignore_index=True)


def _told(denial: Denial) -> dict[str, object]:
    return {
        "rule": DENIED_BY_PERSON,
        "action": denial.action_id,
        "pend_reason": denial.pend_reason,
        "text": f"waited for {denial.pend_reason}, denied {denial.group_code} {denial.reason_code} by a person, "
        f"action {denial.action_id}, rule {DENIED_BY_PERSON}",
    }
