"""Which fee of the schedule applies to a line: of those in the configuration and of those that the plan loaded."""

from __future__ import annotations

import numpy as np
import pandas as pd

from edi.reference_data import ReferenceFacts
from rules.docket import LAST_DAY
from rules.rulebook import Fee, Rulebook, basis_points

ANY = ""
CODES = ("procedure_code", "modifier", "revenue_code", "drg_code", "place_of_service")
MODIFIERS = ["modifier_1", "modifier_2", "modifier_3", "modifier_4"]
UNITS = ("UN", "DA")
"""Units that an amount without a unit is meant for; minutes (MJ) are not units."""
TYPES = dict.fromkeys((*CODES, "fee_schedule", "fee_plan", "fee_unit", "fee_id", "fee_method"), "str")
TYPES |= {"fee_from": "datetime64[s]", "fee_through": "datetime64[s]", "fee_cents": "int64"}
TYPES |= {"fee_basis_points": "int64"}
STRENGTH = ["drg_code", "procedure_code", "modifier", "revenue_code", "place_of_service"]
"""What makes a fee the narrower one, first come first; then its schedule, its plan, and the day it came into force."""


def find_fees(lines: pd.DataFrame, rulebook: Rulebook, reference: ReferenceFacts | None = None) -> pd.DataFrame:
    """The fee of each line: `fee_id`, `fee_cents` a unit (-1: not by unit), `fee_basis_points` of the charge.

    `fee_method` is unit, percent, per_diem or case; of the last two `fee_whole_cents` is the amount of a day of the
    stay or of the case. All codes that a fee names must be on the line, or be the DRG of its claim; its schedule
    must be that of the contract, its plan, unit and days must fit. Of several, the one for a DRG wins, then the one
    that names more (procedure, modifier, revenue code, place), then one for the schedule, for the plan, the one in
    force last, the one listed first, the loaded before the configured. `fee_id` is missing where none applies. Late
    charges that state no DRG have that of the bill that they add to.
    """
    schedule = _schedule(rulebook.fees, reference)
    described = lines[["procedure_code", "revenue_code", "plan_id", "unit", "service_day"]].assign(
        at=lines.index,
        drg_code=_drg(lines, reference),
        place_of_service=lines["place_of_service"].fillna(lines["facility_code"]),
        contract_schedule=lines["fee_schedule"] if "fee_schedule" in lines else pd.Series(np.nan, lines.index),
    )
    described["contract_schedule"] = described["contract_schedule"].astype("str").fillna(ANY)
    candidates = [described.iloc[:0].join(schedule.drop(columns=list(CODES)))]
    for named, fees in schedule.groupby([schedule[code].notna() for code in CODES]):
        keys = [code for code, is_named in zip(CODES, named, strict=True) if is_named]
        able = _with_modifiers(described, lines) if "modifier" in keys else described
        unused = [code for code in CODES if code not in keys]
        asked = able.dropna(subset=[*keys, "plan_id", "service_day"])
        offered = fees.drop(columns=unused)
        pairs = asked.merge(offered, on=keys) if keys else asked.merge(offered, how="cross")
        candidates.append(pairs)
    pairs = pd.concat(candidates)
    fits = (
        ((pairs["fee_plan"] == ANY) | (pairs["fee_plan"] == pairs["plan_id"]))
        & ((pairs["fee_schedule"] == ANY) | (pairs["fee_schedule"] == pairs["contract_schedule"]))
        & ((pairs["fee_unit"] == ANY) | (pairs["fee_unit"] == pairs["unit"]))
        & (pairs["fee_from"] <= pairs["service_day"])
        & (pairs["service_day"] <= pairs["fee_through"])
    )
    best = pairs[fits].sort_values("rank").drop_duplicates("at").set_index("at")
    whole = best["fee_method"].isin(["per_diem", "case"])
    return pd.DataFrame(
        {
            "fee_id": best["fee_id"].reindex(lines.index),
            "fee_method": best["fee_method"].reindex(lines.index),
            "fee_cents": best["fee_cents"]
            .mask(whole | (best["fee_method"] == "percent"), -1)
            .reindex(lines.index, fill_value=0),
            "fee_whole_cents": best["fee_cents"].where(whole, 0).reindex(lines.index, fill_value=0),
            "fee_basis_points": best["fee_basis_points"].reindex(lines.index, fill_value=0),
        }
    )


