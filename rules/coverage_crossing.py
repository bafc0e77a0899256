"""Services over days of which only some are covered: a stay or a range that coverage ends in (domain.md 7.2, 8.2 #6).

Coverage is found by the first day (of a stay: of admission). What becomes of the days after its end is the plan's to
say (`Plan.crossing`): all are paid, the bill is to be split by its provider, or the payment is reduced by them.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rules.docket import LAST_DAY
from rules.rulebook import Rulebook
from rules.ruling import Ruling
from rules.stay_days import days_of_stay

UNCOVERED_PART = "uncovered_part"


def measure(lines: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """By line `crossing` (rebill or reduce; empty where nothing is to be done), `period_days` and `uncovered_days`.

    The days of a stay are those of `rules.stay_days`, which begin its nights: of a last bill that the stay is paid with
    all since `stay_from`. The days of a range are all of them. Those after the last day through which coverage goes on
    without a gap are uncovered.
    """
    found = pd.DataFrame({"crossing": "", "period_days": 0, "uncovered_days": 0}, index=lines.index)
    terms = {plan.id: plan.crossing for plan in sorted(rulebook.plans, key=lambda each: each.effective_from)}
    treatment = lines["plan_id"].map({plan: rule for plan, rule in terms.items() if rule != "first_day"})
    stay = lines["claim_class"] == "inpatient"
    first = lines["line_from"].fillna(lines["claim_from"]).mask(stay, lines["stay_from"])
    last = lines["line_through"].fillna(first)
    until = lines["coverage_until"].fillna(LAST_DAY)
    days = ((last - first).dt.days + 1).clip(lower=1)
    days[stay] = days_of_stay(lines[stay], first[stay])
    covered = ((until - first).dt.days + 1).clip(lower=0)
    crosses = treatment.notna() & (covered < days)
    found.loc[crosses, "crossing"] = treatment[crosses]
    found["period_days"] = days.fillna(0).astype("int64").where(crosses, 0)
    found["uncovered_days"] = (days - covered).fillna(0).astype("int64").where(crosses, 0)
    return found


def days_covered(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """CO 239: bill the covered days apart. What is to be reduced to nothing was simply not covered: PR 27."""
    facts = {
        "until": lines["coverage_until"],
        "uncovered": lines["uncovered_days"],
        "days": lines["period_days"],
    }
    whole = lines["uncovered_days"] == lines["period_days"]
    crossing = lines["crossing"]
    for at, group, reason in (
        ((crossing != "") & whole, "PR", "27"),
        ((crossing == "rebill") & ~whole, "CO", "239"),
    ):
        yield Ruling(
            lines=lines[at],
            effect="deny",
            rule="DAYS-COVERED",
            text="covered through {until}: {uncovered} of {days} days are not",
            facts=facts,
            whole_claim=lines["claim_class"] == "inpatient",
            group_code=group,
            reason_code=reason,
        )


def covered_allowed(lines: pd.DataFrame) -> pd.Series:
    """The allowed amounts, of reduced periods the share of their covered days, rounded half up."""
    allowed, charge = lines["allowed_cents"].to_numpy(), lines["charge_cents"].to_numpy()
    days, uncovered, late = _days(lines)
    timely = np.maximum(days - late, 1)
    share = (2 * allowed * np.maximum(timely - uncovered, 0) + timely) // (2 * timely)
    left = charge - (2 * charge * late + days) // (2 * days) - _parts(lines)
    reduced = np.where(uncovered > 0, np.maximum(np.minimum(share, left), 0), allowed)
    return pd.Series(reduced, index=lines.index, dtype="int64")


def take(lines: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    """The money of payable lines with `uncovered_part`: the uncovered days' share of the charge, less written off."""
    part = pd.Series(np.minimum(_parts(lines), money["write_off"].clip(lower=0)), index=lines.index, dtype="int64")
    return money.assign(write_off=money["write_off"] - part, **{UNCOVERED_PART: part})


def adjust(adjusted: pd.DataFrame, money: pd.DataFrame) -> pd.DataFrame:
    """The adjustments of payable lines with PR 238 for uncovered days."""
    part = money.loc[money[UNCOVERED_PART] != 0, UNCOVERED_PART]
    if part.empty:
        return adjusted
    added = pd.DataFrame({"group_code": "PR", "reason_code": "238", "amount_cents": part})
    return pd.concat([adjusted, added.astype({"group_code": object, "reason_code": object})])


def explain(lines: pd.DataFrame, money: pd.DataFrame) -> Iterator[Ruling]:
    """What was taken off, of the lines that it was taken off."""
    reduced = lines[money[UNCOVERED_PART] > 0]
    yield Ruling(
        lines=reduced,
        effect="note",
        rule="DAYS-COVERED",
        text="PR 238 {cents} cents for {uncovered} of {days} days, those after {until}",
        facts={
            "cents": money.loc[reduced.index, UNCOVERED_PART],
            "uncovered": reduced["uncovered_days"],
            "days": reduced["period_days"],
            "until": reduced["coverage_until"],
        },
    )


def _parts(lines: pd.DataFrame) -> np.ndarray:
    """The uncovered days' share of the charge in cents, rounded half up; 0 where none is."""
    days, uncovered, _ = _days(lines)
    return np.asarray((2 * lines["charge_cents"].to_numpy() * uncovered + days) // (2 * days), dtype=np.int64)


def _days(lines: pd.DataFrame) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Days of the period, and of them those that are uncovered, and those that were late and are denied for that."""
    reduced = (lines["crossing"] == "reduce").to_numpy()
    days = np.maximum(lines["period_days"].to_numpy(dtype=np.int64), 1)
    uncovered = np.where(reduced, lines["uncovered_days"].to_numpy(dtype=np.int64), 0)
    late = np.where(reduced, lines["filing_late_days"].to_numpy(dtype=np.int64), 0)
    return days, uncovered, late
