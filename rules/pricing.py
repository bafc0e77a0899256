"""What is allowed, what the member owes, and what the plan pays: exact cents, never a float."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np
import pandas as pd

from rules.bill_integrity import LARGEST_CHARGE_CENTS
from rules.docket import THOUSANDTHS
from rules.pend_reasons import NO_PLAN, NO_PRICE
from rules.rulebook import Rulebook, basis_points
from rules.ruling import Fact, Ruling

WHOLE = 10_000
"""Basis points of a whole."""
LARGEST_PRODUCT = 2**62


def find_benefits(lines: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """The benefits in force for the plan of each line on its day: `copay_cents`, `coinsurance_basis_points`.

    `benefits_known` is False where the rulebook has none.
    """
    benefits = pd.DataFrame(
        {"benefits_known": False, "copay_cents": 0, "coinsurance_basis_points": 0}, index=lines.index
    )
    for plan in sorted(rulebook.plans, key=lambda each: each.effective_from):
        mine = (lines["plan_id"] == plan.id) & (lines["service_day"] >= _day(plan.effective_from))
        benefits.loc[mine, "benefits_known"] = True
        benefits.loc[mine, "copay_cents"] = plan.copay_cents
        benefits.loc[mine, "coinsurance_basis_points"] = basis_points(plan.coinsurance_percent)
    return benefits


def allowed_amounts(lines: pd.DataFrame) -> pd.Series:
    """min(charge, fee * units) or the fee's share of the charge, in cents, rounded half up; 0 without a fee."""
    charge = lines["charge_cents"].clip(0, LARGEST_CHARGE_CENTS).to_numpy()
    fee = lines["fee_cents"].to_numpy()
    fits = LARGEST_PRODUCT // np.maximum(fee, 1)
    quantity = np.minimum(np.maximum(lines["quantity_thousandths"].to_numpy(), 0), fits)
    by_units = (np.maximum(fee, 0) * quantity + THOUSANDTHS // 2) // THOUSANDTHS
    by_share = share(charge, lines["fee_basis_points"].to_numpy())
    allowed = np.where(fee < 0, by_share, np.minimum(charge, by_units))
    return pd.Series(np.where(lines["fee_id"].isna(), 0, allowed), index=lines.index, dtype="int64")


def share(cents: np.ndarray, points: np.ndarray) -> np.ndarray:
    """So many basis points of non-negative cents, rounded half up."""
    return np.asarray((cents * points + WHOLE // 2) // WHOLE, dtype=np.int64)


def priced(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """Every charge has benefits and a price; a price of nothing is none, for CO 45 may not take the whole charge.

    Without a price the claim waits, or the line is denied PR 96 with N130, as the rulebook says (domain.md 8.2 #12).
    """
    charged = lines["charge_cents"] > 0
    no_plan = charged & ~lines["benefits_known"]
    yield Ruling(
        lines=lines[no_plan],
        effect="pend",
        rule="BENEFITS-KNOWN",
        text="service {service}, plan {plan} has no benefits on that day",
        facts={"service": lines["service_day"], "plan": lines["plan_id"]},
        pend_reason=NO_PLAN,
    )
    no_price = charged & ~no_plan & (lines["allowed_cents"] == 0)
    no_fee = lines["fee_id"].isna()
    yield _without_price(
        lines[no_price & no_fee],
        rulebook,
        "service {service}, plan {plan}: no fee in the schedule",
        {"service": lines["service_day"], "plan": lines["plan_id"]},
    )
    yield _without_price(
        lines[no_price & ~no_fee],
        rulebook,
        "service {service}, plan {plan}: {fee} for the units billed comes to nothing",
        {"service": lines["service_day"], "plan": lines["plan_id"], "fee": lines["fee_id"]},
    )


def _without_price(lines: pd.DataFrame, rulebook: Rulebook, told: str, facts: Mapping[str, Fact]) -> Ruling:
    denies = rulebook.no_price == "deny"
    return Ruling(
        lines=lines,
        effect="deny" if denies else "pend",
        rule="SERVICE-PRICED",
        text=told,
        facts=facts,
        group_code="PR" if denies else "",
        reason_code="96" if denies else "",
        remark_codes=("N130",) if denies else (),
        pend_reason="" if denies else NO_PRICE,
    )


def price(lines: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """The money of payable lines in cents: `write_off`, `copay`, `coinsurance` and `paid`, which add up to the charge.

    The copay is owed once a claim: by a professional claim for services at a copay place, taken from their allowed
    amounts in the order of the lines until it is used up. Coinsurance is a share of what is left of the allowed amount.
    """
    allowed = lines["allowed_cents"]
    place = lines["place_of_service"].fillna(lines["facility_code"])
    owes = (lines["claim_class"] == "professional") & place.isin(rulebook.copay_places) & (allowed > 0)
    owing = allowed.where(owes, 0)
    first_owing = lines[owes].drop_duplicates("claim").set_index("claim")["copay_cents"]
    claim_copay = first_owing.reindex(lines["claim"], fill_value=0).set_axis(lines.index)
    used_before = owing.groupby(lines["claim"]).cumsum() - owing
    copay = (claim_copay - used_before).clip(lower=0)
    copay = copay.where(copay <= owing, owing)
    rest = allowed - copay
    coinsurance = pd.Series(
        share(rest.to_numpy(), lines["coinsurance_basis_points"].to_numpy()), index=lines.index, dtype="int64"
    )
    return pd.DataFrame(
        {
            "write_off": lines["charge_cents"] - allowed,
            "copay": copay,
            "coinsurance": coinsurance,
            "paid": rest - coinsurance,
        }
    )


def explain_price(lines: pd.DataFrame, money: pd.DataFrame) -> Ruling:
    """How each payable line came to its amounts."""
    return Ruling(
        lines=lines,
        effect="note",
        rule=lines["fee_id"].fillna("NO-CHARGE"),
        text=(
            "plan {plan}, charge {charge_cents}, allowed {allowed_cents}, write-off {write_off_cents}, "
            "copay {copay_cents}, coinsurance {coinsurance_cents}, paid {paid_cents} cents"
        ),
        facts={
            "plan": lines["plan_id"],
            "charge_cents": lines["charge_cents"],
            "allowed_cents": lines["allowed_cents"],
            "write_off_cents": money["write_off"],
            "copay_cents": money["copay"],
            "coinsurance_cents": money["coinsurance"],
            "paid_cents": money["paid"],
        },
    )


def _day(day: date) -> np.datetime64:
    return np.datetime64(day, "s")