def _drg(lines: pd.DataFrame, reference: ReferenceFacts | None) -> pd.Series:
    if reference is None:
        return pd.Series(np.nan, lines.index).astype("str")
    own = lines["claim_id"].map(reference.claims.set_index("claim_id")["drg_code"]).astype("str")
    return own.fillna(lines["base_drg_code"]) if "base_drg_code" in lines else own


def _with_modifiers(described: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """A row for each modifier of a line."""
    each = [described.assign(modifier=lines[name]).dropna(subset=["modifier"]) for name in MODIFIERS]
    return pd.concat(each)


def _schedule(fees: tuple[Fee, ...], reference: ReferenceFacts | None) -> pd.DataFrame:
    """A row for each fee, plan and unit; a lower rank wins."""
    together = _configured(fees)
    if reference is not None and "fee" in reference.tables:
        together = pd.concat([_loaded(reference.tables["fee"]), together], ignore_index=True)
    together["listed"] = np.arange(len(together))
    order = [together[name].notna() for name in STRENGTH]
    order += [together["fee_schedule"] != ANY, together["fee_plan"] != ANY, together["fee_from"]]
    ranked = np.lexsort([together["listed"], *(-each.astype("int64") for each in reversed(order))])
    rank = np.empty(len(together), dtype=np.int64)
    rank[ranked] = np.arange(len(together))
    return together.drop(columns="listed").assign(rank=rank)


def _configured(fees: tuple[Fee, ...]) -> pd.DataFrame:
    rows = [
        {
            "procedure_code": fee.procedure_code,
            "modifier": fee.modifier,
            "revenue_code": fee.revenue_code,
            "drg_code": None,
            "place_of_service": None,
            "fee_schedule": ANY,
            "fee_plan": plan,
            "fee_unit": unit,
            "fee_from": pd.Timestamp(fee.effective_from),
            "fee_through": LAST_DAY if fee.effective_through is None else pd.Timestamp(fee.effective_through),
            "fee_id": fee.id,
            "fee_method": "percent" if fee.allowed_cents is None else "unit",
            "fee_cents": fee.allowed_cents or 0,
            "fee_basis_points": 0 if fee.percent_of_charge is None else basis_points(fee.percent_of_charge),
        }
        for fee in fees
        for plan in (fee.plans or (ANY,))
        for unit in ((ANY,) if fee.allowed_cents is None else fee.units)
    ]
    return pd.DataFrame(rows, columns=list(TYPES), dtype="object").astype(TYPES)


def _loaded(fees: pd.DataFrame) -> pd.DataFrame:
    """The plan's table of fees in the same columns; an amount without a unit is for each of UNITS."""
    rows = pd.DataFrame({code: fees[code] for code in CODES})
    revenue = "REV-" + fees["revenue_code"]
    named = [fees["procedure_code"], fees["modifier"], revenue, "DRG-" + fees["drg_code"]]
    named += ["POS-" + fees["place_of_service"], fees["schedule"]]
    text = pd.Series("FEE", index=fees.index, dtype="object")
    for each in named:
        text = text + ("-" + each).fillna("").astype("object")
    rows["fee_id"] = text.where(text != "FEE", "FEE-ANY")
    rows["fee_schedule"], rows["fee_plan"] = fees["schedule"].fillna(ANY), fees["plan_id"].fillna(ANY)
    rows["fee_method"] = fees["method"]
    rows["fee_unit"] = fees["unit"].fillna("UN DA").str.split(" ").where(fees["method"] == "unit", ANY)
    rows["fee_from"] = fees["effective_from"]
    rows["fee_through"] = fees["effective_through"].fillna(LAST_DAY)
    rows["fee_cents"] = fees["amount_cents"].fillna(0)
    rows["fee_basis_points"] = fees["basis_points"].fillna(0)
    return rows.explode("fee_unit")[list(TYPES)].astype(TYPES)
