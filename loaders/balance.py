"""Conservation: every file and claim is in a state, and every cent billed is paid or adjusted.

The query that operations and the tests ask after any day; a warehouse in order has nothing in `faults`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select, text

from loaders.schema.claims import claim
from loaders.schema.intake import file

# One statement, so that all figures are of one moment. The decision that holds for a claim is the one with the highest
# sequence. An accepted void carries no money of its own: the reversal of its original does.
MONEY = """
with holding as (
    select d.*, c.state as claim_state, c.charge_cents as claim_charge_cents
    from decision d join claim c using (claim_id)
    where not exists (select from decision later where later.claim_id = d.claim_id and later.sequence > d.sequence)
), decided as (
    select * from holding where outcome in ('paid', 'denied') and claim_status_code is distinct from 'void'
), adjusted as (
    select decision_id, line_number, sum(a.amount_cents) as amount_cents
    from adjustment a join decided using (decision_id) group by decision_id, line_number
), line as (
    select l.*, coalesce(a.amount_cents, 0) as adjusted_cents
    from decision_line l join decided using (decision_id) left join adjusted a using (decision_id, line_number)
), total as (
    -- what is adjusted of a claim as a whole stands on line 0
    select l.decision_id, sum(l.charge_cents) as charge_cents,
        sum(l.paid_cents) - coalesce(max(a.amount_cents), 0) as paid_cents
    from decision_line l join decided using (decision_id)
    left join adjusted a on a.decision_id = l.decision_id and a.line_number = 0
    group by l.decision_id
)
select
    (select count(*) from finding where code = :refused_claim) as refused_claims,
    (select count(*) from finding where code = :refused_member) as refused_members,
    (select count(*) from decided) as decided_claims,
    (select coalesce(sum(charge_cents), 0)::bigint from decided) as billed_cents,
    (select coalesce(sum(paid_cents), 0)::bigint from decided) as paid_cents,
    (select coalesce(sum(amount_cents), 0)::bigint from adjusted) as adjusted_cents,
    (select count(*) from claim c
     where c.state not in ('accepted', 'rejected')
        and not exists (select from decision d where d.claim_id = c.claim_id)) as undecided,
    (select count(*) from holding where outcome <> claim_state) as other_state,
    (select count(*) from decided where charge_cents <> claim_charge_cents) as other_charge,
    (select count(*) from line where charge_cents <> paid_cents + adjusted_cents) as unbalanced_lines,
    (select count(*) from decided d left join total t using (decision_id)
     where d.charge_cents <> coalesce(t.charge_cents, 0) or d.paid_cents <> coalesce(t.paid_cents, 0)) as other_sum,
    (select count(*) from remittance r
     where payment_cents <> (
        select coalesce(sum(paid_cents), 0) from remittance_claim e where e.remittance_id = r.remittance_id
     ) - (
        select coalesce(sum(amount_cents), 0) from remittance_provider_adjustment a
        where a.remittance_id = r.remittance_id
     )) as other_payment,
    (select count(*) from remittance r
     where coalesce((
        select sum(interest_cents) from remittance_claim e where e.remittance_id = r.remittance_id
     ), 0) <> coalesce((
        select -sum(amount_cents) from remittance_provider_adjustment a
        where a.remittance_id = r.remittance_id and a.reason_code = 'L6'
     ), 0) and r.remittance_run_id is not null) as other_interest,
    (select count(*) from remittance_provider_adjustment a
     join provider_account_entry e using (entry_id) join remittance r using (remittance_id)
     where (a.reason_code, a.reference, a.amount_cents, r.payee_id)
        <> (e.reason_code, e.reference, e.amount_cents, e.payee_id)) as other_booked,
    (select count(*) from (
        select r.payee_id, a.reference, sum(a.amount_cents) as cents
        from remittance_provider_adjustment a join remittance r using (remittance_id)
        where a.reason_code = 'FB' group by 1, 2
     ) forwarded where cents > 0)
     + (select count(*) from (
        select r.payee_id from remittance_provider_adjustment a join remittance r using (remittance_id)
        where a.reason_code = 'FB' and a.amount_cents < 0 and not exists (
            select from remittance_provider_adjustment closed join remittance later using (remittance_id)
            where closed.reason_code = 'FB' and closed.reference = a.reference
                and closed.amount_cents = -a.amount_cents and later.payee_id = r.payee_id
        )
        group by 1 having count(*) > 1
     ) twice) as other_forwarded,
    (select count(*) from remittance_claim e join holding h using (decision_id)
     where e.entry = 'payment' and (e.paid_cents <> h.paid_cents
        or e.interest_cents <> h.interest_cents and h.interest_said and e.claim_status_code <> 'void'))
        as other_remitted,
    -- a refused correction is remitted alone, and takes no version's place
    (select count(*) from (
        select c.family_id from remittance_claim r join claim c using (claim_id)
        where r.claim_status_code <> 'void' and c.version_state <> 'refused' group by c.family_id
        having count(*) filter (where r.entry = 'payment') - count(*) filter (where r.entry = 'reversal') > 1) twice)
        as remitted_twice,
    (select count(*) from (
        select family_id from claim where version_state = 'active' and state in ('paid', 'denied')
        group by family_id having count(*) > 1) twice) as twice_in_force,
    (select count(*) from claim_batch b join (
        select set_key, count(*) as claims, sum(charge_cents) as charge_cents,
            count(*) filter (where state = 'rejected') as rejected,
            coalesce(sum(charge_cents) filter (where state = 'rejected'), 0) as rejected_cents
        from claim group by set_key
     ) c using (set_key)
     where (b.claims, b.charge_cents, b.rejected, b.rejected_cents)
        is distinct from (c.claims, c.charge_cents, c.rejected, c.rejected_cents)) as other_batch
