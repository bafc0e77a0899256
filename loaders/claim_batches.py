"""Batches that a person is to look at before anything of their file is loaded: sent before, or too large."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from edi.claim_screening import Screen
from loaders.holds import FileHeld, Hold
from loaders.staging import POSITION, stage

BATCH_REPEATED, BATCH_OVERSIZED = "BATCH_REPEATED", "BATCH_OVERSIZED"
"""Codes of the holds."""
REISSUE = "18"
"""BHT02 of a batch that is sent again."""

LOCK_BATCHES = """
select pg_advisory_xact_lock(hashtextextended(concat_ws(chr(31), submitter_id, batch_reference), 837))
from (
    select distinct submitter_id, batch_reference from new_claim
    where batch_reference is not null order by submitter_id, batch_reference
) batch
"""

BATCHES_SENT_BEFORE = """
with batch as (
    select n.set_key, n.submitter_id, n.batch_reference as reference, n.is_test, count(*) as claims,
        sum(coalesce(n.charge_cents, 0)) as charge_cents, bool_or(s.is_reissue) as is_reissue
    from new_claim n left join sent_batch s using (interchange, functional_group, transaction_set)
    where n.batch_reference is not null
    group by n.set_key, n.submitter_id, n.batch_reference, n.is_test
), known as (
    select set_key, submitter_id, reference, is_test, claims, charge_cents, false as in_this_file from claim_batch
    union all
    select set_key, submitter_id, reference, is_test, claims, charge_cents, true from batch
)
select count(distinct b.set_key) as batches, min(i.file_id) as earlier_file
from batch b
join known before on before.reference = b.reference and (not before.in_this_file or before.set_key < b.set_key)
    and before.submitter_id is not distinct from b.submitter_id and before.is_test = b.is_test
    and (b.is_reissue or before.claims = b.claims and before.charge_cents = b.charge_cents)
join transaction_set t on t.set_key = before.set_key
join functional_group g using (group_key)
join interchange i using (interchange_id)
"""

OVERSIZED = "select count(*) from (select from new_claim group by set_key having count(*) > :most) oversized"

RELEASED = "select exists (select from hold where file_id = :file_id and code = :code and decision = 'released')"


def hold_batches(conn: Connection, file_id: int, tables: Mapping[str, pa.Table], screen: Screen) -> None:
    """Stop where a person is to look at a batch first, unless somebody said that it is to be taken all the same.

    That is one that came before: submitter and BHT03, with as many claims and as much money, or with any where it says
    itself that it is sent again (BHT02 18; domain.md 1.3, 4.1); and one with too many claims (4.1). Of two files with
    one batch that are committed at once, the second waits here for the first.

    Raises:
        FileHeld: with each reason.
    """
    found = []
    if screen.holds_repeated_batches:
        stage(conn, "sent_batch", sent_batches(tables))
        conn.execute(text(LOCK_BATCHES))
        repeated = conn.execute(text(BATCHES_SENT_BEFORE)).one()
        if repeated.batches:
            found.append(Hold(BATCH_REPEATED, {"batches": repeated.batches, "earlier_file": repeated.earlier_file}))
    if screen.most_claims_per_set is not None:
        most = {"most": screen.most_claims_per_set}
        oversized = conn.execute(text(OVERSIZED), most).scalar_one()
        if oversized:
            found.append(Hold(BATCH_OVERSIZED, {"batches": oversized, **most}))
    left = [one for one in found if not _is_released(conn, file_id, one.code)]
    if left:
        raise FileHeld(left, ())


def _is_released(conn: Connection, file_id: int, code: str) -> bool:
    return bool(conn.execute(text(RELEASED), {"file_id": file_id, "code": code}).scalar_one())


def sent_batches(tables: Mapping[str, pa.Table]) -> pa.Table:
    """The sets of a file by POSITION, and `is_reissue`: which of them say that they are sent again."""
    headers = tables.get("claim_set")
    if headers is None:
        empty: list[int] = []
        return pa.table(
            {**{name: pa.array(empty, pa.int64()) for name in POSITION}, "is_reissue": pa.array([], pa.bool_())}
        )
    return headers.select(POSITION).append_column("is_reissue", pc.equal(headers["purpose"], REISSUE))
