"""Remit: settle what was decided through a day - one 835 a payee, one EOP a payee - and let it go out.

A run either was composed whole or not at all, so running it again after any failure is right; a day that is settled
stays settled, and asking again gives the same figures with nothing new.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from loaders.payment_runs import COMPOSED
from pipeline.remit_lifecycle import AUTOMATIC, RemitReport, RunRefused, ThroughRefused, abandon_late, compose, release

if TYPE_CHECKING:
    from datetime import date

    from pipeline.house import House

__all__ = ["RemitReport", "RunRefused", "ThroughRefused", "remit"]


def remit(house: House, through: date) -> RemitReport:
    """Settle everything decided through a plan-local day, and queue its 835s and EOPs.

    Claims whose decision breaks a law of the 835 are left out, and told (`RemitReport.left_out`).
    Where `remittance.release` is `automatic` they go out at once, and a run whose payment date passed before it could
    is given up and composed again for a later one. Else they wait until a person releases the run.

    Raises:
        ThroughRefused: the day has not come yet, or a later one is settled already.
        RunRefused: another run is open, or this one may not go out.
        edi.payment_balance.PaymentsUnbalanced: a payment does not add up; nothing is sent at all.
    """
    if house.configuration.remittance.release != "automatic":
        return compose(house, through)
    missed = abandon_late(house, through, AUTOMATIC)
    report = compose(house, through)
    if report.state == COMPOSED:
        report = replace(release(house, through, AUTOMATIC), is_new=report.is_new)
    return replace(report, missed_payment_date=missed)
