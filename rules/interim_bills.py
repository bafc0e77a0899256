"""Institutional bills that add to other bills: interim bills of a stay (2, 3, 4), late charges (5), and 0, 9 and Q."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from rules.filing_anchors import STILL_A_PATIENT
from rules.frequency_codes import ORIGINAL, REPLACEMENT, VOID
from rules.operator_actions import PRICE_GIVEN
from rules.pend_reasons import (
    BASE_BILL_NOT_PAID,
    FREQUENCY_NOT_SUPPORTED,
    LATE_CHARGE_OF_STAY,
    STAY_BEYOND_BILL,
)
from rules.pricing import WHOLE_STAY, stays_worth
from rules.rulebook import Rulebook
from rules.ruling import Ruling

INSTITUTIONAL = "I"
FIRST, CONTINUING, LAST, LATE_CHARGE = "2", "3", "4", "5"
INTERIM = (FIRST, CONTINUING, LAST)
FIELDS = {
    **dict.fromkeys(INTERIM, "interim"),
    LATE_CHARGE: "late_charge",
    "0": "zero",
    "9": "home_health_final",
    "Q": "reopening",
}
"""The field of `rules.family_settings.FrequencyRule` that says what becomes of a frequency."""
DAY = np.timedelta64(1, "D")


def match_stays(lines: pd.DataFrame, stays: pd.DataFrame | None) -> pd.DataFrame:
    """For each line what is known of the bills of its stay, of `edi.claim_facts.ClaimFacts.stays`, and `stands_for`.

    That is the frequency of which the bill is one: its own, but of a replacement that of the bill of a stay whose place
    it takes.
    """
    types = {"previous_claim_id": "Int64", "previous_through": "datetime64[s]", "base_claim_id": "Int64"}
    types |= {"base_state": "str", "base_drg_code": "str", "late_charge_claim_id": "Int64"}
    types |= {"earlier_charge_cents": "Int64", "stay_allowed_cents": "Int64", "stay_paid_claim_id": "Int64"}
    types |= {"stay_paid_by_case": "boolean"}
    if stays is None:
        stays = pd.DataFrame(columns=["claim_id"])
    stays = stays.reindex(columns=["claim_id", *types])
    found = lines[["claim_id"]].merge(stays, on="claim_id", how="left").set_axis(lines.index)
    return found[list(types)].astype(types).assign(stands_for=_stands_for(lines))


def _stands_for(lines: pd.DataFrame) -> pd.Series:
    """A 7 of a bill of a stay, or for a patient who is still in the house, is one of its bills itself (domain.md 4.4).

    It is the bill of a whole stay when it goes from admission to discharge, whatever it replaces. A 7 of late charges
    states late charges.
    """
    code = lines["frequency_code"].fillna("")
    replaces = _institutional(lines) & (code == REPLACEMENT)
    if not replaces.any():
        return code
    root = lines["family_frequency_code"].where(replaces)
    whole = lines["claim_from"] <= lines["admission_date"]
    of_stay = root.isin(INTERIM) | (replaces & (root != LATE_CHARGE) & (lines["claim_class"] == "inpatient"))
    staying = of_stay & lines["patient_status"].isin(STILL_A_PATIENT)
    code = code.mask(root == LATE_CHARGE, LATE_CHARGE)
    code = code.mask(staying & whole, FIRST).mask(staying & ~whole, CONTINUING)
    return code.mask(root.isin(INTERIM) & ~staying & ~whole, LAST)


def stay_begins(lines: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """`pays_stay`: is the bill the last one of a stay that is paid with it, and `stay_from`: its first day then.

    Otherwise that of the statement. A price for the whole case is one for the whole stay, whatever the plan says of
    interim bills: it is paid once.
    """
    whole = _institutional(lines) & (lines["stands_for"] == LAST) & (_treatments(lines, rulebook) == "last")
    begins = lines[["admission_date", "claim_from"]].min(axis=1).astype("datetime64[s]")
    return pd.DataFrame({"pays_stay": whole, "stay_from": begins.where(whole, lines["claim_from"])}, index=lines.index)


def frequency_taken(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """Which frequencies a plan takes: CO 135 for interim bills and late charges, CO 16 with MA30 for others.

    Interim bills before the last are denied where the plan pays a stay with its last bill, or where its price is one
    for the whole case, which is paid once (domain.md 6.4). Notices
    and adjustments (A to Z but Q) are not for providers to send (domain.md 6.1).
    """
    own = lines["frequency_code"] != REPLACEMENT
    yield from _taken(lines[own], rulebook, "the plan takes no frequency {frequency}")


def replaced_frequency_taken(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """What replaces a bill of a stay, or late charges, is taken where a bill of that frequency is: else CO 135.

    Otherwise a 7 of an interim bill would be paid the case that the last bill is paid for (domain.md 6.4).
    """
    stands = lines["stands_for"] != lines["frequency_code"].fillna("")
    yield from _taken(lines[stands], rulebook, "stands for a frequency {frequency}, which the plan does not take")


def _taken(lines: pd.DataFrame, rulebook: Rulebook, text: str) -> Iterator[Ruling]:
    treatment = _treatments(lines, rulebook)
    code = lines["stands_for"]
    early = (treatment == "last") & code.isin([FIRST, CONTINUING])
    refused = (treatment == "refuse") | early
    added = code.isin([*INTERIM, LATE_CHARGE])
    for found, reason, remarks in ((refused & added, "135", ()), (refused & ~added, "16", ("MA30",))):
        yield Ruling(
            lines=lines[found],
            effect="deny",
            rule="FREQUENCY-TAKEN",
            text=text,
            facts={"frequency": code},
            whole_claim=True,
            group_code="CO",
            reason_code=reason,
            remark_codes=remarks,
        )
    yield Ruling(
        lines=lines[treatment == "pend"],
        effect="pend",
        rule="FREQUENCY-TAKEN",
        text="frequency code is not one that is decided automatically",
        whole_claim=True,
        pend_reason=FREQUENCY_NOT_SUPPORTED,
    )


def stay_continued(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A 3 or 4 follows an earlier 2 or 3 of the same stay on the very next day (domain.md 6.4); else CO 16 with N152.

    The same stay is that of the same member, facility NPI and admission date (DTP*435). A 4 that states all of a stay
    which is paid with its last bill follows none. A replacement is judged as what it stands for.
    """
    whole = lines["pays_stay"] & (lines["claim_from"] <= lines["admission_date"])
    later = _institutional(lines) & lines["stands_for"].isin([CONTINUING, LAST]) & ~whole
    missing = later & lines["previous_claim_id"].isna()
    broken = later & ~missing & (lines["claim_from"] != lines["previous_through"] + DAY)
    facts = {"previous_claim_id": lines["previous_claim_id"], "previous_through": lines["previous_through"]}
    for found, text, told in (
        (missing, "no earlier bill of the stay", {}),
        (
            broken,
            "begins {service_from}, after claim_id {previous_claim_id} through {previous_through}",
            {"service_from": lines["claim_from"], **facts},
        ),
    ):
        yield Ruling(
            lines=lines[found],
            effect="deny",
            rule="STAY-CONTINUED",
            text=text,
            facts=told,
            whole_claim=True,
            group_code="CO",
            reason_code="16",
            remark_codes=("N152",),
        )
    yield Ruling(
        lines=lines[later & ~missing & ~broken],
        effect="note",
        rule="STAY-CONTINUED",
        text="follows claim_id {previous_claim_id} through {previous_through}",
        facts=facts,
        whole_claim=True,
    )


