"""What a plan keeps of a line that is late in part: the late days of a range, or a share of the payment.

A range of service days whose first days are late is paid for the others; the late days' share of the charge is CO 29
(domain.md 5.2). A contract that only reduces what comes late takes a percentage of the payment, CO B4 (domain.md 5.6,
8.2 #42); the member owes no more for it.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rules.benefits import share
from rules.ruling import Ruling

LATE_PART, LATE_REDUCTION = "late_part", "late_reduction"


def timely_allowed(lines: pd.DataFrame) -> pd.Series:
    """The allowed amounts, of split ranges the share of their timely days, rounded half up; never above the charge."""
    days, late = _days(lines)
    allowed = lines["allowed_cents"].to_numpy()
    of_timely = (2 * allowed * (days - late) + days) // (2 * days)
    left = lines["charge_cents"].to_numpy() - _late_parts(lines)
    return pd.Series(np.where(late > 0, np.minimum(of_timely, left), allowed), index=lines.index, dtype="int64")


def take(lines: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    """The money of payable lines with `late_part` and `late_reduction`, which come out of write-off and payment.

    Of the late days' share what another payer before us has taken is not there to be written off.
    """
    part = np.minimum(_late_parts(lines), money["write_off"].clip(lower=0))
    late_part = pd.Series(part, index=lines.index, dtype="int64")
    points = lines["filing_reduction"].to_numpy(dtype=np.int64)
    reduction = pd.Series(share(money["paid"].to_numpy(), points), index=lines.index, dtype="int64")
    return money.assign(
        write_off=money["write_off"] - late_part,
        paid=money["paid"] - reduction,
        late_part=late_part,
        late_reduction=reduction,
    )


def adjust(adjusted: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    """The adjustments of payable lines with those for late filing."""
    parts = [_adjustment(money[LATE_PART], "29"), adjusted, _adjustment(money[LATE_REDUCTION], "B4")]
    return pd.concat([part for part in parts if len(part)]) if any(map(len, parts)) else adjusted


def _adjustment(amounts: pd.Series, reason: str) -> pd.DataFrame:
    """CO with a reason, of lines whose amount is not 0."""
    codes = {"group_code": "CO", "reason_code": reason, "amount_cents": amounts[amounts != 0]}
    return pd.DataFrame(codes).astype({"group_code": object, "reason_code": object})


def explain(lines: pd.DataFrame, money: pd.DataFrame) -> Iterator[Ruling]:
    """What was taken off, of the lines that it was taken off."""
    split = lines[money[LATE_PART] > 0]
    late_days = pd.to_timedelta(split["filing_late_days"] - 1, unit="D")
    yield Ruling(
        lines=split,
        effect="note",
        rule=split["filing_rule"],
        text="CO 29 {cents} cents for {late_days} of {range_days} days, those through {late_through}",
        facts={
            "cents": money.loc[split.index, LATE_PART],
            "late_days": split["filing_late_days"],
            "range_days": split["filing_range_days"],
            "late_through": split["line_from"] + late_days,
        },
    )
    reduced = lines[money[LATE_REDUCTION] > 0]
    yield Ruling(
        lines=reduced,
        effect="note",
        rule=reduced["filing_rule"],
        text="CO B4 {cents} cents, {basis_points} basis points of the payment",
        facts={"cents": money.loc[reduced.index, LATE_REDUCTION], "basis_points": reduced["filing_reduction"]},
    )


def _late_parts(lines: pd.DataFrame) -> np.ndarray:
    """The late days' share of the charge in cents, rounded half up; 0 where no day is late."""
    days, late = _days(lines)
    return np.asarray((2 * lines["charge_cents"].to_numpy() * late + days) // (2 * days), dtype=np.int64)


def _days(lines: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    days = lines["filing_range_days"].to_numpy(dtype=np.int64)
    return np.maximum(days, 1), lines["filing_late_days"].to_numpy(dtype=np.int64)
