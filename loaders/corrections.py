"""Screen the replacements (frequency 7) and voids (8) of a file, and give every new claim its family and version.

A correction names its original by our claim number (REF*F8); it must be a claim of the same kind, member and billing
TIN. The newest version in force is what may be corrected, and one correction at a time: it takes the next version of
the family. Whether it also replaces the original is decided by adjudication.

| problem | the correction |
|---|---|
| F8_MISSING | names no original |
| F8_UNKNOWN | names none of this kind, member and billing TIN |
| F8_VOIDED | names a claim that was voided, or a void |
| F8_SUPERSEDED | names a version that is no longer in force, or that another correction was faster to correct |

A correction with a problem gets a family of its own and no version.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from loaders.staging import analyze, run

FIND_ORIGINALS = """
create temporary table correction on commit drop as
select n.claim_id, n.original_key is not null as names_one, o.claim_id as original_claim_id, o.family_id,
    cast(null as text) as problem, cast(null as integer) as expected_version
from new_claim n
left join claim_member m using (claim_id)
left join claim o on o.claim_number = n.original_key and o.kind = n.kind and o.is_test = n.is_test
    and upper(regexp_replace(o.billing_tin, '[^0-9A-Za-z]', '', 'g')) = n.tin_key
    -- the original may have come before its member did
    and case when o.member_id is not null and m.member_id is not null then o.member_id = m.member_id
        else upper(trim(o.subscriber_id)) = n.subscriber_key and o.patient_birth_date = n.patient_birth_date end
where n.frequency_code in ('7', '8')
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
        when c.original_claim_id is null then 'F8_UNKNOWN'
        -- a void has nothing that could be corrected, accepted or not
        when f.state = 'voided' or o.version_state = 'voided' or o.frequency_code = '8' then 'F8_VOIDED'
        when o.version_state <> 'active' or exists (
            select from claim later
            where later.family_id = o.family_id and later.version > o.version and later.version_state = 'active'
        ) then 'F8_SUPERSEDED'
    end as problem
    from correction c
    left join claim o on o.claim_id = c.original_claim_id
    left join claim_family f on f.family_id = c.family_id
) s
where s.claim_id = c.claim_id
"""

REFUSE_SECOND_OF_FILE = """
update correction c set problem = 'F8_SUPERSEDED'
where problem is null and exists (
    select from correction first
    where first.family_id = c.family_id and first.problem is null and first.claim_id < c.claim_id
)
"""

TAKE_VERSIONS = """
update claim_family f set current_version = c.expected_version + 1
from correction c join new_claim n using (claim_id)
where c.problem is null and f.family_id = c.family_id and f.current_version = c.expected_version
    and f.state = 'active'
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
    select c.*, c.problem is null as is_valid, row_number() over (order by c.claim_id) as ordinal from correction c
) c using (claim_id)
"""

INSERT_FAMILIES = """
insert into claim_family (family_id, current_version, state)
select family_id, coalesce(version, 0), 'active' from new_family where not joins_family order by family_id
"""

COUNT = "select count(*), count(problem) from correction"


@dataclass(frozen=True, slots=True)
class CorrectionCounts:
    """Replacements and voids of a file."""

    total: int
    refused: int


def screen_corrections(conn: Connection) -> CorrectionCounts:
    """Leave the temporary table `correction`: what the replacements and voids of `new_claim` name, and what is wrong.

    The families of the originals stay locked until the transaction ends, so of two files that correct the same
    claim at once the second sees what the first did.
    """
    run(conn, FIND_ORIGINALS)
    analyze(conn, "correction")
    run(conn, LOCK_FAMILIES)
    # statements after the lock see what its last owner committed
    run(conn, SCREEN)
    run(conn, REFUSE_SECOND_OF_FILE)
    total, refused = conn.execute(text(COUNT)).one()
    return CorrectionCounts(total, refused)


def join_families(conn: Connection) -> None:
    """Leave the temporary table `new_family`: family, version and correction facts of each row of `new_claim`.

    Those that were rejected since `screen_corrections` are no longer there; they take no version and get no family.
    """
    run(conn, TAKE_VERSIONS)
    run(conn, NEW_FAMILIES)
    analyze(conn, "new_family")
    run(conn, INSERT_FAMILIES)
