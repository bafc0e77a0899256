"""LX loops: how the claims of a payment are grouped, and what each group comes to (835 2000 TS3, TS2).

The guide wants sums for Medicare part A, and lets others say whose of a payee's providers a claim is. A group is a
provider's claims of one facility type and fiscal year; that of a provider is taken to end in December.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from edi.payment_run import PAYMENT, VOID
from rules.payments.content import INSTITUTIONAL

MEDICARE_PART_A = "MA"
"""CLP06 of the claims for which TS2 is meant."""
GROUP = ["payee_id", "summed", "provider_number", "facility_type", "period_year"]
COVERED_DAYS = "CA"
INTERIM_BILLS = ("2", "3")
"""Frequencies of bills of a stay that goes on: nobody was discharged."""


def group(claims: pd.DataFrame, *, summed: bool) -> pd.DataFrame:
    """The claims with `GROUP`, and `level`: the number of their loop within their payee, from 1.

    A reversal is in the group of what takes its place, for it stands directly before that. What cannot be named by
    provider and facility stays with the professional claims. Columns asked for:
    payee_id, entry, of (claim_id of what is decided), kind, billing_npi, facility_code, service_through.
    """
    leads = claims[claims["entry"] == PAYMENT].drop_duplicates("of").set_index("of")
    named = (leads["billing_npi"].fillna("") != "") & (leads["facility_code"].fillna("") != "")
    institutional = (leads["kind"] == INSTITUTIONAL) & named & summed
    years = leads["service_through"].fillna(leads["received_date"]).dt.year
    keys = pd.DataFrame(
        {
            "summed": institutional,
            "provider_number": leads["billing_npi"].where(institutional).fillna("").astype("str"),
            "facility_type": leads["facility_code"].str[:2].where(institutional).fillna("").astype("str"),
            "period_year": years.where(institutional).fillna(0).astype("int64"),
        }
    )
    found = claims.join(keys, on="of")
    order = found[GROUP].drop_duplicates().sort_values(GROUP)
    numbered = order.assign(level=order.groupby("payee_id").cumcount() + 1)
    return found.merge(numbered, on=GROUP, how="left", validate="many_to_one").set_axis(claims.index)


def sums(claims: pd.DataFrame, quantities: pd.DataFrame) -> pd.DataFrame:
    """The rows of `PaymentRun.levels`: what the claims that are shown in each summed group come to."""
    shown = claims[claims["summed"] & (claims["status_code"] != VOID)]
    days = pd.to_numeric(quantities.loc[quantities["qualifier"] == COVERED_DAYS].set_index("claim")["quantity"])
    sign = np.where(shown["entry"] == PAYMENT, 1, -1)
    left = shown["is_inpatient"].astype("bool") & ~shown["frequency_code"].isin(INTERIM_BILLS)
    facts = shown.assign(
        discharged=np.where(left, sign, 0),
        days=days.groupby(level=0).sum().reindex(shown.index).fillna(0),
        weight=pd.to_numeric(shown["drg_weight"]),
        is_part_a=(shown["filing_indicator"] == MEDICARE_PART_A) & shown["is_inpatient"].astype("bool"),
    )
    found = facts.groupby(["payment", "level"], sort=True).agg(
        provider_number=("provider_number", "first"),
        facility_code=("facility_type", "first"),
        period_year=("period_year", "first"),
        claims=("claim_id", "size"),
        charge_cents=("charge_cents", "sum"),
        discharges=("discharged", "sum"),
        covered_days=("days", "sum"),
        average_weight=("weight", "mean"),
        is_part_a=("is_part_a", "all"),
    )
    part_a = found["is_part_a"].astype("bool")
    return found.assign(
        period_end=pd.Series([date(year, 12, 31) for year in found["period_year"]], found.index, dtype="object"),
        discharges=found["discharges"].astype("Int64").where(part_a),
        covered_days=found["covered_days"].map("{:g}".format).astype("str").where(part_a),
        average_weight=found["average_weight"]
        .round(4)
        .map("{:.12g}".format)
        .astype("str")
        .where(part_a & found["average_weight"].notna()),
    ).reset_index()
