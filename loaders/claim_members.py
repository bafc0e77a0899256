"""Which member a claim is for: by subscriber id, patient's birth date and first name, as they are or once were.

A claim is matched when it is loaded, and again, as long as nobody was found, when it is decided: the 834 that brings
its member may have arrived first and been applied later.
"""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa
from sqlalchemy import Connection, text

from loaders.id_lists import id_list
from loaders.staging import analyze, drop_staged, identifier_key, name_key, run, stage

MATCH = """
create temporary table claim_member on commit drop as
with known as (
    select n.claim_id, n.service_from, m.member_id, m.first_name_key = n.first_name_key as same_name, true as is_now
    from {claims} n
    join member m on m.subscriber_number = n.subscriber_key and m.birth_date = n.patient_birth_date
    union all
    -- cards outlive corrections
    select n.claim_id, n.service_from, m.member_id, m.first_name_key = n.first_name_key, false
    from {claims} n
    join member_past m on m.subscriber_number = n.subscriber_key and m.birth_date = n.patient_birth_date
), person as (
    select claim_id, service_from, member_id, bool_or(same_name) as same_name,
        bool_or(is_now and same_name) or bool_or(is_now) and not bool_or(same_name) as is_now
    from known group by claim_id, service_from, member_id
), fitting as (
    select p.*, count(*) filter (where same_name) over (partition by claim_id, is_now) as same_names from person p
), ranked as (
    select claim_id, member_id, rank() over (
        partition by claim_id
        -- the name tells twins apart; one person on file in two groups is the one covered on the day of service
        order by same_name desc, is_now desc, case when same_name and same_names > 1 then exists (
            select from coverage_span s
            where s.member_id = fitting.member_id and s.superseded_at is null
                -- not @>: for that the planner may read the whole index of all spans
                and lower(s.valid) <= service_from and service_from < coalesce(upper(s.valid), 'infinity')
        ) end desc
    ) as place
    from fitting
)
select claim_id, min(member_id) as member_id from ranked where place = 1 group by claim_id having count(*) = 1
"""

UNMATCHED = """
select claim_id, service_from, patient_birth_date, subscriber_id, patient_first_name
from claim where claim_id = any(:claim_ids) and member_id is null order by claim_id
"""

TAKE = "update claim c set member_id = m.member_id from claim_member m where m.claim_id = c.claim_id"

UNMATCHED_TYPES = pa.schema(
    {
        "claim_id": pa.int64(),
        "service_from": pa.date32(),
        "patient_birth_date": pa.date32(),
        "subscriber_id": pa.string(),
        "patient_first_name": pa.string(),
    }
)


def find_members(conn: Connection, claims: str) -> None:
    """Leave the temporary table `claim_member` (claim_id, member_id) for the claims of a temporary table.

    That needs the columns claim_id, service_from, subscriber_key, patient_birth_date and first_name_key. A claim that
    fits nobody, or several alike, has no row.
    """
    drop_staged(conn, "claim_member")
    run(conn, MATCH.format(claims=claims))
    analyze(conn, "claim_member")


def match_again(conn: Connection, claim_ids: Sequence[int]) -> int:
    """Look once more for the members of those of these claims that have none; how many were found.

    The caller has locked the claims: what comes before them in the order of locks is out of reach here.
    """
    rows = conn.execute(text(UNMATCHED), {"claim_ids": id_list(claim_ids)}).mappings().all()
    if not rows:
        return 0
    table = pa.Table.from_pylist([dict(row) for row in rows], schema=UNMATCHED_TYPES)
    table = table.append_column("subscriber_key", identifier_key(table["subscriber_id"]))
    table = table.append_column("first_name_key", name_key(table["patient_first_name"]))
    stage(conn, "unmatched_claim", table)
    find_members(conn, "unmatched_claim")
    return run(conn, TAKE)
