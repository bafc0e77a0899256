"""Patients without coverage of their own, and the subscribers through whom they might have it (domain.md 8.2 #4)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

from loaders.frames import read_frame
from loaders.id_lists import id_list

if TYPE_CHECKING:
    import pandas as pd

DEPENDANTS = """
select c.claim_id, c.member_id is not null as is_on_file, coalesce(c.birth_date, c.patient_birth_date) as born_on,
    s.member_id as subscriber_member_id
from (
    select c.claim_id, c.member_id, c.patient_birth_date, c.service_from, m.birth_date, m.group_id,
        coalesce(m.subscriber_number, upper(trim(c.subscriber_id))) as subscriber_number
    from claim c left join member m using (member_id)
    where c.claim_id = any(:claim_ids) and not coalesce(m.is_subscriber, false)
        and not exists (
            select from coverage_span own
            where own.member_id = c.member_id and own.superseded_at is null
                and (own.insurance_line in ('DEN', 'DCP')) = (c.kind = 'D')
        )
) c
cross join lateral (
    select s.member_id from member s
    where s.subscriber_number = c.subscriber_number and s.is_subscriber
        and (c.group_id is null or s.group_id = c.group_id)
    -- of one who is on file in two groups, the one covered on the day of service
    order by exists (
        select from coverage_span v
        where v.member_id = s.member_id and v.superseded_at is null
            and lower(v.valid) <= c.service_from and c.service_from < coalesce(upper(v.valid), 'infinity')
    ) desc, s.member_id
    limit 1
) s
order by c.claim_id
"""


def read(conn: Connection, claim_ids: Sequence[int]) -> pd.DataFrame:
    """`edi.claim_facts.ClaimFacts.dependants`."""
    return read_frame(conn, text(DEPENDANTS), {"claim_ids": id_list(claim_ids)})
