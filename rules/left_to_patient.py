"""What the payers before us left to the patient (domain.md 7.3), which is all that we may pay of.

Each tells it in its own way, by line (2430) or for the claim (2320). A payer that denies tells no more than that it
does not pay: what the payers before it wrote off and paid stays written off and paid.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from edi.claim_facts import OtherPayers
from rules.division import divided

UNIT = ["claim_id", "unit"]


def remaining(lines: pd.DataFrame, before: pd.DataFrame, others: OtherPayers) -> pd.Series:
    """Cents left to the patient of each line of the claims that have payers `before` us, 0 to the charge.

    `before` has them claim by claim in the order of payment: claim_id, payer, paid_cents, patient_liability_cents.
    After each payer it is what that one tells, and no more than what was left before it less what it paid; of the
    first that pays what it tells alone, for those before it had no part in the price. Never is it more than the charge
    less all payments. This is reckoned by line where all of them tell by line, else for the claim, whose sum is divided
    as the last of them told.
    """
    mine = lines.loc[lines["claim_id"].isin(before["claim_id"]), ["claim_id", "line_number", "charge_cents"]]
    asked = mine.astype({"line_number": "int64"})
    place = before.groupby("claim_id").cumcount()
    in_turn = [before[place == number] for number in range(int(place.max()) + 1)]
    told = [_told(asked, payers, others) for payers in in_turn]
    by_line = ~asked["claim_id"].isin(_telling_by_claim(before, others))
    asked["unit"] = asked["line_number"].where(by_line, 0)
    unit = asked.groupby(UNIT)["charge_cents"].sum()
    charge = unit.to_numpy(dtype="int64")
    left, paid_so_far = charge.copy(), np.zeros_like(charge)
    for payers, tells in zip(in_turn, told, strict=True):
        is_in = unit.index.get_level_values("claim_id").isin(payers["claim_id"])
        paid = np.clip(_paid(unit.index, payers, others), 0, charge)
        own = _by_unit(asked, tells).reindex(unit.index).to_numpy(dtype="int64")
        alone = (paid_so_far == 0) & (paid > 0)
        left = np.where(is_in, np.where(alone, own, np.minimum(own, left - paid)), left)
        paid_so_far = np.minimum(paid_so_far + np.where(is_in, paid, 0), charge)
    left = np.maximum(np.minimum(left, charge - paid_so_far), 0)
    last = before.drop_duplicates("claim_id", keep="last")
    weights = _told(asked, last, others)
    whole = pd.Series(left, index=unit.index).reindex(pd.MultiIndex.from_frame(asked[UNIT])).set_axis(asked.index)
    return divided(whole, weights, [asked[name] for name in UNIT])


def payments(lines: pd.DataFrame, payers: pd.DataFrame, others: OtherPayers) -> pd.Series:
    """Cents that all these payers paid of each line, 0 to the charge: by line where they tell so, else by charges."""
    asked = lines[["claim_id", "line_number", "charge_cents"]].astype({"line_number": "int64"})
    results = others.line_results.merge(payers[["claim_id", "payer"]].astype("Int64"), on=["claim_id", "payer"])
    by_line = results.astype({"claim_id": "int64", "line_number": "int64"})
    key = ["claim_id", "line_number"]
    told = by_line.groupby(key)["paid_cents"].sum().reindex(pd.MultiIndex.from_frame(asked[key]))
    of_line = told.set_axis(asked.index).fillna(0).astype("int64")
    total = payers.groupby("claim_id")["total_paid"].sum()
    rest = asked["claim_id"].map(total).fillna(0).astype("int64") - of_line.groupby(asked["claim_id"]).transform("sum")
    shared = divided(rest.clip(lower=0), asked["charge_cents"].clip(lower=0), [asked["claim_id"]])
    return (of_line + shared).clip(0, asked["charge_cents"].clip(lower=0))


def told_of_claim(payers: pd.DataFrame, others: OtherPayers) -> pd.Series:
    """Claims of which one of these payers tells what it left to the patient for the claim, and not by line alone."""
    key = ["claim_id", "payer"]
    owed = others.adjustments[others.adjustments["group_code"] == "PR"]
    whole = owed[owed["line_number"].isna()]
    stated = others.line_results[others.line_results["patient_liability_cents"].notna()]
    at = pd.MultiIndex.from_frame(payers[key].astype("Int64"))
    said = pd.concat([owed[key], stated[key]])
    remains = payers["patient_liability_cents"].notna() & ~at.isin(pd.MultiIndex.from_frame(said))
    found: pd.Series = payers.loc[at.isin(pd.MultiIndex.from_frame(whole[key])) | remains, "claim_id"]
    return found


def _telling_by_claim(before: pd.DataFrame, others: OtherPayers) -> pd.Series:
    """Claims of which a payer tells what it left, or what it paid, for the claim and not by line."""
    key = ["claim_id", "payer"]
    at = pd.MultiIndex.from_frame(before[key].astype("Int64"))
    of_lines = others.line_results.groupby(key)["paid_cents"].sum().reindex(at).fillna(0).to_numpy(dtype="int64")
    lump = before["paid_cents"].notna() & (before["paid_cents"].fillna(0).to_numpy(dtype="int64") != of_lines)
    found: pd.Series = pd.concat([told_of_claim(before, others), before.loc[lump, "claim_id"]])
    return found


def _paid(units: pd.Index, payers: pd.DataFrame, others: OtherPayers) -> np.ndarray:
    """What one payer of each claim paid of each unit: of a line by the line, of a claim in all."""
    payer = payers.set_index("claim_id")["payer"].astype("int64")
    results = _of_payer(others.line_results, payer).astype({"claim_id": "int64", "line_number": "int64"})
    of_line = results.groupby(["claim_id", "line_number"])["paid_cents"].sum().reindex(units).fillna(0)
    claims, numbers = units.get_level_values(0), units.get_level_values(1)
    in_all = payers.set_index("claim_id")["total_paid"].reindex(claims).fillna(0)
    return np.where(numbers == 0, in_all.to_numpy(dtype="int64"), of_line.to_numpy(dtype="int64"))


def _by_unit(asked: pd.DataFrame, cents: pd.Series) -> pd.Series:
    return cents.groupby([asked[name] for name in UNIT]).sum()


def _told(asked: pd.DataFrame, payers: pd.DataFrame, others: OtherPayers) -> pd.Series:
    """What one payer of each claim says that it left to the patient of each line, 0 to the charge.

    That is its PR adjustments of the line, and the line's share by charge of its PR adjustments of the claim. Only of a
    payer without any it is what is said to remain (AMT*EAF) of the line, or where that is said of no line, the line's
    share of what remains of the claim: both tell the same money, and are never added up.
    """
    payer = payers.set_index("claim_id")["payer"].astype("int64")
    adjusted = _of_payer(others.adjustments, payer)
    owed = adjusted[adjusted["group_code"] == "PR"].rename(columns={"amount_cents": "left"})
    results = _of_payer(others.line_results, payer).rename(columns={"patient_liability_cents": "left"})
    stated = results[results["left"].notna() & ~results["claim_id"].isin(owed["claim_id"])]
    of_claim = payers.rename(columns={"patient_liability_cents": "left"})
    unsaid = ~of_claim["claim_id"].isin(owed["claim_id"]) & ~of_claim["claim_id"].isin(stated["claim_id"])
    whole = owed["line_number"].isna()
    by_line = pd.concat([owed[~whole], stated])
    by_claim = pd.concat([owed[whole], of_claim[unsaid]])
    told = by_line.groupby(["claim_id", "line_number"])["left"].sum()
    left = told.reindex(pd.MultiIndex.from_frame(asked[["claim_id", "line_number"]]), fill_value=0).set_axis(
        asked.index
    )
    shared = asked["claim_id"].map(by_claim.groupby("claim_id")["left"].sum()).fillna(0).astype("int64")
    of_lines = divided(shared, asked["charge_cents"], [asked["claim_id"]])
    total = left.astype("object") + of_lines.astype("object")
    return pd.Series(np.clip(total, 0, asked["charge_cents"].astype("object")), index=asked.index).astype("int64")


def _of_payer(told: pd.DataFrame, payer: pd.Series) -> pd.DataFrame:
    """What one payer of each claim (`payer` by claim_id) said of it."""
    return told[told["payer"].astype("int64") == told["claim_id"].map(payer).fillna(0).astype("int64")]
