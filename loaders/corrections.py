"""Screen the replacements (frequency 7) and voids (8) of a file, and give every new claim its family and version.

A correction names its original by our claim number (REF*F8), in full or, within the claims of its member, by its last
digits (domain.md 6.3). The original must be a claim of the same member, class (P, I, D) and billing TIN, with days of
service in common. The newest version in force is what may be corrected, and one correction at a time: it takes the next
version of the family. Whether it also replaces the original is decided by adjudication.

| problem | the correction |
|---|---|
| F8_MISSING | names no original |
| F8_UNKNOWN | names none of our claims, or by its last digits several of the member |
| F8_OTHER_MEMBER | names a claim of somebody else |
| F8_OTHER_CLASS | names a claim of another class |
| F8_OTHER_PROVIDER | names a claim of another billing TIN |
| F8_OTHER_DATES | has no day of service in common with its original |
| F8_VOIDED | names a claim that was voided, or a void |
| F8_SUPERSEDED | names a version that is no longer in force, or that another correction was faster to correct |
| F8_DISPUTED | names a claim of a family whose dispute is open (`loaders.open_disputes`) |
| F8_PENDING | names a claim that is not decided yet; it takes its version all the same, and waits |

A correction with any other problem than F8_PENDING gets a family of its own and no version; it is linked to no claim
of somebody else.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

from loaders.staging import analyze, run

NAMED = """
create temporary table named_original on commit drop as
with correcting as (
    select n.*, m.member_id from new_claim n left join claim_member m using (claim_id)
    where n.frequency_code in ('7', '8') and n.original_key is not null
), found as (
    select n.claim_id, o.claim_id as original_claim_id, o.claim_number = n.original_key as as_written
    from correcting n
    join claim o on o.claim_number in (n.original_key, ltrim(n.original_key, '0')) and o.is_test = n.is_test
    union all
    select n.claim_id, min(o.claim_id), false
    from correcting n
    join claim o on o.member_id = n.member_id and o.is_test = n.is_test
        and right(o.claim_number, :suffix_digits) = n.original_key
    where :suffix_digits > 0 and length(n.original_key) = :suffix_digits
    group by n.claim_id having count(*) = 1
)
select distinct on (claim_id) claim_id, original_claim_id from found
order by claim_id, as_written desc, original_claim_id
"""

FIND_ORIGINALS = """
create temporary table correction on commit drop as
select c.claim_id, c.original_key is not null as names_one, c.mismatch,
    case when c.mismatch is null then c.original_claim_id end as original_claim_id,
    case when c.mismatch is null then c.family_id end as family_id,
    cast(null as text) as problem, cast(null as integer) as expected_version
