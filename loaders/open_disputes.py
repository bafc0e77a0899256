"""Disputes that came by portal, paper or telephone: recorded so that nothing corrects their claims by EDI meanwhile.

Whoever opens or closes one locks the claim's family, as whoever screens corrections does (`loaders.corrections`): a
correction that took its version before goes on, one that comes after is returned (domain.md 6.2, 6.6).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, text

from edi.trouble import Usage

CLAIM = """
select c.claim_id, c.family_id, c.received_date from claim c where c.claim_number = :number
"""

LOCK = "select family_id from claim_family where family_id = :family_id for no key update"

DISPUTES = """
select d.dispute_id, d.reference, d.channel, d.opened_on, d.opened_at, d.opened_by, d.note, d.outcome, d.closed_at,
    d.closed_by, d.family_id, c.claim_number
from provider_dispute d join claim c using (claim_id)
"""

BY_ID = f"{DISPUTES} where d.dispute_id = :dispute_id"
BY_REFERENCE = f"{DISPUTES} where d.reference = :reference"
OF_FAMILIES = f"{DISPUTES} where d.family_id = any(:family_ids) order by d.dispute_id"
LISTED = f"{DISPUTES} where d.closed_at is null or :closed_too order by d.opened_on, d.dispute_id"

OPEN = """
insert into provider_dispute (family_id, claim_id, reference, channel, opened_on, opened_at, opened_by, note)
values (:family_id, :claim_id, :reference, :channel, :opened_on, :now, :by, :note)
on conflict (reference) do nothing
"""

CLOSE = """
update provider_dispute set outcome = :outcome, closed_at = :now, closed_by = :by
where reference = :reference and closed_at is null
"""

UNDER_WAY = """
select claim_number from claim
where family_id = :family_id and frequency_code in ('7', '8') and state in ('accepted', 'pended') order by 1
"""

COUNTS = """
select (select count(*) from provider_dispute where closed_at is null) as open,
    (select count(*) from provider_dispute where closed_at is not null) as closed,
    (select count(*) from claim where correction_problem = 'F8_DISPUTED') as corrections_returned,
    (select count(distinct claim_id) from claim_dispute where sign = 'unchanged') as sent_as_corrections,
    (select count(distinct claim_id) from claim_dispute where sign <> 'unchanged') as suspected
"""


class DisputeRefused(Usage):
    """A dispute that cannot be recorded so; nothing was."""


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute about a claim."""

    dispute_id: int
    reference: str
    channel: str
    opened_on: date
    opened_at: datetime
    opened_by: str
    note: str | None
    outcome: str | None
    closed_at: datetime | None
    closed_by: str | None
    family_id: int
    claim_number: str


@dataclass(frozen=True, slots=True)
class DisputeCounts:
    """Disputes by how they came."""

    open: int
    closed: int
    corrections_returned: int
    """Corrections of a claim whose dispute was open."""
    sent_as_corrections: int
    """Replacements that change nothing."""
    suspected: int
    """Claims whose note or attachment speaks of an appeal."""


def open_dispute(
    conn: Connection,
    claim_number: str,
    reference: str,
    channel: str,
    opened_on: date,
    by: str,
    now: datetime,
    note: str | None = None,
) -> tuple[Dispute, bool, list[str]]:
    """Record a dispute, whether that is new, and which corrections of its family are on their way already.

    Raises:
        DisputeRefused: no claim has the number, it came after that day, or another dispute has the reference.
    """
    claim = conn.execute(text(CLAIM), {"number": claim_number}).one_or_none()
    if claim is None:
        raise DisputeRefused("No claim of ours has that number.")
    if opened_on < claim.received_date:
        raise DisputeRefused(f"The claim came on {claim.received_date}: a dispute about it cannot be older.")
    conn.execute(text(LOCK), {"family_id": claim.family_id})
    values = {"family_id": claim.family_id, "claim_id": claim.claim_id, "reference": reference, "channel": channel}
    told = {"opened_on": opened_on, "now": now, "by": by, "note": note}
    is_new = bool(conn.execute(text(OPEN), values | told).rowcount)
    found = by_reference(conn, reference)
    if found.family_id != claim.family_id or found.outcome is not None:
        state = "is open about another claim" if found.outcome is None else "was closed"
        raise DisputeRefused(f"A dispute of that reference {state}: give another reference.")
    under_way = conn.execute(text(UNDER_WAY), {"family_id": claim.family_id}).scalars().all()
    return found, is_new, list(under_way)


def close_dispute(conn: Connection, reference: str, outcome: str, by: str, now: datetime) -> tuple[Dispute, bool]:
    """Close a dispute, and whether that is new.

    Raises:
        DisputeRefused: there is none, or it was closed with another outcome.
    """
    conn.execute(text(LOCK), {"family_id": by_reference(conn, reference).family_id})
    values = {"reference": reference, "outcome": outcome, "by": by, "now": now}
    is_new = bool(conn.execute(text(CLOSE), values).rowcount)
    found = by_reference(conn, reference)
    if found.outcome != outcome:
        raise DisputeRefused(f"That dispute was closed as {found.outcome}.")
    return found, is_new


def by_reference(conn: Connection, reference: str) -> Dispute:
    """The dispute of a reference; raises DisputeRefused where there is none."""
    row = conn.execute(text(BY_REFERENCE), {"reference": reference}).one_or_none()
    if row is None:
        raise DisputeRefused("No dispute has that reference.")
    return Dispute(*row)


def by_id(conn: Connection, dispute_id: int) -> Dispute:
    """A dispute that was recorded."""
    return Dispute(*conn.execute(text(BY_ID), {"dispute_id": dispute_id}).one())


def list_disputes(conn: Connection, *, closed_too: bool = False) -> list[Dispute]:
    """Disputes that are open, the oldest first; or all."""
    return [Dispute(*row) for row in conn.execute(text(LISTED), {"closed_too": closed_too})]


def disputes_of(conn: Connection, family_ids: Collection[int]) -> list[Dispute]:
    """The disputes about claims of these families, in the order in which they were recorded."""
    return [Dispute(*row) for row in conn.execute(text(OF_FAMILIES), {"family_ids": sorted(family_ids)})]


def count_disputes(conn: Connection) -> DisputeCounts:
    """How many there are."""
    return DisputeCounts(*conn.execute(text(COUNTS)).one())
