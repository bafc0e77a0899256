"""Reasons of ACH returns and changes, in our own words; what is not here is named by its code alone."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

REASONS: Mapping[str, str] = MappingProxyType(
    {
        "R02": "the account was closed",
        "R03": "there is no such account, or it is not the payee's",
        "R04": "the account number cannot be one",
        "R05": "an entry for a business went to a person's account",
        "R06": "our bank asked for it back",
        "R12": "the account moved to another bank",
        "R13": "no bank has this routing number",
        "R14": "who acts for the account's owner has died",
        "R15": "the account's owner has died",
        "R16": "the account is frozen",
        "R17": "the bank could not process the entry",
        "R18": "the effective date is not one",
        "R20": "the account takes no such entries",
        "R22": "the receiver's id is not known to the receiver",
        "R23": "the payee refused the payment",
        "R24": "the bank takes it for a payment sent twice",
        "R29": "the business does not let us pay into the account",
        "R31": "the bank returns it late, as agreed",
        "R34": "the bank no longer takes part in ACH",
        "C01": "the account number is another",
        "C02": "the routing number is another",
        "C03": "routing number and account number are others",
        "C05": "the account is of another kind (checking or savings)",
        "C06": "the account number is another, and the account of another kind",
        "C07": "routing number, account number and kind of account are others",
        "C09": "the payee's identification is another",
        "C13": "the addenda record is wrong",
    }
)


def meaning(code: str) -> str:
    """What a reason says."""
    return REASONS.get(code, "see the NACHA rules, or ask the bank")