from (
    select n.claim_id, n.original_key, o.claim_id as original_claim_id, o.family_id, case
        when o.claim_id is null then null
        -- the original may have come before its member did
        when not coalesce(case when o.member_id is not null and m.member_id is not null then o.member_id = m.member_id
            else upper(trim(o.subscriber_id)) = n.subscriber_key and o.patient_birth_date = n.patient_birth_date end,
            false) then 'F8_OTHER_MEMBER'
        when o.kind <> n.kind then 'F8_OTHER_CLASS'
        when upper(regexp_replace(o.billing_tin, '[^0-9A-Za-z]', '', 'g')) is distinct from n.tin_key
            then 'F8_OTHER_PROVIDER'
        when n.service_from > o.service_through or o.service_from > n.service_through then 'F8_OTHER_DATES'
    end as mismatch
    from new_claim n
    left join claim_member m using (claim_id)
    left join named_original f using (claim_id)
    left join claim o on o.claim_id = f.original_claim_id
    where n.frequency_code in ('7', '8')
) c
"""

LOCK_FAMILIES = """
select family_id from claim_family where family_id in (select family_id from correction)
order by family_id for no key update
"""

SCREEN = """
update correction c set problem = s.problem, expected_version = s.current_version
from (
    select c.claim_id, f.current_version, case
        when not c.names_one then 'F8_MISSING'
        when c.mismatch is not null then c.mismatch
        when c.original_claim_id is null then 'F8_UNKNOWN'
        -- a void has nothing that could be corrected, accepted or not
        when f.state = 'voided' or o.version_state = 'voided' or o.frequency_code = '8' then 'F8_VOIDED'
        when o.version_state <> 'active' or exists (
            select from claim later
            where later.family_id = o.family_id and later.version > o.version and later.version_state = 'active'
        ) then 'F8_SUPERSEDED'
        when exists (
            select from provider_dispute d where d.family_id = o.family_id and d.closed_at is null
        ) then 'F8_DISPUTED'
        when o.state in ('accepted', 'pended') then 'F8_PENDING'
    end as problem
    from correction c
    left join claim o on o.claim_id = c.original_claim_id
    left join claim_family f on f.family_id = c.family_id
) s
where s.claim_id = c.claim_id
"""

REFUSE_SECOND_OF_FILE = """
update correction c set problem = 'F8_SUPERSEDED'
where coalesce(problem, 'F8_PENDING') = 'F8_PENDING' and exists (
    select from correction first
    where first.family_id = c.family_id and coalesce(first.problem, 'F8_PENDING') = 'F8_PENDING'
        and first.claim_id < c.claim_id
)
"""

TAKE_VERSIONS = """
update claim_family f set current_version = c.expected_version + 1
from correction c join new_claim n using (claim_id)
where coalesce(c.problem, 'F8_PENDING') = 'F8_PENDING' and f.family_id = c.family_id
    and f.current_version = c.expected_version and f.state = 'active'
"""

NEW_FAMILIES = """
create temporary table new_family on commit drop as
with sequence as (
    select cast(pg_get_serial_sequence('claim_family', 'family_id') as regclass) as name
)
select n.claim_id,
    case when c.is_valid then c.family_id else nextval((select name from sequence)) end as family_id,
    case when c.is_valid then c.expected_version + 1 when c.claim_id is null then 1 end as version,
    case when c.is_valid or c.claim_id is null then 'active' else 'refused' end as version_state,
    coalesce(c.is_valid, false) as joins_family,
    c.original_claim_id, c.problem as correction_problem, c.ordinal as correction_ordinal
from new_claim n
left join (
    select c.*, coalesce(c.problem, 'F8_PENDING') = 'F8_PENDING' as is_valid,
        row_number() over (order by c.claim_id) as ordinal
    from correction c
) c using (claim_id)
"""

INSERT_FAMILIES = """
insert into claim_family (family_id, current_version, state)
select family_id, coalesce(version, 0), 'active' from new_family where not joins_family order by family_id
"""

REFUSED = "select count(*) from new_family where version_state = 'refused'"


def screen_corrections(conn: Connection, suffix_digits: int) -> None:
    """Leave the temporary table `correction`: what the replacements and voids of `new_claim` name, and what is wrong.

    The families of the originals stay locked until the transaction ends, so of two files that correct the same
    claim at once the second sees what the first did. `suffix_digits`: how many last digits of a claim number name a
    claim of the member; 0: only the full number does.
    """
    run(conn, NAMED, suffix_digits=suffix_digits)
    analyze(conn, "named_original")
    run(conn, FIND_ORIGINALS)
    analyze(conn, "correction")
    run(conn, LOCK_FAMILIES)
    # statements after the lock see what its last owner committed
    run(conn, SCREEN)
    run(conn, REFUSE_SECOND_OF_FILE)


def join_families(conn: Connection) -> int:
    """Leave the temporary table `new_family`: family, version and correction facts of each row of `new_claim`.

    Those that were rejected since `screen_corrections` are no longer there; they take no version and get no family.
    Returns how many of the others adjudication will deny for what they name.
    """
    run(conn, TAKE_VERSIONS)
    run(conn, NEW_FAMILIES)
    analyze(conn, "new_family")
    run(conn, INSERT_FAMILIES)
    return int(conn.execute(text(REFUSED)).scalar_one())
