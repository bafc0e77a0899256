"""Disputes that come as claims: kept for counting, for they are answered elsewhere (domain.md 6.6).

A replacement that changes nothing is one (`rules.disputes` denies it). A note (NTE) or attachment number (PWK06) that
speaks of an appeal is a suspicion only: the claim is decided like any other.
"""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, text

from loaders.staging import run

UNCHANGED, NOTE, ATTACHMENT = "unchanged", "note", "attachment"
APPEAL = r"\m(appeal|dispute|disputing|reconsider|reconsideration|redetermination|grievance)"
"""Beginnings of words, in any case."""

SUSPECT = """
insert into claim_dispute (claim_id, sign)
select claim_id, sign from (
    select d.claim_id, 'note' as sign from claim_note d join new_claim n using (claim_id) where d.note ~* :appeal
    union
    select d.claim_id, 'attachment' from claim_attachment d join new_claim n using (claim_id)
    where d.control_number ~* :appeal
) said
order by claim_id, sign
"""

RECORD = """
insert into claim_dispute (claim_id, sign)
select n.claim_id, 'unchanged' from new_decision n join decision d using (decision_id)
where n.is_correction and n.outcome = 'denied' and d.explanation @> '[{"rule": "DISPUTE-NOT-BY-EDI"}]'
order by n.claim_id
on conflict do nothing
"""

COUNT = """
select c.received_date, c.partner, d.sign, count(*)
from claim_dispute d join claim c using (claim_id)
where c.received_date between :first and :last
group by c.received_date, c.partner, d.sign
order by 1, 2, 3
"""


class DisputeCount(NamedTuple):
    """How many claims of a partner, received on a day, were disputes by this sign."""

    received_date: date
    partner: str
    sign: str
    claims: int


def suspect(conn: Connection) -> int:
    """Keep which claims of the temporary table `new_claim` speak of an appeal; how many signs there are.

    Their notes and attachments are loaded.
    """
    return run(conn, SUSPECT, appeal=APPEAL)


def record(conn: Connection) -> int:
    """Keep which claims of the temporary table `new_decision` were denied as disputes; how many."""
    return run(conn, RECORD)


def count(conn: Connection, first: date, last: date) -> list[DisputeCount]:
    """The disputes among the claims received from `first` through `last`."""
    rows = conn.execute(text(COUNT), {"first": first, "last": last})
    return [DisputeCount(*row) for row in rows]
