"""Provider adjustments (PLB): what a payment takes or adds that belongs to no claim of it (domain.md 9.5).

A positive amount takes money away. What a payee owes after a negative week is carried in one serial chain: the 835 that
cannot take it says `FB` with its own trace number and pays nothing; the next one that moves money takes the same amount
back under the old number and, where that is too much again, forwards the rest under its own. There is one open balance
at most.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from edi.payment_run import REVERSAL

INTEREST, FORWARD, RECOVERY = "L6", "FB", "WO"
COLUMNS = ["payment", "reason_code", "reference", "amount_cents", "entry_id"]


def provider_adjustments(
    payments: pd.DataFrame, interest: pd.DataFrame, entries: pd.DataFrame, spared: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.Series]:
    """The provider adjustments of every payment, and what it pays.

    Args:
        payments: trace_number, claims_cents (sum of its claims' payments, takebacks among them), forwarded_cents
            (what the payee owes from before, positive; 0 without) and forwarded_from (trace number of the 835 that
            said so), by payment number.
        interest: payment, claim_number, interest_cents of the claims that have any (negative on a reversal).
        entries: payment, entry_id, reason_code, reference, amount_cents of the provider accounts' entries that are due.
        spared: payment, reference, cents of overpayments that reversals show and that are not taken back now.

    Returns:
        Rows of `COLUMNS` in the order in which they are sent: entries, what is spared (WO, negative), interest,
        forwarded balance, new balance; and payment_cents, never negative, by payment number.
    """
    owed = _interest(interest)
    if spared is not None:
        given = spared[["payment", "reference"]].assign(reason_code=RECOVERY, amount_cents=-spared["cents"])
        entries = pd.concat([entries, given], ignore_index=True)
    moved = (
        payments["claims_cents"]
        .sub(owed.groupby("payment")["amount_cents"].sum(), fill_value=0)
        .sub(entries.groupby("payment")["amount_cents"].sum(), fill_value=0)
        .astype("int64")
    )
    # a remittance that moves no money leaves the open balance where it is (RFI 738)
    takes = (payments["forwarded_cents"] > 0) & (moved != 0)
    taken = payments["forwarded_cents"].where(takes, 0)
    left = moved - taken
    closed = pd.DataFrame(
        {
            "payment": payments.index[takes],
            "reason_code": FORWARD,
            "reference": payments.loc[takes, "forwarded_from"].to_numpy(),
            "amount_cents": taken[takes].to_numpy(),
        }
    )
    negative = left < 0
    opened = pd.DataFrame(
        {
            "payment": payments.index[negative],
            "reason_code": FORWARD,
            "reference": payments.loc[negative, "trace_number"].to_numpy(),
            "amount_cents": left[negative].to_numpy(),
        }
    )
    parts = [entries, owed, closed, opened]
    together = pd.concat([part.reindex(columns=COLUMNS).assign(part=number) for number, part in enumerate(parts)])
    ordered = together.sort_values(["payment", "part"], kind="stable").drop(columns="part").reset_index(drop=True)
    types = {"payment": "int64", "amount_cents": "int64", "entry_id": "Int64"}
    return ordered.astype(types), left.clip(lower=0)


def _interest(interest: pd.DataFrame) -> pd.DataFrame:
    """One L6 a payment: minus the sum of its AMT*I; it names the claim where one alone has any (RFI 2123)."""
    found = interest[interest["interest_cents"] != 0]
    total = found.groupby("payment", sort=True).agg(
        amount_cents=("interest_cents", "sum"), claims=("claim_number", "size"), reference=("claim_number", "first")
    )
    total = total[total["amount_cents"] != 0].reset_index()
    return total.assign(
        reason_code=INTEREST,
        amount_cents=-total["amount_cents"],
        reference=np.where(total["claims"] == 1, total["reference"], ""),
    )[["payment", "reason_code", "reference", "amount_cents"]]


def overpayments(claims: pd.DataFrame) -> pd.DataFrame:
    """What reversals take back, interest too, beyond what stands in their place.

    Args:
        claims: payment, entry, of (claim_id of the version that stands now: the same of a reversal and its correction),
            decision_id, claim_number, paid_cents, interest_cents.

    Returns:
        payment, decision_id (of the reversal), reference (its claim number) and cents, positive, in order of claims.
    """
    moved = claims["paid_cents"] + claims["interest_cents"]
    together = moved.groupby([claims["payment"], claims["of"]]).transform("sum")
    is_over = (claims["entry"] == REVERSAL) & (together < 0)
    found = claims.loc[is_over, ["payment", "decision_id", "claim_number"]]
    return found.rename(columns={"claim_number": "reference"}).assign(cents=-together[is_over])
