"""The sentences on every EOP: until when claims and corrections may come, and where disputes go. From `config/`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.rulebook import CorrectionWindow, FilingRule, Rulebook
    from writers.settings import Payer

ANCHORS = {"service": "the date of service", "discharge": "discharge", "statement_through": "the last day billed"}
BASES = {
    "original_remit_date": "the first remittance of the original",
    "service_anchor": "the start of the original's own limit",
    "either_later": "the first remittance of the original or of the start of its own limit, whichever is later",
}
CONTRACTS = {"any": "", "contracted": " under contract", "not_contracted": " without contract"}


def statement_notices(
    rulebook: Rulebook, payer: Payer, remitted_on: date | None, dispute_days: int = 0
) -> tuple[str, ...]:
    """Deadlines and addresses in the plan's own words.

    Args:
        rulebook: the limits in force.
        payer: whom to call.
        remitted_on: production date of the remittance that the statement goes with, None without one.
        dispute_days: in which a remittance may be disputed; 0: there is no last day.
    """
    return (
        *_filing(rulebook.filing_rules, remitted_on),
        _correction(rulebook.correction.window, remitted_on),
        _dispute(payer, remitted_on, dispute_days),
    )


def _dispute(payer: Payer, remitted_on: date | None, dispute_days: int) -> str:
    way = f"A payment dispute cannot be sent as a claim: use the portal at {payer.web_url} or the paper review form."
    if not dispute_days:
        return way
    until = f" - by {remitted_on + timedelta(days=dispute_days)} for what is remitted here" if remitted_on else ""
    return f"{way} It must reach us within {dispute_days} days of the remittance{until}."


def _filing(rules: tuple[FilingRule, ...], day: date | None) -> Iterator[str]:
    """One sentence for all kinds of claims with the same limit."""
    kinds: dict[tuple[str, str, str], list[str]] = {}
    for rule in rules:
        if rule.effective_through is None or day is None or rule.effective_through >= day:
            kinds.setdefault((str(rule.limit), rule.anchor, _scope(rule)), []).append(rule.claim_class)
    for (limit, anchor, scope), classes in kinds.items():
        names = " and ".join(dict.fromkeys(classes)).capitalize()
        yield f"{names} claims{scope} must reach us within {limit} of {ANCHORS[anchor]}."


def _scope(rule: FilingRule) -> str:
    """Whose claims, where a rule is not for all."""
    kinds = f" (837{', 837'.join(rule.kinds)})" if rule.kinds else ""
    named = f" of plans {', '.join(rule.plans)}" if rule.plans else ""
    named += f" of {', '.join(rule.lines_of_business)} plans" if rule.lines_of_business else ""
    providers = f" of providers{CONTRACTS[rule.contract]}" if rule.contract != "any" else ""
    return kinds + named + providers


def _correction(window: CorrectionWindow, remitted_on: date | None) -> str:
    until = ""
    if remitted_on and window.basis == "original_remit_date":
        until = f" - by {_last_day(remitted_on, window)} for claims first remitted here"
    return (
        f"A corrected claim (frequency code 7) must reach us within {window.limit} of {BASES[window.basis]}{until}."
        " A void (8) may come at any time. Both name the original's claim number (REF*F8)."
    )


def _last_day(remitted_on: date, window: CorrectionWindow) -> str:
    import numpy as np  # noqa: PLC0415 - commands that send no statement need not wait for it

    from rules.filing_calendar import add  # noqa: PLC0415 - as above

    return str(add(np.array([remitted_on], dtype="datetime64[D]"), window.limit)[0])
