"""How many days a stay has: one for each midnight that the patient spends in the house."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rules.filing_anchors import discharge_day

DAY = np.timedelta64(1, "D")


def days_of_stay(lines: pd.DataFrame, first: pd.Series) -> pd.Series:
    """Days from `first` to the end of each line's statement, one at least.

    The day of discharge is none of them. The last day of a bill whose patient is still in the house is one
    (`rules.filing_anchors.discharge_day`), for the next bill of the stay begins on the day after it (SSA POMS
    HI 00601.070: days go from midnight to midnight, and that of discharge does not count).
    """
    after = lines["claim_through"] + DAY
    end = discharge_day(lines).fillna(after)
    return (end.where(end <= after, after) - first).dt.days.fillna(1).clip(lower=1).astype("int64")
