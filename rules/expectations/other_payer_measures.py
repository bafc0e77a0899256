"""Does what other payers decided add up? Of the whole claim (2320) and of its lines (2430), as 005010 balances them.

A line's charge is what the payer paid for it (SVD02) and its adjustments (CAS); what it paid for the claim (AMT*D) is
what it paid for the lines less the adjustments of the claim, or, where it decided on no line, the charge less these.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from rules.expectations.catalogue import ADJUDICATION, ADJUSTMENT, CLAIM, LINE, OTHER
from rules.expectations.frames import frame_of

PAYER = ["parent_row", "other_coverage"]
DECISION = ["parent_row", "line_adjudication"]


def measure_lines(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    """Of decisions on lines."""
    facts = frame_of(tables[ADJUDICATION], ("parent_row", "line_row", "ordinal", "paid_cents"))
    charges = frame_of(tables[LINE], ("charge_cents",))["charge_cents"]
    adjusted = _sums(_adjustments(tables), DECISION, facts[["parent_row", "ordinal"]])
    charge = charges.reindex(facts["line_row"].fillna(-1).to_numpy()).set_axis(facts.index)
    return {"balanced": _agrees(charge, facts["paid_cents"] + adjusted)}


def measure_payers(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    """Of other payers of claims; True where one does not say what it paid."""
    facts = frame_of(tables[OTHER], ("parent_row", "ordinal", "paid_cents"))
    keys = facts[["parent_row", "ordinal"]]
    charge = frame_of(tables[CLAIM], ("charge_cents",))["charge_cents"].reindex(facts["parent_row"].to_numpy())
    adjustments = _adjustments(tables)
    adjusted = _sums(adjustments[adjustments["line_adjudication"].isna()], PAYER, keys)
    paid = charge.set_axis(facts.index)
    if ADJUDICATION in tables:
        lines = frame_of(tables[ADJUDICATION], ("parent_row", "other_coverage", "paid_cents"))
        named = lines.dropna(subset=["other_coverage"]).rename(columns={"paid_cents": "amount_cents"})
        decided = pd.MultiIndex.from_frame(keys).isin(pd.MultiIndex.from_frame(named[PAYER]))
        paid = paid.where(~decided, _sums(named, PAYER, keys))
    return {"balanced": _agrees(facts["paid_cents"], paid - adjusted)}


def _adjustments(tables: Mapping[str, pa.Table]) -> pd.DataFrame:
    columns = ("parent_row", "other_coverage", "line_adjudication", "amount_cents")
    if ADJUSTMENT not in tables:
        return pd.DataFrame({name: pd.Series([], dtype="Int64") for name in columns})
    return frame_of(tables[ADJUSTMENT], columns)


def _sums(amounts: pd.DataFrame, by: list[str], keys: pd.DataFrame) -> pd.Series:
    """What is found under each key; zero where nothing is."""
    sums = amounts.dropna(subset=by).groupby(by)["amount_cents"].sum()
    found: pd.Series = sums.reindex(pd.MultiIndex.from_frame(keys)).fillna(0).set_axis(keys.index)
    return found


def _agrees(told: pd.Series, reckoned: pd.Series) -> pd.Series:
    """True too where one of them is missing: that is another's question."""
    return (told == reckoned).fillna(value=True).astype("bool")
