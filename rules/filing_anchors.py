"""The day from which a claim's limit counts, by the kind of claim (domain.md 4.3 to 4.5, 5.2)."""

from __future__ import annotations

import pandas as pd

from rules.filing_settings import FilingRule

STILL_A_PATIENT = tuple(str(code) for code in range(30, 40))
"""CL103: 30 still a patient, and the codes reserved beside it."""
INTERIM = ("2", "3")
"""Frequencies of bills for a stay that goes on: first and continuing; the last one is 4."""


def discharge_day(lines: pd.DataFrame) -> pd.Series:
    """When a stay ended (domain.md 4.4): occurrence 42, else the through date of the bill.

    A patient still in the house (CL103 30 to 39) and an interim bill have no discharge: NaT.
    """
    staying = lines["patient_status"].isin(STILL_A_PATIENT) | lines["frequency_code"].isin(INTERIM)
    return lines["discharge_occurrence_date"].fillna(lines["claim_through"]).mask(staying)


def normal_anchors(lines: pd.DataFrame, rule: FilingRule) -> pd.Series:
    """The day from which a rule counts, for each line, before what other payers or our own books change."""
    statement = lines["claim_through"].fillna(lines["line_through"]).fillna(lines["service_day"])
    if rule.anchor == "discharge":
        anchor = discharge_day(lines).fillna(statement)
    elif rule.anchor == "statement_through" or rule.lines == "last_of_claim":
        anchor = statement
    elif rule.range_anchor == "end":
        anchor = lines["line_through"].fillna(lines["line_from"]).fillna(statement)
    else:
        anchor = lines["line_from"].fillna(lines["claim_from"]).fillna(statement)
    if rule.end_of_care_procedures:
        whole_care = lines["procedure_code"].isin(rule.end_of_care_procedures)
        anchor = anchor.mask(whole_care, statement)
    return anchor


def basis_of(lines: pd.DataFrame, rule: FilingRule) -> pd.Series:
    """What the normal anchor is, in words."""
    if rule.anchor == "discharge":
        discharged = discharge_day(lines).notna()
        words = pd.Series("discharge", index=lines.index, dtype="str").where(discharged, "through date, no discharge")
    elif rule.anchor == "statement_through" or rule.lines == "last_of_claim":
        words = pd.Series("last day billed", index=lines.index, dtype="str")
    else:
        words = pd.Series(f"service {'end' if rule.range_anchor == 'end' else 'start'}", index=lines.index, dtype="str")
    return words.mask(lines["procedure_code"].isin(rule.end_of_care_procedures), "end of care")