"""

REFUSED = {"refused_claim": "CLAIM_SYNTAX", "refused_member": "ENROLLMENT_MEMBER_SYNTAX"}
"""Findings that stand for a claim or member of an accepted set which the 999 refused."""

FAULTS: Mapping[str, str] = {
    "undecided": "claims with an outcome but without a decision",
    "other_state": "claims whose state is not the outcome of their last decision",
    "other_charge": "decisions about another charge than the claim's",
    "unbalanced_lines": "decided lines whose charge is not paid plus adjusted",
    "other_sum": "decisions that are not the sum of their lines",
    "other_payment": "payments that are not the sum of their claims",
    "other_interest": "payments whose interest (L6) is not that of their claims",
    "other_booked": "entries of provider accounts that were settled otherwise than booked",
    "other_forwarded": "forwarded balances that were closed otherwise than opened, or several of a payee",
    "other_remitted": "claims remitted with another amount than was decided",
    "remitted_twice": "families remitted again without taking back what was remitted before",
    "other_batch": "batches that are not what the 277CA said of their claims",
    "twice_in_force": "families with two decided versions in force",
}
"""What must never be found, by the column of the query that counts it."""


@dataclass(frozen=True, slots=True)
class Balance:
    """Files and claims by state, the money of the decided claims, and what does not add up."""

    files: Mapping[str, int]
    claims: Mapping[str, int]
    """Every version received, by accepted, paid, denied, pended or rejected."""
    decided_claims: int
    billed_cents: int
    paid_cents: int
    adjusted_cents: int
    faults: Mapping[str, int]
    """Those of FAULTS that were found, with how often; empty when all is well."""
    refused: Mapping[str, int] = field(default_factory=dict)
    """Claims and members that the 999 refused in sets that were accepted; claims among them are rejected ones too."""

    @property
    def holds(self) -> bool:
        """Is every cent billed paid or adjusted, and nothing else wrong?"""
        return self.billed_cents == self.paid_cents + self.adjusted_cents and not self.faults


def balance(conn: Connection) -> Balance:
    """Take the balance of the whole warehouse."""
    files = conn.execute(
        select(file.c.state, func.count().label("files")).group_by(file.c.state).order_by(file.c.state)
    )
    claims = conn.execute(
        select(claim.c.state, func.count().label("claims")).group_by(claim.c.state).order_by(claim.c.state)
    )
    money = conn.execute(text(MONEY), REFUSED).mappings().one()
    refused = {"claims": money["refused_claims"], "members": money["refused_members"]}
    return Balance(
        files={row.state: row.files for row in files},
        claims={row.state: row.claims for row in claims},
        decided_claims=money["decided_claims"],
        billed_cents=money["billed_cents"],
        paid_cents=money["paid_cents"],
        adjusted_cents=money["adjusted_cents"],
        faults={sentence: money[name] for name, sentence in FAULTS.items() if money[name]},
        refused={name: count for name, count in refused.items() if count},
    )
