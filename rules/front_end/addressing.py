"""Is the claim for us, from somebody who may send it, and asks it for something that we do?"""

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


def submitter_not_approved(claims: pd.DataFrame) -> pd.Series:
    """Its submitter (1000A NM109) is none of those that the plan named."""
    return ~claims["submitter_is_approved"]


def submitter_not_of_provider(claims: pd.DataFrame) -> pd.Series:
    """Its submitter is approved, but not for this billing provider."""
    return claims["submitter_is_approved"] & ~claims["submitter_sends_for_provider"]


def delay_reason_not_taken(claims: pd.DataFrame) -> pd.Series:
    """CLM20 is none that the plan takes."""
    return claims["delay_reason"].notna() & ~claims["delay_reason_is_taken"]


EDITS = (
    Edit("SUBMITTER_NOT_APPROVED", "the submitter is none of `submitters`", "A3:24:41", 7, "domain.md 1.6",
         judge=submitter_not_approved),
    Edit("SUBMITTER_NOT_OF_PROVIDER", "`submitters` names other billing providers for the submitter", "A3:496:85", 7,
         "domain.md 1.6", judge=submitter_not_of_provider),
    Edit("PAYER_WRONG", "the payer is none of `payer_ids`", "A3:116", 7, "domain.md 1.6", judge=wrong_payer),
    Edit("FREQUENCY_NOT_TAKEN", "the frequency code is none of `frequencies`", "A7:535", 7, "domain.md 1.6, 6.1",
         judge=frequency_not_taken),
    Edit("DELAY_REASON_NOT_TAKEN", "the delay reason (CLM20) is none of `delay_reasons`", "A7:555", 7,
         "domain.md 1.6, 5.7", judge=delay_reason_not_taken),
)  # fmt: skip
