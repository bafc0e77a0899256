"""What is read for a run: how long a claim waited for its provider."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from loaders.payments_due import read_due
from rules.pend_reasons import WAITS_FOR_PROVIDER
from tests.loaders.desk import SUNDAY, Desk

if TYPE_CHECKING:
    from loaders.warehouse import Warehouse

Pended = tuple[int, str]
"""Day of June, and why."""


def waited(desk: Desk, claim: int) -> int:
    """Days of a claim that is due."""
    with desk.warehouse.begin() as conn:
        claims = read_due(conn, SUNDAY, sorted(WAITS_FOR_PROVIDER)).claims
    (days,) = claims.loc[claims["claim_id"] == claim, "waited_days"].tolist()
    return int(days)


def test_only_days_that_wait_for_the_provider_count(warehouse: Warehouse) -> None:
    """Over all decisions of the version, and none of another version or of the plan's own doubts."""
    desk = Desk(warehouse).open()
    told: dict[str, tuple[tuple[Pended, ...], int]] = {
        "never waited": ((), 0),
        "for the plan": (((3, "NO_PRICE"), (9, "DUPLICATE_SUSPECTED")), 0),
        "for paperwork": (((3, "ATTACHMENT_AWAITED"),), 16),
        "for the plan between": (((3, "ATTACHMENT_AWAITED"), (5, "NO_PRICE"), (12, "NO_SERVICE_DATE")), 9),
        "decided again on the day": (((19, "ATTACHMENT_AWAITED"),), 0),
    }
    claims = {}
    for name, (pends, _) in told.items():
        claims[name] = desk.claim()
        for day, reason in pends:
            desk.decide(claims[name], 0, outcome="pended", pend_reason=reason, on=date(2026, 6, day))
        desk.decide(claims[name], 8000)
    assert {name: waited(desk, claim) for name, claim in claims.items()} == {
        name: days for name, (_, days) in told.items()
    }
    correction = desk.correct(claims["for paperwork"], received=date(2026, 6, 18))
    desk.decide(correction, 8000)
    assert waited(desk, correction) == 0


def test_a_decision_made_elsewhere_before_it_was_pended_here_shortens_nothing(warehouse: Warehouse) -> None:
    """The days are told by another system's calendar."""
    desk = Desk(warehouse).open()
    claim = desk.claim()
    desk.decide(claim, 0, outcome="pended", pend_reason="ATTACHMENT_AWAITED", on=date(2026, 6, 18))
    desk.decide(claim, 8000, on=date(2026, 6, 10))
    assert waited(desk, claim) == 0
