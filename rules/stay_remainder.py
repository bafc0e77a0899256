"""Stays and cases after another payer: one price for all lines is weighed against what was left of all (domain.md 7.3).

A stay's price is divided over its lines by their charges, which says nothing of them; the payer before us may have left
its patient's share on any of them. So where less was left than the stay is worth, what was left is divided as the price
is, and what the plan and the patient pay of it is worked out for the stay.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from rules.accumulators import Whole
from rules.division import divided


def shared_by_price(lines: pd.DataFrame, terms: list[str]) -> pd.Series:
    """`remaining_cents` of the lines, of stays divided anew: by price, beyond that by the rest of the charges.

    `terms` are columns in which lines have to be alike to be of one stay.
    """
    groups = _stays(lines, terms)
    left = lines["remaining_cents"].loc[groups.index]
    allowed = lines["allowed_cents"].loc[groups.index]
    total, worth = (each.groupby(groups).transform("sum") for each in (left, allowed))
    room = lines["charge_cents"].loc[groups.index] - allowed
    within = divided(total.where(total < worth, worth), allowed, [groups])
    beyond = divided((total - worth).clip(lower=0), room, [groups])
    found = lines["remaining_cents"].copy()
    found.loc[groups.index] = within + beyond
    return found


def heads(lines: pd.DataFrame, terms: list[str]) -> Whole:
    """By position the line that each counts with: of stays of which less was left than they are worth their first."""
    own = np.arange(len(lines), dtype=np.int64)
    groups = _stays(lines, terms)
    left, worth = (lines[name].loc[groups.index].groupby(groups) for name in ("remaining_cents", "allowed_cents"))
    groups = groups[left.transform("sum") < worth.transform("sum")]
    position = pd.Series(own, index=lines.index).loc[groups.index]
    own[position.to_numpy()] = position.groupby(groups).transform("first").to_numpy()
    return own


def gathered(amounts: Whole, of: Whole) -> Whole:
    """The amounts of lines on those that they count with."""
    found = np.zeros_like(amounts)
    np.add.at(found, of, amounts)
    return found


def spread(lines: pd.DataFrame, amounts: Whole, of: Whole) -> Whole:
    """Amounts, a column each, that stays had in all, over their lines: together they are what was left of each."""
    together = np.isin(of, of[of != np.arange(len(of))])
    if not together.any():
        return amounts
    found = amounts.copy()
    group = pd.Series(of[together])
    rest = pd.Series(lines["remaining_cents"].to_numpy()[together])
    for column in range(amounts.shape[1]):
        part = divided(pd.Series(amounts[of[together], column]), rest, [group])
        found[together, column] = part
        rest -= part
    return found


def _stays(lines: pd.DataFrame, terms: list[str]) -> pd.Series:
    """Number of the stay of each line that is of one, has a price, and comes after another payer."""
    of: npt.NDArray[np.bool_] = (lines["stay_fee_id"].notna() & (lines["allowed_cents"] > 0)).to_numpy()
    # what is left to the patient is never more than the charge; else nobody comes before us
    mine = lines[of & (lines["remaining_cents"] <= lines["charge_cents"]).to_numpy()]
    return mine.groupby(["claim", "stay_fee_id", *terms], dropna=False).ngroup()
