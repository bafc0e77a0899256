"""Claims of test interchanges (ISA15 = T) where test data touch nothing: what would become of them, told and forgotten.

A partner tries out its files before it sends in earnest, and wants the 277CA that it would get. Its claims are loaded
and screened as others are, in a part of the transaction that is then undone; only the answer leaves it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from edi.claim_screening import Screen
from loaders.claims import ClaimsLoaded, load_claims
from loaders.staging import analyze, drop_staged, run

TEST_SETS = """
select count(*) from interchange i
join functional_group g using (interchange_id)
join transaction_set s using (group_key)
where i.file_id = :file_id and i.ta1_code <> 'R' and i.usage = 'T' and s.ik501 in ('A', 'E')
"""

REHEARSED_SETS = """
create temporary table loaded_set on commit drop as
select i.ordinal as interchange, g.ordinal as functional_group, s.ordinal as transaction_set, s.set_key, true as is_test
from interchange i
join functional_group g using (interchange_id)
join transaction_set s using (group_key)
where i.file_id = :file_id and i.ta1_code <> 'R' and i.usage = 'T' and s.ik501 in ('A', 'E')
"""

NUMBERED = ("claim_number", "tracking_number")
UNREAL = "TEST"
"""What stands before the numbers of such claims, which are nobody's."""


def rehearse(
    conn: Connection,
    file_id: int,
    tables: Mapping[str, pa.Table],
    partner: str,
    received_date: date,
    screen: Screen,
    suffix_digits: int,
) -> ClaimsLoaded | None:
    """What loading the test sets of a file would come to; afterwards the warehouse is as it was. None without any.

    Nothing waits for a person here: a test may be repeated as often as it takes.
    """
    if not conn.execute(text(TEST_SETS), {"file_id": file_id}).scalar_one():
        return None
    before = conn.begin_nested()
    try:
        drop_staged(conn, "loaded_set")
        run(conn, REHEARSED_SETS, file_id=file_id)
        analyze(conn, "loaded_set")
        loaded = load_claims(
            conn, file_id, tables, partner, received_date, screen, suffix_digits=suffix_digits, is_rehearsal=True
        )
    finally:
        before.rollback()
    return None if loaded is None else replace(loaded, answered=_unreal(loaded.answered))


def _unreal(answered: pa.Table) -> pa.Table:
    """With numbers that no claim of ours will ever have."""
    numbers = pc.binary_join_element_wise(UNREAL, pc.utf8_lpad(pc.cast(answered["row"], pa.string()), 8, "0"), "")
    for name in NUMBERED:
        given = pc.if_else(pc.is_valid(answered[name]), numbers, pa.scalar(None, pa.string()))
        answered = answered.set_column(answered.schema.get_field_index(name), name, given)
    return answered
