"""What another payer left of all lines together is weighed against our benefit of all of them (domain.md 7.3).

A stay's price is divided over its lines by their charges, which says nothing of them; the payer before us may have left
its patient's share on any of them. Or that payer told for the claim what it left, and not of which line. So where less
was left than the lines are worth, what was left is divided as the price is, and what the plan and the patient pay of it
is worked out for all of them.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from rules.accumulators import Whole
from rules.division import divided


def shared_by_price(lines: pd.DataFrame) -> pd.Series:
    """`remaining_cents` of the lines, where they count together divided anew: by price, beyond it by other charges."""
    groups = _together(lines, [])
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
    """By position the line that each counts with: the first of those of which less was left than they are worth.

    `terms` are columns in which lines have to be alike for their shares to be worked out together.
    """
    own = np.arange(len(lines), dtype=np.int64)
    groups = _together(lines, terms)
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
    """Amounts, a column each, that lines had together, over these: together they are no more than was left of each."""
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


def _together(lines: pd.DataFrame, terms: list[str]) -> pd.Series:
    """A number for the lines that count together, of each line that has a price and comes after another payer.

    They are those of a stay, or of a claim for which was told what was left.
    """
    unit = lines["stay_fee_id"].astype("object").mask(lines["left_of_claim"], "")
    of: npt.NDArray[np.bool_] = (unit.notna() & (lines["allowed_cents"] > 0)).to_numpy()
    # what is left to the patient is never more than the charge; else nobody comes before us
    mine = of & (lines["remaining_cents"] <= lines["charge_cents"]).to_numpy()
    return lines[mine].assign(unit=unit[mine]).groupby(["claim", "unit", *terms], dropna=False).ngroup()
