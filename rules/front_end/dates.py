"""Dates of a claim against the day of its receipt, the patient's birth, and each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rules.front_end.edit import Edit

if TYPE_CHECKING:
    import pandas as pd
LAST_BILLS = ("1", "4")
"""CLM05-3: admit through discharge, and the last of several."""


def stay_has_ended(claims: pd.DataFrame, inpatient_bill_types: Sequence[str]) -> pd.Series:
    """Bills for stays that came to an end (domain.md 4.3, 4.4)."""
    from rules.filing_anchors import STILL_A_PATIENT  # noqa: PLC0415 - the command line must start without pandas

    stay = (claims["kind"] == "I") & claims["facility_code"].str[:2].isin(inpatient_bill_types)
    return stay & claims["frequency_code"].isin(LAST_BILLS) & ~claims["patient_status"].isin(STILL_A_PATIENT)


def after_receipt(claims: pd.DataFrame) -> pd.Series:
    """Service that was still to come."""
    return (claims["service_from"] > claims["received_date"]) | (claims["service_through"] > claims["received_date"])


def before_birth(claims: pd.DataFrame) -> pd.Series:
    """Service before the patient was born."""
    return claims["service_from"] < claims["patient_birth_date"]


def discharged_before_admission(claims: pd.DataFrame) -> pd.Series:
    """An institutional statement that ends before the admission (domain.md 4.4)."""
    return (claims["kind"] == "I") & (claims["service_through"] < claims["admission_date"])


def admission_after_receipt(claims: pd.DataFrame) -> pd.Series:
    """An admission that was still to come."""
    return claims["admission_date"] > claims["received_date"]


def undated(claims: pd.DataFrame) -> pd.Series:
    """Neither lines nor claim have a date of service, and payment is asked for."""
    return claims["service_from"].isna() & claims["predetermination"].isna()


def discharge_hour_missing(claims: pd.DataFrame) -> pd.Series:
    """The last bill of a stay, which ended, without the hour of discharge (DTP 096)."""
    return claims["stay_has_ended"] & claims["discharged_at"].isna()


def discharged_earlier_that_day(claims: pd.DataFrame) -> pd.Series:
    """A stay of one day that ends at an hour before it began."""
    one_day = (claims["kind"] == "I") & (claims["service_through"] == claims["admission_date"])
    return one_day & (claims["discharged_at"] < claims["admitted_at"])


EDITS = (
    Edit("SERVICE_UNDATED", "no date of service", "A6:187", 4, "domain.md 1.6", judge=undated),
    Edit("SERVICE_AFTER_RECEIPT", "service after the day of receipt", "A7:510 A7:187", 7, "domain.md 1.6, 7.5",
         judge=after_receipt),
    Edit("SERVICE_BEFORE_BIRTH", "service before the patient's birth", "A7:187 A7:158:QC", 7, "domain.md 7.5",
         judge=before_birth),
    Edit("DISCHARGE_BEFORE_ADMISSION", "the statement ends before the admission", "A8:189 A8:190", 4, "domain.md 4.4",
         judge=discharged_before_admission),
    Edit("DISCHARGE_HOUR_MISSING", "the last bill of a stay that has ended has no discharge hour (DTP 096)", "A6:233",
         4, "domain.md 1.6", "accept", judge=discharge_hour_missing),
    Edit("DISCHARGE_HOUR_EARLY", "discharged before the hour of admission of the same day", "A8:189 A8:233", 4,
         "domain.md 1.6, 4.4", judge=discharged_earlier_that_day),
    Edit("ADMISSION_AFTER_RECEIPT", "admission after the day of receipt", "A7:510 A7:189", 7, "domain.md 1.6",
         judge=admission_after_receipt),
)  # fmt: skip
