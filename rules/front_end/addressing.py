"""Is the claim for us, and asks it for something that we do?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.front_end.edit import Edit

if TYPE_CHECKING:
    import pandas as pd


def wrong_payer(claims: pd.DataFrame) -> pd.Series:
    """Its payer id (2010BB NM109) is none of ours."""
    return ~claims["payer_is_ours"]


def frequency_not_taken(claims: pd.DataFrame) -> pd.Series:
    """CLM05-3 is none that this kind of claim may have."""
    return ~claims["frequency_is_taken"]


EDITS = (
    Edit("PAYER_WRONG", "the payer is none of `payer_ids`", "A3:116", 7, "domain.md 1.6", judge=wrong_payer),
    Edit("FREQUENCY_NOT_TAKEN", "the frequency code is none of `frequencies`", "A7:535", 7, "domain.md 1.6, 6.1",
         judge=frequency_not_taken),
)  # fmt: skip
