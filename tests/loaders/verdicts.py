"""Decisions written by hand, in the frames that the rules give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

import pandas as pd
from sqlalchemy import text

from loaders.accumulators import ENTRY_SCHEMA
from loaders.decisions import StoredDecisions, store
from tests.loaders.intake import NOON, Intake

CLAIM_COLUMNS = ["claim_id", "outcome", "pend_reason", "claim_status_code", "plan_id", "allowed_cents", "paid_cents"]
CLAIM_COLUMNS += ["patient_responsibility_cents", "replaces_original", "explanation"]
LINE_COLUMNS = ["claim_id", "line_number", "charge_cents", "allowed_cents", "paid_cents"]
ADJUSTMENT_COLUMNS = ["claim_id", "line_number", "group_code", "reason_code", "amount_cents"]
REMARK_COLUMNS = ["claim_id", "line_number", "remark_code"]


@dataclass(frozen=True)
class Frames:
    """What `rules.adjudication.decide` returns."""

    claims: pd.DataFrame
    lines: pd.DataFrame
    adjustments: pd.DataFrame
    remarks: pd.DataFrame
    accumulators: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=ENTRY_SCHEMA.names))


def paid(claim_id: int, paid_cents: int = 9000, charge_cents: int = 12000, **changes: object) -> Frames:
    """A claim of one line, paid in part, the rest written off."""
    adjusted = [claim_id, 1, "CO", "45", charge_cents - paid_cents]
    return _frames(claim_id, "paid", [claim_id, 1, charge_cents, paid_cents, paid_cents], adjusted, **changes)


def denied(claim_id: int, reason: str = "16", charge_cents: int = 12000, **changes: object) -> Frames:
    """A claim of one line, denied CO."""
    adjusted = [claim_id, 1, "CO", reason, charge_cents]
    return _frames(claim_id, "denied", [claim_id, 1, charge_cents, 0, 0], adjusted, **changes)


def pended(claim_id: int, reason: str) -> Frames:
    """A claim that waits."""
    return _frames(claim_id, "pended", None, None, pend_reason=reason, claim_status_code=None, plan_id=None)


def voided(claim_id: int) -> Frames:
    """An accepted void: no money of its own."""
    return _frames(claim_id, "paid", None, None, claim_status_code="void", replaces_original=True)


def together(frames: Sequence[Frames]) -> Frames:
    """Several decisions as one batch."""
    return Frames(
        pd.concat([each.claims for each in frames], ignore_index=True),
        pd.concat([each.lines for each in frames], ignore_index=True),
        pd.concat([each.adjustments for each in frames], ignore_index=True),
        pd.concat([each.remarks for each in frames], ignore_index=True),
        pd.concat([each.accumulators for each in frames], ignore_index=True),
    )


def decide(intake: Intake, *frames: Frames, now: datetime = NOON) -> StoredDecisions:
    """Store decisions, in a transaction of their own."""
    with intake.warehouse.begin() as conn:
        return store(conn, together(frames), now, now.date(), "bundle", None)


def remit(intake: Intake, *claim_ids: int, day: date) -> None:
    """Settle the decided claims: one remittance of that production date."""
    with intake.warehouse.begin() as conn:
        run = conn.execute(
            text("insert into remittance_run (through_date, composed_at) values (:day, :day) returning 1"), {"day": day}
        )
        assert run.rowcount == 1
        conn.execute(
            text(
                "insert into remittance (remittance_run_id, payee_id, registry_version, trace_number, payment_method,"
                " payment_cents, production_date, payment_date) select max(remittance_run_id), 'P', 1,"
                " cast(:day as text), 'ACH', 0, :day, :day from remittance_run"
            ),
            {"day": day},
        )
        conn.execute(
            text(
                "insert into remittance_claim (remittance_id, ordinal, entry, claim_id, decision_id, claim_number,"
                " patient_control_number, claim_status_code, charge_cents, paid_cents)"
                " select (select max(remittance_id) from remittance), row_number() over (), 'payment', claim_id,"
                " decision_id, claim_number, patient_control_number, '1', d.charge_cents, d.paid_cents"
                " from claim c join decision d using (claim_id) where claim_id = any(:ids)"
            ),
            {"ids": list(claim_ids)},
        )


def _frames(
    claim_id: int, outcome: str, line: list[int] | None, adjustment: list[object] | None, **changes: object
) -> Frames:
    money = line or [claim_id, 1, 0, 0, 0]
    claim = {
        "claim_id": claim_id,
        "outcome": outcome,
        "pend_reason": None,
        "claim_status_code": "1",
        "plan_id": "gold",
        "allowed_cents": money[3],
        "paid_cents": money[4],
        "patient_responsibility_cents": 0,
        "replaces_original": False,
        "explanation": [{"rule": "BY-HAND", "text": "decided by the test"}],
        **changes,
    }
    return Frames(
        pd.DataFrame([claim], columns=CLAIM_COLUMNS),
        pd.DataFrame([line] if line else [], columns=LINE_COLUMNS),
        pd.DataFrame([adjustment] if adjustment else [], columns=ADJUSTMENT_COLUMNS),
        pd.DataFrame([[claim_id, 1, "N130"]] if adjustment else [], columns=REMARK_COLUMNS),
    )
