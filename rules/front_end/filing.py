"""Did the claim come too late beyond doubt? By default adjudication answers (CO 29, domain.md 5.6).

A plan may return such claims instead (A3:718). Only what no evidence and no other payer could excuse is returned, under
every filing rule that the claim might come under: which one it is depends on plan and contract, which adjudication
finds. A claim of which a single line may be in time is taken in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from rules.front_end.edit import Edit

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from rules.filing_settings import FilingRule, FilingSettings
    from rules.rulebook import Rulebook

CORRECTIONS = ("5", "7", "8", "Q")
"""Frequencies with windows of their own, or none."""
PRIMARY = "P"
PROFESSIONAL, INPATIENT, OUTPATIENT = "professional", "inpatient", "outpatient"
INSTITUTIONAL = "I"


def classes_of(claims: pd.DataFrame, rulebook: Rulebook) -> pd.Series:
    """Professional, outpatient or inpatient (domain.md 4.3)."""
    inpatient = claims["facility_code"].str[:2].isin(rulebook.inpatient_bill_types)
    of_hospital = inpatient.map({True: INPATIENT, False: OUTPATIENT})
    return of_hospital.where(claims["kind"] == INSTITUTIONAL, PROFESSIONAL)


def late_beyond_doubt(claims: pd.DataFrame, lines: pd.DataFrame, rulebook: Rulebook) -> pd.Series:
    """Which claims are. `lines` have `row` of their claim, procedure_code, service_from and service_through."""
    open_to_doubt = (
        claims["frequency_code"].isin(CORRECTIONS)
        | claims["delay_reason"].notna()
        | (claims["payer_responsibility"].fillna(PRIMARY) != PRIMARY)
        | claims["predetermination"].notna()
        | claims["service_from"].isna()
    )
    doubtless = claims[~open_to_doubt].assign(claim_class=lambda frame: classes_of(frame, rulebook))
    docket = lines.merge(doubtless, on="row", suffixes=("", "_of_claim")).rename(
        columns={
            "service_from": "line_from",
            "service_through": "line_through",
            "service_from_of_claim": "claim_from",
            "service_through_of_claim": "claim_through",
        }
    )
    docket["service_day"] = docket["line_from"].fillna(docket["claim_from"])
    in_time = np.zeros(len(docket), np.bool_)
    ruled = np.zeros(len(docket), np.bool_)
    for rule in rulebook.filing_rules:
        may = _may_apply(docket, rule)
        if may.any():
            ruled |= may
            in_time[may] |= ~_is_late(docket[may], rule, rulebook.filing)
    late = (docket[["row"]].assign(late=ruled & ~in_time)).groupby("row")["late"].all()
    return claims["row"].map(late).eq(other=True)


def _may_apply(lines: pd.DataFrame, rule: FilingRule) -> NDArray[np.bool_]:
    """Of this class and kind, and in force on the day or on any other day that may count: plans are not known here."""
    may = lines["claim_class"] == rule.claim_class
    if rule.kinds:
        may &= lines["kind"].isin(rule.kinds)
    first, last = lines["claim_from"], lines["claim_through"].fillna(lines["line_through"]).fillna(lines["claim_from"])
    may &= last >= np.datetime64(rule.effective_from, "s")
    if rule.effective_through is not None:
        may &= first <= np.datetime64(rule.effective_through, "s")
    return may.to_numpy(dtype=np.bool_)


def _is_late(lines: pd.DataFrame, rule: FilingRule, settings: FilingSettings) -> NDArray[np.bool_]:
    """After the last day of the last day that may count, and of a reduction where there is one."""
    from rules.filing_anchors import normal_anchors  # noqa: PLC0415 - the command line must start without pandas
    from rules.filing_calendar import add, as_days, last_days  # noqa: PLC0415 - as above

    if rule.retroactive_eligibility:
        return np.zeros(len(lines), np.bool_)
    anchors = as_days(normal_anchors(lines, rule))
    ends = as_days(lines["line_through"].fillna(lines["line_from"]).fillna(lines["claim_through"]))
    anchors = np.where(rule.range_anchor == "split", np.fmax(anchors, ends), anchors)
    days = last_days(anchors, rule.limit, rule, settings).days
    if rule.late_reduction is not None:
        days = add(days, rule.late_reduction.within)
    return np.asarray(as_days(lines["received_date"]) > days)


def filed_late(claims: pd.DataFrame) -> pd.Series:
    """Looked at only where the plan asks."""
    return claims["filed_late"]


LATE = Edit(
    "FILED_LATE",
    "every line came after its last day under every filing rule that may apply; not looked at: corrections, later "
    "payers, delay reasons",
    "A3:718",
    7,
    "domain.md 1.6, 5.6: by default accepted and denied CO 29",
    "accept",
    judge=filed_late,
)
EDITS = (LATE,)
