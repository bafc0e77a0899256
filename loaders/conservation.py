"""Conservation, set by set: what became of the claims and the charges of each 837 transaction set.

Received = accepted + rejected, accepted = paid + denied + pended + waiting, charges = paid + adjustments. What was
received is what was counted when the set was loaded; what became of it is counted from claims, decisions, their lines
and adjustments, which are other rows. `rules.expectations` says what must hold of it, `loaders.balance` of all days.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, text

if TYPE_CHECKING:
    import pyarrow as pa

COUNTS = (
    *("received", "accepted", "rejected", "paid", "denied", "pended", "waiting", "received_cents", "accepted_cents"),
    *("rejected_cents", "decided_cents", "paid_cents", "adjusted_cents", "unbalanced_lines"),
)

# The decision that holds for a claim is the one with the highest sequence. An accepted void carries no money of its
# own: the reversal of its original does.
SETS = """
with chosen as (
    select b.set_key, b.claims, b.charge_cents from claim_batch b
    where cast(:since as timestamptz) is null
        or b.set_key in (
            select c.set_key from claim c where c.file_id in (
                select f.file_id from file f where f.state_changed_at >= :since
            )
        )
        or b.set_key in (
            select c.set_key from decision d join claim c using (claim_id) where d.decided_at >= :since
        )
), holding as (
    select c.set_key, c.state, c.charge_cents, d.decision_id, d.outcome,
        d.outcome in ('paid', 'denied') and d.claim_status_code is distinct from 'void' as is_decided
    from chosen
    join claim c using (set_key)
    left join decision d on d.claim_id = c.claim_id and c.state not in ('accepted', 'rejected')
        and not exists (select from decision later where later.claim_id = d.claim_id and later.sequence > d.sequence)
), counted as (
    select set_key, count(*) filter (where state <> 'rejected') as accepted,
        count(*) filter (where state = 'rejected') as rejected,
        count(*) filter (where outcome = 'paid') as paid,
        count(*) filter (where outcome = 'denied') as denied,
        count(*) filter (where outcome = 'pended') as pended,
        count(*) filter (where state = 'accepted') as waiting,
        coalesce(sum(charge_cents) filter (where state <> 'rejected'), 0) as accepted_cents,
        coalesce(sum(charge_cents) filter (where state = 'rejected'), 0) as rejected_cents,
        coalesce(sum(charge_cents) filter (where is_decided), 0) as decided_cents
    from holding group by set_key
), adjusted as (
    select a.decision_id, a.line_number, sum(a.amount_cents) as cents
    from adjustment a join holding h using (decision_id) where h.is_decided group by 1, 2
), line as (
    select h.set_key, sum(l.paid_cents) as paid_cents, sum(coalesce(a.cents, 0)) as adjusted_cents,
        count(*) filter (where l.charge_cents <> l.paid_cents + coalesce(a.cents, 0)) as unbalanced_lines
    from holding h
    join decision_line l using (decision_id)
    left join adjusted a on a.decision_id = l.decision_id and a.line_number = l.line_number
    where h.is_decided
    group by h.set_key
), whole as (
    -- what is adjusted of a claim beside its lines
    select h.set_key, sum(a.cents) as cents
    from holding h join adjusted a using (decision_id)
    where a.line_number = 0
    group by h.set_key
)
select s.set_key, s.claims as received, coalesce(c.accepted, 0) as accepted, coalesce(c.rejected, 0) as rejected,
    coalesce(c.paid, 0) as paid, coalesce(c.denied, 0) as denied, coalesce(c.pended, 0) as pended,
    coalesce(c.waiting, 0) as waiting, s.charge_cents as received_cents,
    cast(coalesce(c.accepted_cents, 0) as bigint) as accepted_cents,
    cast(coalesce(c.rejected_cents, 0) as bigint) as rejected_cents,
    cast(coalesce(c.decided_cents, 0) as bigint) as decided_cents,
    cast(coalesce(l.paid_cents, 0) - coalesce(w.cents, 0) as bigint) as paid_cents,
    cast(coalesce(l.adjusted_cents, 0) + coalesce(w.cents, 0) as bigint) as adjusted_cents,
    coalesce(l.unbalanced_lines, 0) as unbalanced_lines
from chosen s
left join counted c using (set_key)
left join line l using (set_key)
left join whole w using (set_key)
order by s.set_key
"""


def conservation(conn: Connection, since: datetime | None = None) -> pa.Table:
    """A row a transaction set: `set_key` and COUNTS, in claims and exact cents.

    Of all sets, or of those whose file changed its state, or of whose claims one was decided, from `since` on.
    """
    import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow

    rows = conn.execute(text(SETS), {"since": since}).all()
    names = ("set_key", *COUNTS)
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table({name: pa.array(column, pa.int64()) for name, column in zip(names, columns, strict=True)})
