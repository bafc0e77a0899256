"""What members and families have used of their benefits, as the documented JSON objects and as a line of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from edi.money import dollars
from rules.accumulators import LIFETIME, LIMIT
from rules.benefits import OUT_OF_NETWORK

if TYPE_CHECKING:
    from loaders.opening_balances import BenefitUsed

DAYS_OF_A_YEAR = 366
NAMES = {"deductible": "deductible", "out_of_pocket": "out-of-pocket"}


def told_benefit(used: BenefitUsed) -> dict[str, Any]:
    """An accumulator for people and programs."""
    return {
        "holder": used.holder,
        "member_id": used.member_id,
        "plan_id": used.plan_id,
        "counter": used.counter,
        "period_from": used.period_from.isoformat(),
        "used": used.amount,
        "opening": used.opening,
        "opened_from": used.source_system,
        "opening_version": used.version,
    }


def in_period(benefits: Iterable[BenefitUsed], day: date) -> list[BenefitUsed]:
    """Those of the benefit year, or the lifetime, that a day lies in."""
    return [
        one
        for one in benefits
        if one.period_from == LIFETIME or (0 <= (day - one.period_from).days < DAYS_OF_A_YEAR and _same_year(one, day))
    ]


def _same_year(one: BenefitUsed, day: date) -> bool:
    """Has the next year not begun?"""
    following = (one.period_from.month, one.period_from.day)
    return day.year == one.period_from.year or (day.month, day.day) < following


def counter_words(told: Mapping[str, Any]) -> str:
    """`deductible out of network of the member, GOLD from 2026-01-01`."""
    counter = str(told["counter"])
    name = NAMES.get(counter.removesuffix(OUT_OF_NETWORK), counter.replace(LIMIT, "limit "))
    network = " out of network" if counter.endswith(OUT_OF_NETWORK) else ""
    since = f"from {told['period_from']}" if told["period_from"] != LIFETIME.isoformat() else "for life"
    return f"{name}{network} of the {told['holder']}, {told['plan_id'] or 'any plan'} {since}"


def amount_words(told: Mapping[str, Any], key: str) -> str:
    """Money as dollars; of a limit the number that is counted."""
    return str(told[key]) if str(told["counter"]).startswith(LIMIT) else dollars(told[key])
