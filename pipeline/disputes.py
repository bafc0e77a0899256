"""Disputes by portal, paper or telephone: recorded, so that EDI corrects nothing that is in dispute."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from loaders import open_disputes
from loaders.open_disputes import DisputeRefused
from pipeline.rules_bundle import enter

if TYPE_CHECKING:
    from datetime import date

    from loaders.open_disputes import Dispute
    from pipeline.house import House


def open_dispute(
    house: House, claim_number: str, reference: str, channel: str, on: date | None, by: str, note: str | None = None
) -> dict[str, Any]:
    """Record a dispute about a claim; the same reference again changes nothing.

    Raises:
        DisputeRefused: no claim has the number, the reference is another dispute's, or the day is yet to come.
    """
    now = house.now()
    today = house.received_date(now)
    if on is not None and on > today:
        raise DisputeRefused("The day is yet to come.")
    with house.warehouse.begin() as connection:
        found, is_new, under_way = open_disputes.open_dispute(
            connection, claim_number, reference, channel, on or today, by, now, note
        )
        if is_new:
            enter(house, connection, "dispute", now, found.dispute_id)
    return {**told_dispute(found), "is_new": is_new, "corrections_under_way": under_way}


def close_dispute(house: House, reference: str, outcome: str, by: str) -> dict[str, Any]:
    """Close a dispute: corrections of its claim are taken again. The same outcome again changes nothing.

    Raises:
        DisputeRefused: there is none, or it was closed with another outcome.
    """
    now = house.now()
    with house.warehouse.begin() as connection:
        found, is_new = open_disputes.close_dispute(connection, reference, outcome, by, now)
        if is_new:
            enter(house, connection, "dispute", now, found.dispute_id)
    return {**told_dispute(found), "is_new": is_new}


def list_disputes(house: House, *, closed_too: bool = False) -> dict[str, Any]:
    """Open disputes, or all of them, and how many there are by how they came."""
    with house.warehouse.begin() as connection:
        found = open_disputes.list_disputes(connection, closed_too=closed_too)
        counts = open_disputes.count_disputes(connection)
    return {**told_counts(counts), "disputes": [told_dispute(one) for one in found]}


def told_counts(counts: open_disputes.DisputeCounts) -> dict[str, int]:
    """For people and programs."""
    return {
        "open": counts.open,
        "closed": counts.closed,
        "corrections_returned": counts.corrections_returned,
        "sent_as_corrections": counts.sent_as_corrections,
        "suspected": counts.suspected,
    }


def told_dispute(dispute: Dispute) -> dict[str, Any]:
    """A dispute for people and programs."""
    return {
        "reference": dispute.reference,
        "claim_number": dispute.claim_number,
        "channel": dispute.channel,
        "opened_on": dispute.opened_on.isoformat(),
        "opened_by": dispute.opened_by,
        "note": dispute.note,
        "outcome": dispute.outcome,
        "closed_at": dispute.closed_at.isoformat() if dispute.closed_at else None,
        "closed_by": dispute.closed_by,
    }
