"""Is the patient somebody whom we know?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rules.front_end.edit import Edit

if TYPE_CHECKING:
    import pandas as pd


def unknown(claims: pd.DataFrame) -> pd.Series:
    """Nobody on file has, or ever had, this subscriber number."""
    return ~claims["member_known"] & ~claims["subscriber_known"]


def mismatched(claims: pd.DataFrame) -> pd.Series:
    """The subscriber number is on file, and nobody under it was born on that day."""
    return ~claims["member_known"] & claims["subscriber_known"] & ~claims["birth_date_known"]


def not_covered(claims: pd.DataFrame) -> pd.Series:
    """A member of ours without any coverage on the days of service; looked up only where the plan asks."""
    return claims["member_known"] & ~claims["member_covered"]


NOT_ELIGIBLE = Edit(
    "MEMBER_NOT_ELIGIBLE",
    "the patient has no coverage on any day of the service",
    "A3:88:QC",
    7,
    "domain.md 1.6, 8.2: by default accepted and denied 26 or 27",
    "accept",
    judge=not_covered,
)
EDITS = (
    Edit("MEMBER_UNKNOWN", "nobody has this subscriber id", "A3:33", 7, "domain.md 1.6, 8.2 #1", judge=unknown),
    Edit(
        "MEMBER_MISMATCHED",
        "nobody under this subscriber id has the patient's date of birth",
        "A7:158:QC A8:30",
        7,
        "domain.md 1.6",
        judge=mismatched,
    ),
    NOT_ELIGIBLE,
)
