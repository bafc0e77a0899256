"""Amounts and totals that do not add up (SNIP 3)."""

from __future__ import annotations

from functools import partial

from edi.money import from_cents, to_cents
from edi.synthetic.faults.fault import CLAIM_KINDS, Draft, Fault, Spot

CHARGE_ELEMENT = {"SV1": 2, "SV2": 3, "SV3": 2}
DOLLAR = 100


def _dearer(draft: Draft, place: int, element: int) -> Spot:
    return draft.put(place, element, from_cents(to_cents(draft.get(place, element)) + DOLLAR))


def _claim_charge(draft: Draft) -> Spot:
    claims = draft.units(lambda segments: not any(each.startswith("AMT*D*") for each in segments))
    return _dearer(draft, draft.choose(claims), 2)


def _line_payment(draft: Draft) -> Spot:
    place = draft.any("SVD*")
    _dearer(draft, place, 2)
    return Spot(place)


def _claim_payment(draft: Draft) -> Spot:
    place = draft.any("AMT*D*")
    _dearer(draft, place, 2)
    return Spot()


def _negative(draft: Draft) -> Spot:
    """A dollar below zero, of a claim that has more lines, so that the claim's charge stays above it."""
    claims = draft.units(
        lambda segments: (
            not any(each.startswith("AMT*D*") for each in segments)
            and any(each.startswith("LX*2") for each in segments)
        )
    )
    claim = draft.choose(claims)
    place = draft.next(claim, *(f"{service}*" for service in CHARGE_ELEMENT))
    element = CHARGE_ELEMENT[draft.get(place, 0)]
    others = to_cents(draft.get(claim, 2)) - to_cents(draft.get(place, element))
    draft.put(claim, 2, from_cents(others - DOLLAR))
    return draft.put(place, element, from_cents(-DOLLAR))


def _members(draft: Draft) -> Spot:
    place = draft.any("QTY*TO*")
    return draft.put(place, 2, str(int(draft.get(place, 2)) + 1))


_of_claims = partial(Fault, part="SET", kinds=CLAIM_KINDS)

BALANCE_FAULTS = (
    _of_claims("CLAIM_CHARGE_IMBALANCE", edit=_claim_charge, does="CLM02 is a dollar more than its lines"),
    _of_claims("LINE_PAYER_IMBALANCE", edit=_line_payment, does="SVD02 is a dollar more than the line's charge allows"),
    _of_claims(
        "CLAIM_PAYER_IMBALANCE", edit=_claim_payment, does="AMT*D is a dollar more than the claim's charge allows"
    ),
    _of_claims("CHARGE_NEGATIVE", edit=_negative, does="a line's charge is below zero"),
    Fault("MEMBER_TOTAL_IMBALANCE", "SET", _members, "QTY*TO counts a member too many", kinds=("834",)),
)
