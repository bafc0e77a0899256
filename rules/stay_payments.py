"""A stay or case is paid once, whichever of its bills are paid (domain.md 6.4).

What other bills of the stay were allowed is a fact of `loaders.stays`; that one of them was for the case is read from
the explanation that `tell_stays` leaves.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rules.frequency_codes import REPLACEMENT, VOID
from rules.operator_actions import PRICE_GIVEN
from rules.pend_reasons import LATE_CHARGE_STANDS, STAY_PAID_EARLIER
from rules.pricing import WHOLE_STAY
from rules.rulebook import Rulebook
from rules.ruling import Ruling

STAY_PRICED = "STAY-PRICED"
CASE = "case"
LATE_CHARGE = "5"


def stay_paid_once(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A price for the case, or for all days since admission, is paid once less what other bills of the stay were paid.

    How much that leaves depends on which days and services these were for, so a person says (domain.md 6.4). After a
    payment for the case nothing is left for another bill, whatever its prices. A price that a person gave is paid.
    """
    whole = (lines["fee_method"] == CASE) | (lines["fee_method"].isin(WHOLE_STAY) & lines["pays_stay"])
    after_case = lines["stay_paid_by_case"].fillna(value=False).astype("bool")
    paid = (lines["claim_class"] == "inpatient") & (lines["stay_allowed_cents"].fillna(0) > 0)
    own = (lines["stands_for"] != LATE_CHARGE) & (lines["charge_cents"] > 0) & (lines["fee_id"] != PRICE_GIVEN)
    yield Ruling(
        lines=lines[paid & own & (whole | after_case)],
        effect="pend",
        rule="STAY-PAID-ONCE",
        text="other bills of the stay, claim_id {stay_paid_claim_id} the last, were allowed {stay_allowed_cents} cents",
        facts={
            "stay_paid_claim_id": lines["stay_paid_claim_id"],
            "stay_allowed_cents": lines["stay_allowed_cents"],
        },
        whole_claim=True,
        pend_reason=STAY_PAID_EARLIER,
    )


def late_charges_go_first(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A void waits while late charges to its bill are paid: without that bill they are denied (domain.md 6.4).

    Nobody takes them back but the provider, or a person; when they are gone, the void goes on by itself.
    """
    yield _standing(lines[lines["frequency_code"] == VOID])


def late_charges_keep_their_bill(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A replacement that states other days than the paid late charges to its bill waits as a void does."""
    yield _standing(lines[lines["frequency_code"] == REPLACEMENT])


def _standing(lines: pd.DataFrame) -> Ruling:
    standing = lines[lines["late_charge_claim_id"].notna()]
    return Ruling(
        lines=standing,
        effect="pend",
        rule="LATE-CHARGES-GO-FIRST",
        text="the late charges of claim_id {late_charge_claim_id} would stand paid without the bill that they add to",
        facts={"late_charge_claim_id": standing["late_charge_claim_id"]},
        whole_claim=True,
        pend_reason=LATE_CHARGE_STANDS,
    )


def tell_stays(payable: pd.DataFrame) -> Ruling:
    """Which payable lines are paid for a whole stay or case, of each claim the first; other bills of the stay ask."""
    whole = payable[payable["stay_fee_id"].notna() & (payable["allowed_cents"] > 0)]
    whole = whole.drop_duplicates(["claim", "fee_method"])
    return Ruling(
        lines=whole,
        effect="note",
        rule=STAY_PRICED,
        text="{fee} is for the whole stay, by {stay_method}",
        facts={"fee": whole["stay_fee_id"], "stay_method": whole["fee_method"]},
    )
