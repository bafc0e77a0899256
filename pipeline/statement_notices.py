"""The sentences on every EOP: until when claims and corrections may come, and where disputes go. From `config/`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rules.rulebook import FilingRule, Rulebook
    from writers.settings import Payer

ANCHORS = {"service": "the date of service", "discharge": "discharge", "statement_through": "the last day billed"}


def statement_notices(rulebook: Rulebook, payer: Payer, remitted_on: date | None) -> tuple[str, ...]:
    """Deadlines and addresses in the plan's own words.

    Args:
        rulebook: the limits in force.
        payer: whom to call.
        remitted_on: production date of the remittance that the statement goes with, None without one.
    """
    return (
        *_filing(rulebook.filing_rules, remitted_on),
        _correction(rulebook.correction.window_days, remitted_on),
        f"A payment dispute cannot be sent as a claim: use the portal at {payer.web_url} or the paper review form.",
    )


def _filing(rules: tuple[FilingRule, ...], day: date | None) -> Iterator[str]:
    """One sentence for all kinds of claims with the same limit."""
    kinds: dict[tuple[int, str, tuple[str, ...]], list[str]] = {}
    for rule in rules:
        if rule.effective_through is None or day is None or rule.effective_through >= day:
            kinds.setdefault((rule.limit_days, rule.anchor, rule.plans), []).append(rule.claim_class)
    for (limit_days, anchor, plans), classes in kinds.items():
        names = " and ".join(dict.fromkeys(classes)).capitalize()
        scope = f" of plans {', '.join(plans)}" if plans else ""
        yield f"{names} claims{scope} must reach us within {limit_days} days of {ANCHORS[anchor]}."


def _correction(window_days: int, remitted_on: date | None) -> str:
    until = ""
    if remitted_on:
        until = f" - by {remitted_on + timedelta(days=window_days)} for claims first remitted here"
    return (
        f"A corrected claim (frequency code 7) must reach us within {window_days} days of the first remittance of the"
        f" original{until}. A void (8) may come at any time. Both name the original's claim number (REF*F8)."
    )
