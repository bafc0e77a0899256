"""The one order in which the rows of claims are locked: families, then claims, each by its key.

A commit that screens corrections locks families, and so does whoever decides claims. As long as everybody keeps to this
order two of them wait for each other at most once, never in a circle.
"""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, text

from loaders.id_lists import id_list

LOCK_FAMILIES = """
select f.family_id from claim_family f
where f.family_id in (select family_id from claim where claim_id = any(:claim_ids) and frequency_code <> '1')
order by f.family_id for no key update
"""

LOCK_CLAIMS = """
select c.claim_id from claim c
-- an array: for a set of ids the planner may read all claims
where c.claim_id = any(array(
    select claim_id from claim where claim_id = any(:claim_ids)
    union select original_claim_id from claim where claim_id = any(:claim_ids)
))
order by c.claim_id for no key update
"""


def lock_claims(conn: Connection, claim_ids: Collection[int]) -> None:
    """Lock claims, those that they correct and the families of corrections, until the transaction ends."""
    locked = {"claim_ids": id_list(claim_ids)}
    conn.execute(text(LOCK_FAMILIES), locked)
    conn.execute(text(LOCK_CLAIMS), locked)
