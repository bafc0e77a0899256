"""What bears out the delay reason of a late claim (CLM20): a reason alone excuses nothing (domain.md 5.7)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from rules.filing_calendar import as_days, as_series, last_days
from rules.filing_settings import DelayRule, Disaster, Evidence, FilingRule, FilingSettings

EXCUSED, FOR_A_PERSON, REFUSED, NO_REASON = "excused", "person", "refused", ""
DATED: Mapping[Evidence, tuple[str, str]] = {
    "eligibility_recorded": ("eligibility_recorded_on", "coverage recorded"),
    "prior_payer_date": ("primary_decided_on", "prior payer decided"),
    "authorization_decided": ("authorization_decided_on", "authorization decided"),
}
"""Evidence that is a day which the docket holds, and the words for it."""


def weigh(late: pd.DataFrame, rule: FilingRule, settings: FilingSettings) -> pd.DataFrame:
    """What becomes of late lines of one filing rule for the sake of their delay reason.

    `late` is the docket with `filing_last_day`. The columns: `excuse` (excused, person, refused, or empty without a
    reason that we know), `evidence` in words, `evidence_day`, `evidence_limit` and `evidence_last_day`.
    """
    no_day = pd.Series(np.datetime64("NaT", "s"), index=late.index, dtype="datetime64[s]")
    weighed = pd.DataFrame(
        {
            "excuse": pd.Series(NO_REASON, index=late.index, dtype="str"),
            "evidence": pd.Series(None, index=late.index, dtype="str"),
            "evidence_day": no_day,
            "evidence_limit": pd.Series(None, index=late.index, dtype="object"),
            "evidence_last_day": no_day,
        }
    )
    for reason, proof in settings.delay_reasons.items():
        lines = late[late["delay_reason"] == reason]
        if lines.empty:
            continue
        day, told = _evidence(lines, proof.evidence, settings)
        proved = day.notna()
        weighed.loc[lines.index, "excuse"] = FOR_A_PERSON if _waits(proof) else REFUSED
        weighed.loc[lines.index, "evidence"] = told
        weighed.loc[lines.index, "evidence_day"] = day
        if not proved.any():
            continue
        limit = proof.limit or rule.limit
        ends = as_series(last_days(as_days(day[proved]), limit, rule, settings).days, day.index[proved])
        timely = lines.loc[proved, "received_date"] <= ends
        weighed.loc[ends.index, "excuse"] = timely.map({True: EXCUSED, False: REFUSED})
        weighed.loc[ends.index, "evidence_limit"] = limit.told
        weighed.loc[ends.index, "evidence_last_day"] = ends
    return weighed


def _waits(proof: DelayRule) -> bool:
    """Does a claim without evidence wait for a person?"""
    return proof.evidence == "person" or (proof.evidence != "none" and proof.without_evidence == "pend")


def _evidence(lines: pd.DataFrame, kind: Evidence, settings: FilingSettings) -> tuple[pd.Series, pd.Series]:
    """The day from which an excused claim is counted, NaT without evidence, and the evidence in words."""
    day = pd.Series(np.datetime64("NaT", "s"), index=lines.index, dtype="datetime64[s]")
    told = pd.Series("no evidence in our records", index=lines.index, dtype="str")
    if kind in DATED:
        name, words = DATED[kind]
        day = lines[name].where(lines[name] <= lines["received_date"])
        told = told.mask(day.notna(), _dated(words, day))
    elif kind == "earlier_submission":
        timely = lines["earlier_received_on"] <= lines["filing_last_day"]
        day = lines["latest_received_on"].where(timely)
        first = _dated(
            "claim_id " + lines["earlier_claim_id"].astype("str") + " received", lines["earlier_received_on"]
        )
        latest = _dated("the latest, claim_id " + lines["latest_claim_id"].astype("str") + ", received", day)
        told = told.mask(
            timely, first.where(lines["earlier_claim_id"] == lines["latest_claim_id"], first + "; " + latest)
        )
    elif kind == "disaster":
        for disaster in sorted(settings.disasters, key=lambda each: (each.last, each.id)):
            struck = _struck(lines, disaster)
            day = day.mask(struck, pd.Timestamp(disaster.last).as_unit("s"))
            told = told.mask(struck, f"{disaster.id} through {disaster.last}")
    elif kind == "person":
        told = told.mask(told.notna(), "to be weighed by a person")
    return day, told


def _struck(lines: pd.DataFrame, disaster: Disaster) -> pd.Series:
    """Was a provider, whom the disaster is about, hindered between the anchor and the last day?"""
    during = (lines["filing_anchor"] <= np.datetime64(disaster.last, "s")) & (
        lines["filing_last_day"] >= np.datetime64(disaster.first, "s")
    )
    if not disaster.tins:
        return during
    return during & lines["billing_tin"].str.replace(r"[^0-9]", "", regex=True).isin(disaster.tins)


def _dated(words: str | pd.Series, day: pd.Series) -> pd.Series:
    days = day.dt.strftime("%Y-%m-%d")
    dated: pd.Series = words + (" " + days)
    return dated
