"""Which claims somebody may mean: by a number of ours or the provider's, by their member, by their file.

A rejected claim has no number of ours, so the provider's, its member or its file leads to it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, text

MOST = 200
"""Claims that are named at once; more are counted by nobody, for a number that names so many names none."""

BY_OUR_NUMBER = """
select claim_id from claim where claim_number = :number
union
select claim_id from claim where tracking_number = :number
"""

BY_PROVIDER_NUMBER = "select claim_id from claim where patient_control_number = :number"

BY_MEMBER = """
select c.claim_id from claim c join member m using (member_id) where m.subscriber_number = :subscriber
union
select c.claim_id from claim c join member_past m using (member_id) where m.subscriber_number = :subscriber
union
-- those of nobody on file are known by what was sent only
select c.claim_id from claim c where c.member_id is null and upper(trim(c.subscriber_id)) = :subscriber
"""

BY_FILE = "select claim_id from claim where file_id = :file_id"

CANDIDATES = """
select c.claim_id, c.claim_number, c.tracking_number, c.patient_control_number, c.state, c.version_state, c.kind,
    c.frequency_code, c.charge_cents, c.received_date, c.partner, c.file_id,
    coalesce(o.family_id, c.family_id, -c.claim_id) as history,
    coalesce((
        select string_agg(statuses, ' ' order by ordinal) from claim_edit e
        where e.claim_id = c.claim_id and e.severity = 'reject'
    ), '') as statuses
from claim c
left join claim o on o.claim_id = c.original_claim_id
where c.claim_id in ({named})
order by c.received_date, c.claim_id
limit :most
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is known of the claims that are looked for; all of it holds."""

    number: str | None = None
    """Of ours: claim or tracking number, without separators."""
    provider_number: str | None = None
    """CLM01, as it was sent."""
    subscriber: str | None = None
    file_id: int | None = None


@dataclass(frozen=True, slots=True)
class Candidate:
    """A claim that somebody may mean."""

    claim_id: int
    claim_number: str | None
    tracking_number: str | None
    patient_control_number: str
    state: str
    version_state: str
    kind: str
    frequency_code: str
    charge_cents: int
    received_date: date
    partner: str
    file_id: int
    history: int
    """The same for the versions of a family and their refused corrections."""
    statuses: str
    """Of the 277CA, where it was rejected; with blanks between."""


def find_claims(conn: Connection, wanted: Wanted, most: int = MOST) -> list[Candidate]:
    """The claims that fit, in order of receipt; at most `most`. Empty where nothing is wanted, too."""
    named = [
        query
        for query, value in (
            (BY_OUR_NUMBER, wanted.number),
            (BY_PROVIDER_NUMBER.replace(":number", ":provider_number"), wanted.provider_number),
            (BY_MEMBER, wanted.subscriber),
            (BY_FILE, wanted.file_id),
        )
        if value is not None
    ]
    if not named:
        return []
    parameters = {
        "number": wanted.number,
        "provider_number": wanted.provider_number,
        "subscriber": wanted.subscriber.strip().upper() if wanted.subscriber else None,
        "file_id": wanted.file_id,
        "most": most,
    }
    query = CANDIDATES.format(named=" intersect ".join(f"({one})" for one in named))
    used = {name: value for name, value in parameters.items() if f":{name}" in query}
    return [Candidate(**row._mapping) for row in conn.execute(text(query), used)]  # noqa: SLF001 - SQLAlchemy's public name
