"""Amounts that are told or priced for several lines together, divided over them to the cent."""

from __future__ import annotations

import pandas as pd


def divided(amounts: pd.Series, weights: pd.Series, groups: list[pd.Series]) -> pd.Series:
    """The amount of each group divided over its rows by their weights, which are not negative; exact, in cents.

    `amounts` is the same on every row of a group. No row gets more than its weight where the amount is not above their
    sum; rows of groups without any weight get nothing.
    """
    exact = weights.astype("object")
    so_far = weights.groupby(groups).cumsum().astype("object")
    total = weights.groupby(groups).transform("sum").astype("object")
    whole = total.where(total > 0, 1)
    amount = amounts.astype("object")
    parts = (amount * so_far) // whole - (amount * (so_far - exact)) // whole
    return parts.astype("int64")
