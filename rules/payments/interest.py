"""Interest that a plan owes because it paid a clean claim late (domain.md 9.7).

The clock begins on the day a clean claim was received, stands still while the provider is asked for something, and ends
on the day of payment. What is paid for the first time bears interest; what a correction merely repeats keeps the
interest that came with it. Interest of a claim below the least amount of its rule is not paid to the provider: it is
not owed at all, or it goes to a pool.
"""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import numpy.typing as npt

    from rules.payments.settings import DayCount, InterestRule

    Days = npt.NDArray[np.int64]

YEAR, LEAP_YEAR = 365, 366
EPOCH = date(1970, 1, 1).toordinal()
"""Day 0 of numpy."""
FIRST_DAY = date(1678, 1, 1)
"""That a frame can hold."""


def interest_owed(claims: pd.DataFrame, rules: Sequence[InterestRule]) -> pd.DataFrame:
    """Interest of each claim, in exact cents, rounded half up.

    Args:
        claims: paid_cents, repeated_cents (what an earlier version paid and this one pays again), repeated_interest
            (what went with that, to the provider or to the pool), received_date (of the clean claim), waited_days (for
            the provider), payment_date, payee_state, situs, line_of_business, submission; reversals and claims that
            pay nothing owe none.
        rules: the first that fits a claim counts.

    Returns:
        interest_cents (to the provider), pooled_cents, days_late and rule (empty where none fits), by the index of
        `claims`.
    """
    repeated = claims["repeated_interest"].to_numpy(dtype="int64")
    found = pd.DataFrame(
        {"interest_cents": repeated, "pooled_cents": 0, "days_late": 0, "rule": ""}, index=claims.index
    )
    anew = (claims["paid_cents"] - claims["repeated_cents"]).clip(lower=0).to_numpy(dtype=object)
    days = (claims["payment_date"] - claims["received_date"]).dt.days - claims["waited_days"]
    ends = claims["payment_date"].to_numpy(dtype="datetime64[D]").astype("int64")
    open_claims = np.ones(len(claims), dtype=bool)
    for rule in rules:
        fits = open_claims & _fits(claims, rule)
        late = (days - rule.days).clip(lower=0).to_numpy(dtype="int64")
        owed = _rounded(anew, _years(late, ends, rule.day_count), rule.percent_a_year) + repeated
        small = owed < rule.least_cents
        is_pooled = rule.below_least == "pooled"
        values: dict[str, npt.ArrayLike] = {
            "interest_cents": np.where(small, 0, owed),
            "pooled_cents": np.where(small, owed if is_pooled else 0, 0),
            "days_late": late,
            "rule": rule.id,
        }
        for name, value in values.items():
            found[name] = np.where(fits, value, found[name])
        open_claims &= ~fits
    return found.astype({"interest_cents": "int64", "pooled_cents": "int64", "days_late": "int64"})


def repeated_interest(sent_interest: pd.Series, sent_paid: pd.Series, repeated: pd.Series) -> pd.Series:
    """The share of an original's interest that stays with what its correction pays again, rounded half up."""
    whole = sent_paid.where(sent_paid > 0, 1).to_numpy(dtype=object)
    share = (2 * sent_interest.to_numpy(dtype=object) * repeated.to_numpy(dtype=object) + whole) // (2 * whole)
    return pd.Series(share.astype("int64"), index=sent_interest.index)


def _fits(claims: pd.DataFrame, rule: InterestRule) -> npt.NDArray[np.bool_]:
    received = claims["received_date"]
    fits = received >= pd.Timestamp(max(rule.effective_from, FIRST_DAY))
    if rule.effective_through is not None:
        fits &= received <= pd.Timestamp(rule.effective_through)
    state = "payee_state" if rule.states_of == "payee" else "situs"
    for name, wanted in ((state, rule.states), ("line_of_business", rule.lines_of_business)):
        if wanted:
            fits &= claims[name].isin(wanted)
    if rule.submission != "any":
        fits &= claims["submission"] == rule.submission
    return fits.to_numpy(dtype=bool)


def _years(late: Days, ends: Days, day_count: DayCount) -> tuple[npt.NDArray[np.object_], int]:
    """Days late as a number of years: numerators, and the denominator that they share."""
    if day_count != "actual":
        return late.astype(object), int(day_count)
    leap = np.zeros_like(late)
    first = date.fromordinal(EPOCH + int((ends - late).min(initial=0))).year
    last = date.fromordinal(EPOCH + int(ends.max(initial=0))).year
    for year in filter(calendar.isleap, range(first, last + 1)):
        begins = date(year, 1, 1).toordinal() - EPOCH
        # the late days are those after `ends - late`, through `ends`
        leap += (np.minimum(ends + 1, begins + LEAP_YEAR) - np.maximum(ends - late + 1, begins)).clip(min=0)
    return (late - leap).astype(object) * LEAP_YEAR + leap.astype(object) * YEAR, YEAR * LEAP_YEAR


def _rounded(
    principal: npt.NDArray[np.object_], years: tuple[npt.NDArray[np.object_], int], percent: Decimal
) -> npt.NDArray[np.int64]:
    """Principal x rate x years in whole cents: integers of any size, so that nothing is lost on the way."""
    time, year = years
    numerator, denominator = percent.as_integer_ratio()
    denominator *= 100 * year
    owed = (2 * principal * time * numerator + denominator) // (2 * denominator)
    return np.asarray(owed, dtype="int64")
