"""Interest that a plan owes because it paid a clean claim late (domain.md 9.7).

The clock begins on the day a clean claim was received, stands still while the provider is asked for something, and ends
on the day of payment. What is paid for the first time bears interest; what a correction merely repeats keeps the
interest that it was sent with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

DAYS_A_YEAR = 365
ANY = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InterestRule:
    """Prompt payment of one kind of claims, by state law or contract."""

    id: str
    state: str = ANY
    """Of the payee's address; empty: every state."""
    line_of_business: str = ANY
    """Of the plan; empty: all."""
    effective_from: date = date.min
    effective_through: date | None = None
    """Days of receipt for which it counts."""
    days: int
    """Paid on this day after receipt, a claim is still on time."""
    percent_a_year: Decimal
    least_cents: int = 1
    """Less interest than this on a claim is not owed."""


def interest_owed(claims: pd.DataFrame, rules: Sequence[InterestRule]) -> pd.DataFrame:
    """Interest of each claim, in exact cents, rounded half up.

    Args:
        claims: paid_cents, repeated_cents (what an earlier version paid and this one pays again), repeated_interest
            (interest that went with that), received_date, waited_days (for the provider), payment_date, state,
            line_of_business; reversals and claims that pay nothing owe none.
        rules: the first that fits a claim counts; specific ones stand before general ones.

    Returns:
        interest_cents, days_late and rule (empty where none fits), by the index of `claims`.
    """
    found = pd.DataFrame({"interest_cents": 0, "days_late": 0, "rule": ANY}, index=claims.index)
    anew = (claims["paid_cents"] - claims["repeated_cents"]).clip(lower=0).to_numpy(dtype=object)
    days = (claims["payment_date"] - claims["received_date"]).dt.days - claims["waited_days"]
    open_claims = np.ones(len(claims), dtype=bool)
    for rule in rules:
        fits = open_claims & _fits(claims, rule)
        late = (days - rule.days).clip(lower=0).to_numpy(dtype="int64")
        owed = _rounded(anew, late, rule.percent_a_year) + claims["repeated_interest"].to_numpy(dtype="int64")
        owed = np.where(owed < rule.least_cents, 0, owed)
        for name, values in (("interest_cents", owed), ("days_late", late), ("rule", rule.id)):
            found[name] = np.where(fits, values, found[name])
        open_claims &= ~fits
    return found.astype({"interest_cents": "int64", "days_late": "int64"})


def repeated_interest(sent_interest: pd.Series, sent_paid: pd.Series, repeated: pd.Series) -> pd.Series:
    """The share of an original's interest that stays with what its correction pays again, rounded half up."""
    whole = sent_paid.where(sent_paid > 0, 1).to_numpy(dtype=object)
    share = (2 * sent_interest.to_numpy(dtype=object) * repeated.to_numpy(dtype=object) + whole) // (2 * whole)
    return pd.Series(share.astype("int64"), index=sent_interest.index)


def _fits(claims: pd.DataFrame, rule: InterestRule) -> npt.NDArray[np.bool_]:
    received = claims["received_date"]
    fits = received >= pd.Timestamp(max(rule.effective_from, date(1678, 1, 1)))
    if rule.effective_through is not None:
        fits &= received <= pd.Timestamp(rule.effective_through)
    for name, wanted in (("state", rule.state), ("line_of_business", rule.line_of_business)):
        if wanted:
            fits &= claims[name] == wanted
    return fits.to_numpy(dtype=bool)


def _rounded(
    principal: npt.NDArray[np.object_], days: npt.NDArray[np.int64], percent: Decimal
) -> npt.NDArray[np.int64]:
    """Principal x rate x days / 365 in whole cents: integers of any size, so that nothing is lost on the way."""
    numerator, denominator = percent.as_integer_ratio()
    denominator *= 100 * DAYS_A_YEAR
    owed = (2 * principal * days.astype(object) * numerator + denominator) // (2 * denominator)
    return np.asarray(owed, dtype="int64")
