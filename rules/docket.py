"""The docket: one row a claim line, with everything of its claim beside it, in the order of the claims."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

from edi.trouble import Final
from rules.rulebook import Rulebook

THOUSANDTHS = 1000
"""Quantities have three decimals at most (SV104, SV205 are R 1/15)."""

PROFESSIONAL_KINDS = ("P", "D")
DENTAL = "D"
PROCEDURE_UNIT = "UN"
"""Unit of a dental service: SV306 counts procedures and names no unit."""

LAST_DAY = pd.Timestamp("9999-12-31").as_unit("s")
"""Stands for an open end while days are compared."""

CLAIM_TEXT = (
    "kind",
    "facility_code",
    "frequency_code",
    "patient_status",
    "billing_npi",
    "billing_tin",
    "correction_problem",
    "original_state",
    "original_version_state",
    "family_frequency_code",
    "fingerprint",
    "original_fingerprint",
    "delay_reason",
    "payer_id",
    "set_kind",
)
CLAIM_DATES = (
    "received_date",
    "admission_date",
    "discharge_occurrence_date",
    "original_first_remitted_on",
    "original_late_through",
    "original_late_end",
    "original_reduced_through",
    "original_reduced_end",
    "primary_decided_on",
    "earlier_received_on",
    "latest_received_on",
    "authorization_decided_on",
)
CLAIM_IDS = ("member_id", "original_claim_id", "earlier_claim_id", "latest_claim_id")
OPTIONAL = frozenset(
    {
        "family_frequency_code",
        "original_late_through",
        "original_late_end",
        "original_reduced_through",
        "original_reduced_end",
        "primary_decided_on",
        "predetermination",
        "speaks_of_appeal",
        "delay_reason",
        "payer_id",
        "set_kind",
        "earlier_claim_id",
        "earlier_received_on",
        "latest_claim_id",
        "latest_received_on",
        "authorization_decided_on",
    }
)
"""Facts that a caller may leave out: they then hold for no claim."""
LINE_TEXT = (
    "procedure_code",
    "modifier_1",
    "modifier_2",
    "modifier_3",
    "modifier_4",
    "revenue_code",
    "unit",
    "place_of_service",
)


class BadFacts(Final):
    """The facts handed to the rules break their own definition, such as money that is not whole cents."""


def docket(claims: pd.DataFrame, lines: pd.DataFrame, rulebook: Rulebook, as_of: date | None = None) -> pd.DataFrame:
    """All lines of the claims with the facts of their claims.

    `claim` is the row of the claim in `claims`; `claim_class` is professional, outpatient or inpatient (domain.md 4.3),
    a dental claim being professional; a dental service is one procedure where the line does not count any (SV306);
    `service_day` is the day by which coverage, contract and price are found: the first day of the line, for a stay the
    day of admission (domain.md 7.2), each with the first day of the claim as fallback; `waited_days` are those from its
    receipt to the day `as_of` which it is decided (None: that of its receipt).

    Raises:
        BadFacts: money or quantities that are not exact, or a line of a claim that is not there.
    """
    ids = pd.Index(claims["claim_id"])
    if not ids.is_unique:
        raise BadFacts("a claim was handed in twice")
    position = ids.get_indexer(pd.Index(lines["claim_id"]))
    if (position < 0).any():
        raise BadFacts("a line belongs to none of the claims")
    order = np.lexsort((lines["line_number"].to_numpy(), position))
    sorted_lines = lines.iloc[order]
    claim = position[order]
    of_claim = claims.iloc[claim]
    index = pd.RangeIndex(len(sorted_lines))

    columns: dict[str, pd.Series] = {
        "claim": pd.Series(claim, index=index, dtype="int64"),
        "claim_id": _whole(of_claim["claim_id"]).set_axis(index),
        "line_number": _whole(sorted_lines["line_number"]).set_axis(index),
        "charge_cents": _whole(sorted_lines["charge_cents"]).set_axis(index),
        "quantity_thousandths": _thousandths(sorted_lines["quantity"]).set_axis(index),
        "quantity_missing": sorted_lines["quantity"].isna().set_axis(index),
        "line_from": _day(sorted_lines["service_from"]).set_axis(index),
        "line_through": _day(sorted_lines["service_through"]).set_axis(index),
        "claim_charge_cents": _whole(of_claim["charge_cents"]).set_axis(index),
        "claim_from": _day(of_claim["service_from"]).set_axis(index),
        "claim_through": _day(of_claim["service_through"]).set_axis(index),
    }
    for name in LINE_TEXT:
        columns[name] = sorted_lines[name].astype("str").set_axis(index)
    for name in CLAIM_TEXT:
        columns[name] = _known(of_claim, name, "str").set_axis(index)
    for name in CLAIM_IDS:
        columns[name] = _known(of_claim, name, "Int64").set_axis(index)
    for name in CLAIM_DATES:
        missing = name in OPTIONAL and name not in claims
        columns[name] = _no_day(index) if missing else _day(of_claim[name]).set_axis(index)
    told = of_claim["predetermination"] if "predetermination" in of_claim else pd.Series(data=False, index=index)
    waited = np.zeros(len(index), "int64")
    if as_of is not None:
        waited = (pd.Timestamp(as_of) - columns["received_date"]).dt.days.fillna(0).to_numpy(dtype="int64")
    columns["waited_days"] = pd.Series(waited, index=index)
    columns["is_predetermination"] = told.fillna(value=False).astype("bool").set_axis(index)
    said = of_claim["speaks_of_appeal"] if "speaks_of_appeal" in of_claim else pd.Series(data=False, index=index)
    columns["speaks_of_appeal"] = said.fillna(value=False).astype("bool").set_axis(index)
    tests = of_claim["is_test"] if "is_test" in of_claim else pd.Series(data=False, index=index)
    columns["is_test"] = tests.fillna(value=False).astype("bool").set_axis(index)
    frame = _count_procedures(pd.DataFrame(columns))
    frame["claim_class"] = _claim_class(frame, rulebook)
    first_day = frame["line_from"].fillna(frame["claim_from"])
    admission = frame["admission_date"].fillna(frame["claim_from"]).fillna(frame["line_from"])
    frame["service_day"] = admission.where(frame["claim_class"] == "inpatient", first_day)
    return frame


def _count_procedures(frame: pd.DataFrame) -> pd.DataFrame:
    """Dental lines with their unit, and with one procedure where none were counted."""
    dental = frame["kind"] == DENTAL
    frame["unit"] = frame["unit"].mask(dental, PROCEDURE_UNIT)
    uncounted = dental & frame["quantity_missing"]
    frame["quantity_thousandths"] = frame["quantity_thousandths"].mask(uncounted, THOUSANDTHS)
    return frame.drop(columns="quantity_missing")


def units_billed(lines: pd.DataFrame) -> pd.Series:
    """Thousandths of units that limits count: a service that is charged is at least one, though none are counted."""
    counted = lines["quantity_thousandths"]
    return counted.where(counted > 0, THOUSANDTHS).where(lines["charge_cents"] > 0, 0)


def _claim_class(frame: pd.DataFrame, rulebook: Rulebook) -> pd.Series:
    """Institutional bills are stays by the first two digits of their type of bill (CLM05-1), else outpatient."""
    stay = frame["facility_code"].str[:2].isin(rulebook.inpatient_bill_types)
    institutional = np.where(stay.to_numpy(dtype=bool), "inpatient", "outpatient")
    professional = frame["kind"].isin(PROFESSIONAL_KINDS).to_numpy(dtype=bool)
    return pd.Series(np.where(professional, "professional", institutional), index=frame.index, dtype="str")


def _known(claims: pd.DataFrame, name: str, kind: str) -> pd.Series:
    """A fact of the claims; one that may be left out, and is, holds for none of them."""
    if name in OPTIONAL and name not in claims:
        return pd.Series(None, index=claims.index, dtype=kind)
    return claims[name].astype(pd.api.types.pandas_dtype(kind))


def _day(days: pd.Series) -> pd.Series:
    return days.astype("datetime64[s]")


def _no_day(index: pd.Index) -> pd.Series:
    return pd.Series(np.datetime64("NaT", "s"), index=index, dtype="datetime64[s]")


def _whole(numbers: pd.Series) -> pd.Series:
    if numbers.dtype.kind not in "iu" or numbers.hasnans:
        if len(numbers):
            raise BadFacts(f"{numbers.name} must hold whole numbers, and hold one in every row")
        return numbers.astype("object").astype("int64")
    return numbers.astype("int64")


def _thousandths(quantities: pd.Series) -> pd.Series:
    """Exact thousandths; a missing or oversized quantity is none at all."""
    if quantities.dtype.kind == "f" and quantities.notna().any():
        raise BadFacts("quantities must be exact decimals")
    distinct = {value: _scaled(value) for value in quantities.dropna().unique()}
    return quantities.map(distinct).astype("object").fillna(0).astype("int64")


def _scaled(quantity: Any) -> int:  # noqa: ANN401 - Decimal or whole number, as the database or Arrow gives it
    scaled = Decimal(quantity) * THOUSANDTHS
    whole = int(scaled)
    if scaled != whole:
        raise BadFacts("a quantity has more than three decimals")
    return whole if abs(whole) < 2**62 else 0
