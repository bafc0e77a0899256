"""Which fee of the schedule applies to a line."""

from __future__ import annotations

import pandas as pd

from rules.docket import LAST_DAY
from rules.rulebook import Fee, Rulebook, basis_points

ANY = ""
CODES = ("procedure_code", "modifier", "revenue_code")
MODIFIERS = ["modifier_1", "modifier_2", "modifier_3", "modifier_4"]


def find_fees(lines: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """The fee of each line: `fee_id`, `fee_cents` a unit (-1: a percentage), `fee_basis_points` of the charge.

    All codes that a fee names must be on the line; its plan, unit and days must fit. Of several, the one that names
    more wins (procedure, then modifier, then revenue code), then one for the plan, then the one in force last, then the
    one listed first. `fee_id` is missing where none applies.
    """
    schedule = _schedule(rulebook.fees)
    described = lines[["procedure_code", "revenue_code", "plan_id", "unit", "service_day"]].assign(at=lines.index)
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
        & ((pairs["fee_unit"] == ANY) | (pairs["fee_unit"] == pairs["unit"]))
        & (pairs["fee_from"] <= pairs["service_day"])
        & (pairs["service_day"] <= pairs["fee_through"])
    )
    best = pairs[fits].sort_values("rank").drop_duplicates("at").set_index("at")
    return pd.DataFrame(
        {
            "fee_id": best["fee_id"].reindex(lines.index),
            "fee_cents": best["fee_cents"].reindex(lines.index, fill_value=0),
            "fee_basis_points": best["fee_basis_points"].reindex(lines.index, fill_value=0),
        }
    )


def _with_modifiers(described: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """A row for each modifier of a line."""
    each = [described.assign(modifier=lines[name]).dropna(subset=["modifier"]) for name in MODIFIERS]
    return pd.concat(each)


def _schedule(fees: tuple[Fee, ...]) -> pd.DataFrame:
    """A row for each fee, plan and unit; a lower rank wins."""

    def strength(listed: int) -> tuple[bool, bool, bool, bool, int, int]:
        fee = fees[listed]
        named = (fee.procedure_code is not None, fee.modifier is not None, fee.revenue_code is not None)
        return (*named, bool(fee.plans), fee.effective_from.toordinal(), -listed)

    rank = {listed: position for position, listed in enumerate(sorted(range(len(fees)), key=strength, reverse=True))}
    rows = [
        (
            fee.procedure_code,
            fee.modifier,
            fee.revenue_code,
            plan,
            unit,
            pd.Timestamp(fee.effective_from),
            LAST_DAY if fee.effective_through is None else pd.Timestamp(fee.effective_through),
            rank[listed],
            fee.id,
            -1 if fee.allowed_cents is None else fee.allowed_cents,
            0 if fee.percent_of_charge is None else basis_points(fee.percent_of_charge),
        )
        for listed, fee in enumerate(fees)
        for plan in (fee.plans or (ANY,))
        for unit in ((ANY,) if fee.allowed_cents is None else fee.units)
    ]
    types = dict.fromkeys((*CODES, "fee_plan", "fee_unit"), "str")
    types |= {"fee_from": "datetime64[s]", "fee_through": "datetime64[s]", "rank": "int64", "fee_id": "str"}
    types |= {"fee_cents": "int64", "fee_basis_points": "int64"}
    columns = pd.DataFrame(rows, columns=list(types), dtype="object")
    return columns.astype(types)