def stay_within_bill(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """What a stay is worth fits into the charges of the bill that it is paid with, or a person decides (domain.md 6.4).

    Its earlier bills were denied, and no line is ever paid more than its charge. A price by day or case that exceeds
    the charges, or another price, would leave unpaid what those bills had charged.
    """
    stay = lines[lines["pays_stay"] & (lines["earlier_charge_cents"].fillna(0) > 0) & (lines["charge_cents"] > 0)]
    worth, charge = stays_worth(stay)
    unpaid = ~stay["fee_method"].isin(WHOLE_STAY) | (worth > charge)
    yield Ruling(
        lines=stay[unpaid],
        effect="pend",
        rule="STAY-WITHIN-BILL",
        text="the stay from {stay_from} was billed {earlier_charge_cents} cents before, which were denied",
        facts={"stay_from": stay["stay_from"], "earlier_charge_cents": stay["earlier_charge_cents"]},
        whole_claim=True,
        pend_reason=STAY_BEYOND_BILL,
    )


def late_charge_priced_apart(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """What a stay or case is paid for holds its late charges: a person decides what such a price adds (domain.md 6.4).

    The bill that they add to was paid for all days, or the case. A price that a person gave is one for them alone.
    After a payment for the case it is of no consequence what price they have themselves.
    """
    late = _institutional(lines) & (lines["stands_for"] == LATE_CHARGE) & (lines["charge_cents"] > 0)
    late &= lines["fee_id"] != PRICE_GIVEN
    again = late & lines["fee_method"].isin(WHOLE_STAY)
    of_case = late & ~again & lines["stay_paid_by_case"].fillna(value=False).astype("bool")
    yield Ruling(
        lines=lines[of_case],
        effect="pend",
        rule="LATE-CHARGE-PRICED-APART",
        text="an earlier bill was paid the whole case",
        whole_claim=True,
        pend_reason=LATE_CHARGE_OF_STAY,
    )
    yield Ruling(
        lines=lines[again],
        effect="pend",
        rule="LATE-CHARGE-PRICED-APART",
        text="{fee} is for the whole stay, which an earlier bill was paid for",
        facts={"fee": lines["fee_id"]},
        pend_reason=LATE_CHARGE_OF_STAY,
    )


def late_charge_has_base(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A 5 adds to a bill of the same member, facility, type and time: without one CO 16 with N152 (domain.md 6.4).

    While that bill is not paid they wait, for that or a person. A replacement of late charges is judged as they are.
    """
    late = _institutional(lines) & (lines["stands_for"] == LATE_CHARGE)
    missing = late & lines["base_claim_id"].isna()
    paid = lines["base_state"] == "paid"
    facts = {"base_claim_id": lines["base_claim_id"]}
    yield Ruling(
        lines=lines[missing],
        effect="deny",
        rule="LATE-CHARGE-HAS-BASE",
        text="no bill that it adds to",
        whole_claim=True,
        group_code="CO",
        reason_code="16",
        remark_codes=("N152",),
    )
    yield Ruling(
        lines=lines[late & ~missing & ~paid],
        effect="pend",
        rule="LATE-CHARGE-HAS-BASE",
        text="adds to claim_id {base_claim_id}, which is not paid",
        facts=facts,
        whole_claim=True,
        pend_reason=BASE_BILL_NOT_PAID,
    )
    yield Ruling(
        lines=lines[late & ~missing & paid],
        effect="note",
        rule="LATE-CHARGE-HAS-BASE",
        text="adds to claim_id {base_claim_id}",
        facts=facts,
        whole_claim=True,
    )


def _institutional(lines: pd.DataFrame) -> pd.Series:
    return lines["kind"] == INSTITUTIONAL


def _treatments(lines: pd.DataFrame, rulebook: Rulebook) -> pd.Series:
    """Of each line; empty for originals, voids, and replacements of originals, which every plan takes."""
    code = lines["stands_for"]
    institutional = _institutional(lines)
    treatment = pd.Series("pend", index=lines.index, dtype="str")
    treatment = treatment.mask(institutional & code.str.fullmatch("[A-Z]"), "refuse")
    for rule in sorted(rulebook.frequencies, key=lambda rule: bool(rule.plans)):
        for frequency, field in FIELDS.items():
            found = institutional & (code == frequency)
            if rule.plans:
                found &= lines["plan_id"].isin(rule.plans)
            treatment = treatment.mask(found, getattr(rule, field))
    by_case = (lines["fee_method"] == "case").groupby(lines["claim"]).transform("any")
    treatment = treatment.mask(institutional & code.isin(INTERIM) & (treatment == "each") & by_case, "last")
    return treatment.mask(code.isin([ORIGINAL, REPLACEMENT, VOID]), "")
