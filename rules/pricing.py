"""What is allowed, what the member owes, and what the plan pays: exact cents, never a float."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from rules.accumulators import Account
from rules.benefits import cost_shares, share
from rules.bill_integrity import LARGEST_CHARGE_CENTS
from rules.coverage_limits import payments_within_limits
from rules.division import divided
from rules.docket import THOUSANDTHS
from rules.pend_reasons import NO_PLAN, NO_PRICE
from rules.rulebook import Rulebook
from rules.ruling import Fact, Ruling
from rules.stay_days import days_of_stay

LARGEST_PRODUCT = 2**62
WHOLE_STAY = ("per_diem", "case")
"""Fees for all days of a stay, or for all of it."""
AMOUNTS = ("other_payer", "write_off", "copay", "deductible", "coinsurance", "over_limit", "paid")


def stay_fees(lines: pd.DataFrame) -> pd.Series:
    """`stay_fee_id`: the fee of each line that is for a whole stay or case, whatever price a person gives the line."""
    return lines["fee_id"].where(lines["fee_method"].isin(WHOLE_STAY))


def allowed_amounts(lines: pd.DataFrame) -> pd.Series:
    """min(charge, fee * units), the fee's share of the charge, or the line's part of the fee of a stay or case.

    In cents, rounded half up; 0 without a fee.
    """
    charge = lines["charge_cents"].clip(0, LARGEST_CHARGE_CENTS).to_numpy()
    fee = lines["fee_cents"].to_numpy()
    fits = LARGEST_PRODUCT // np.maximum(fee, 1)
    quantity = np.minimum(np.maximum(lines["quantity_thousandths"].to_numpy(), 0), fits)
    by_units = (np.maximum(fee, 0) * quantity + THOUSANDTHS // 2) // THOUSANDTHS
    by_share = share(charge, lines["fee_basis_points"].to_numpy())
    allowed = np.where(fee < 0, by_share, np.minimum(charge, by_units))
    priced = pd.Series(np.where(lines["fee_id"].isna(), 0, allowed), index=lines.index, dtype="int64")
    whole = lines["stay_fee_id"].notna()
    return priced.where(~whole, _of_stays(lines[whole]).reindex(lines.index, fill_value=0))


def _of_stays(lines: pd.DataFrame) -> pd.Series:
    """The amount of a case, or of each day of a stay, divided over the lines that it is for by their charges.

    Never more than these charges. Where that would leave nothing to a line that has a charge, each of them is given its
    first cent before the rest is divided by what is left of their charges: a line of a case is paid with it, however
    small it is, and 45 never takes its whole charge (domain.md 8.1).
    """
    charge = lines["charge_cents"].clip(0, LARGEST_CHARGE_CENTS)
    group = lines.groupby(["claim", "stay_fee_id"]).ngroup()
    amount, total = stays_worth(lines)
    due = amount.where(amount < total, total)
    shares = divided(due, charge, [group])
    charged = (charge > 0).astype("int64")
    count = charged.groupby(group).transform("sum")
    without = ((shares == 0) & (charge > 0)).groupby(group).transform("any") & (due >= count)
    if not without.any():
        return shares
    lifted = charged + divided(due - count, charge - charged, [group])
    return shares.mask(without, lifted)


def stays_worth(lines: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Of each line the amount of the stay or case that its fee is for, in cents, and the charges that it is of.

    A price by the day counts those of `rules.stay_days` from `stay_from`.
    """
    charge = lines["charge_cents"].clip(0, LARGEST_CHARGE_CENTS)
    days = days_of_stay(lines, lines["stay_from"])
    amount = lines["fee_whole_cents"].astype("object") * days.where(lines["fee_method"] == "per_diem", 1)
    total = charge.groupby([lines["claim"], lines["stay_fee_id"].fillna("")]).transform("sum").astype("object")
    return amount, total


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


def price(lines: pd.DataFrame, rulebook: Rulebook, account: Account, taken_back: pd.DataFrame) -> pd.DataFrame:
    """The money of payable lines in cents: AMOUNTS, which add up to the charge.

    `limit_reason` is the CARC of what is beyond a limit, `write_off_group` the group of what is not allowed: CO where
    the contract forbids the provider to bill the patient for it, else PR (domain.md 8.2 #9, #10).

    Of the allowed amount the member owes copay, deductible and coinsurance, and what is beyond a limit of money; the
    plan pays the rest. What is not allowed is written off. After another payer `other_payer` is the effect of its
    decision, payment and adjustments together, and we pay of what it left (domain.md 7.3).
    """
    shares = cost_shares(lines, rulebook, account, taken_back)
    benefit = shares.pop("benefit")
    limited = payments_within_limits(lines, benefit, rulebook, account, taken_back)
    other_payer = (lines["charge_cents"] - lines["remaining_cents"]).clip(lower=0)
    return shares.assign(
        other_payer=other_payer,
        write_off=lines["charge_cents"] - other_payer - benefit - shares.sum(axis=1),
        write_off_group=lines["in_network"].map({True: "CO", False: "PR"}),
        over_limit=limited["over_limit"],
        limit_reason=limited["limit_reason"],
        paid=benefit - limited["over_limit"],
    )


def adjustments(money: pd.DataFrame) -> pd.DataFrame:
    """Every part of the charges of payable lines that is not paid: `group_code`, `reason_code` and `amount_cents`.

    Indexed like the lines, a line several times, in the order in which a remittance tells them (domain.md 8.2 #9, #11,
    #13); parts of nothing are left out.
    """
    parts = [
        _part(money["other_payer"], "OA", "23"),
        _part(money["write_off"], money["write_off_group"], "45"),
        _part(money["copay"], "PR", "3"),
        _part(money["deductible"], "PR", "1"),
        _part(money["coinsurance"], "PR", "2"),
        _part(money["over_limit"], "PR", money["limit_reason"]),
    ]
    together = pd.concat(parts)
    return together[together["amount_cents"] != 0]


def _part(amounts: pd.Series, group: str | pd.Series, reason: str | pd.Series) -> pd.DataFrame:
    codes = {"group_code": group, "reason_code": reason, "amount_cents": amounts}
    return pd.DataFrame(codes, index=amounts.index).astype({"group_code": object, "reason_code": object})


def explain_price(lines: pd.DataFrame, money: pd.DataFrame) -> Ruling:
    """How each payable line came to its amounts."""
    return Ruling(
        lines=lines,
        effect="note",
        rule=lines["fee_id"].fillna("NO-CHARGE"),
        text=(
            "plan {plan}, charge {charge_cents}, allowed {allowed_cents}, other payers {other_payer_cents}, "
            "write-off {write_off_cents}, "
            "copay {copay_cents}, deductible {deductible_cents}, coinsurance {coinsurance_cents}, "
            "beyond limits {over_limit_cents}, paid {paid_cents} cents"
        ),
        facts={
            "plan": lines["plan_id"],
            "charge_cents": lines["charge_cents"],
            "allowed_cents": lines["allowed_cents"],
            **{f"{name}_cents": money[name] for name in AMOUNTS},
        },
    )
