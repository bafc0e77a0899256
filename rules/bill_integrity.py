"""A bill must add up and be dated before anything can be decided on it; what does not is for a person."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from rules.pend_reasons import (
    CHARGES_DISAGREE,
    ENCOUNTER,
    IMPLAUSIBLE_CHARGE,
    NO_SERVICE_CODE,
    NO_SERVICE_DATE,
    PREDETERMINATION,
    SERVICE_AFTER_RECEIPT,
    SUBROGATION,
)
from rules.rulebook import Rulebook
from rules.ruling import Ruling

LARGEST_CHARGE_CENTS = 10**14
"""A million million dollars: beyond it shares of a charge would leave 64 bits. Not a limit of the plan."""

NOT_CHARGED = {"RP": ("an encounter", ENCOUNTER), "31": ("a demand of another payer", SUBROGATION)}
"""BHT06 of what is no claim of the provider."""


def charges_add_up(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """CLM02 is the sum of the lines (domain.md 4.1), and no charge is negative (RFI 2499).

    A remittance of a claim that does not add up could never balance, so even a denial has to wait.
    """
    odd = ~lines["charge_cents"].between(0, LARGEST_CHARGE_CENTS)
    yield Ruling(
        lines=lines[odd],
        effect="pend",
        rule="CHARGE-PLAUSIBLE",
        text="charge of the line is negative or implausibly large",
        pend_reason=IMPLAUSIBLE_CHARGE,
    )
    total = lines["charge_cents"].where(~odd, 0).groupby(lines["claim"]).transform("sum")
    wrong = (total != lines["claim_charge_cents"]) & ~odd.groupby(lines["claim"]).transform("any")
    yield Ruling(
        lines=lines[wrong],
        effect="pend",
        rule="CHARGES-ADD-UP",
        text="claim charge {claim_charge_cents} cents, sum of its lines {line_charge_cents} cents",
        facts={"claim_charge_cents": lines["claim_charge_cents"], "line_charge_cents": total},
        whole_claim=True,
        pend_reason=CHARGES_DISAGREE,
    )


def service_named(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Every line names a procedure or, on an institutional bill, a revenue code; blanks name nothing.

    An 835 of a line without either cannot be written (SVC01), so even a denial has to wait.
    """
    named = [lines[code].str.contains("[0-9A-Za-z]", na=False) for code in ("procedure_code", "revenue_code")]
    yield Ruling(
        lines=lines[~(named[0] | named[1])],
        effect="pend",
        rule="SERVICE-NAMED",
        text="no procedure or revenue code",
        pend_reason=NO_SERVICE_CODE,
    )


def payment_asked(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """A dental predetermination (CLM19 = PB) asks what would be paid; nothing was done yet, so nothing is decided.

    Nor are encounters, which are reported and not charged, and what another payer asks back for itself: a file of
    claims says so once (BHT06, domain.md 4.1), and paying its providers would be wrong.
    """
    yield Ruling(
        lines=lines[lines["is_predetermination"]],
        effect="pend",
        rule="PAYMENT-ASKED",
        text="a predetermination",
        whole_claim=True,
        pend_reason=PREDETERMINATION,
    )
    for kind, (told, reason) in NOT_CHARGED.items():
        yield Ruling(
            lines=lines[lines["set_kind"] == kind],
            effect="pend",
            rule="PAYMENT-ASKED",
            text=told,
            whole_claim=True,
            pend_reason=reason,
        )


def dated(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """Every line has a day of service, and it does not lie after the receipt of the claim (domain.md 7.5)."""
    undated = lines["service_day"].isna()
    yield Ruling(
        lines=lines[undated],
        effect="pend",
        rule="SERVICE-DATED",
        text="no date of service",
        pend_reason=NO_SERVICE_DATE,
    )
    early = lines["service_day"] > lines["received_date"]
    yield Ruling(
        lines=lines[early],
        effect="pend",
        rule="SERVICE-BEFORE-RECEIPT",
        text="service {service}, received {received}",
        facts={"service": lines["service_day"], "received": lines["received_date"]},
        pend_reason=SERVICE_AFTER_RECEIPT,
    )
