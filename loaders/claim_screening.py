"""Screen the claims of a file while it is loaded: gather facts, set aside what is rejected, and keep what was found.

The claims to be taken in are in the temporary table `new_claim`. Those that the screen rejects are moved to
`rejected_claim` until families and versions are given out, and then put back, to be stored with the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from edi.claim_screening import FINALISED, PENDING, REJECT, Screen, ScreeningFacts, found_schema
from loaders.frames import frame_of, read_frame
from loaders.holds import FileHeld, Hold
from loaders.staging import analyze, compact_key, run, stage

if TYPE_CHECKING:
    import pandas as pd

BATCH_REPEATED = "BATCH_REPEATED"
"""Code of the hold."""

REJECTED = """
create temporary table rejected_claim on commit drop as select * from new_claim where false
"""

SET_ASIDE = """
with gone as (
    delete from new_claim where row in (select row from set_aside) returning *
)
insert into rejected_claim select * from gone
"""

PUT_BACK = "insert into new_claim select * from rejected_claim"

PROBLEMS = """
select n.row, n.frequency_code, p.problem as correction_problem
from (
    select claim_id, problem from correction where problem is not null
    union all
    select claim_id, 'NO_BASE_BILL' from base_missing
    union all
    -- no fault of the correction itself, so it is not kept as one: the plan may want a new claim instead
    select c.claim_id, 'F8_DENIED'
    from correction c join new_claim n using (claim_id) join claim o on o.claim_id = c.original_claim_id
    where c.problem is null and n.frequency_code = '7' and o.state = 'denied'
) p
join new_claim n using (claim_id)
order by n.row
"""

UNKNOWN_MEMBERS = """
select n.row,
    exists (select from member m where m.subscriber_number = n.subscriber_key)
        or exists (select from member_past m where m.subscriber_number = n.subscriber_key) as subscriber_known,
    exists (
        select from member m where m.subscriber_number = n.subscriber_key and m.birth_date = n.patient_birth_date
    ) or exists (
        select from member_past m where m.subscriber_number = n.subscriber_key and m.birth_date = n.patient_birth_date
    ) as birth_date_known
from new_claim n left join claim_member m using (claim_id)
where m.claim_id is null
order by n.row
"""

PROVIDERS = """
with registry as (
    select max(registry_version) as version from provider_registry
), pair as (
    select distinct billing_npi, tin_key from new_claim where billing_npi is not null
)
select p.billing_npi, p.tin_key,
    exists (select from provider o where o.registry_version = r.version and o.npi = p.billing_npi) as provider_known,
    exists (
        select from provider o
        where o.registry_version = r.version and o.npi = p.billing_npi and o.tin = p.tin_key
    ) as tin_known
from pair p join registry r on r.version is not null
order by p.billing_npi, p.tin_key
"""

LINES = """(
    select array_agg(content order by content) from (
        select concat_ws('|', coalesce(procedure_code, '-'), coalesce(modifier_1, '-'), coalesce(modifier_2, '-'),
            coalesce(modifier_3, '-'), coalesce(modifier_4, '-'), coalesce(revenue_code, '-'),
            coalesce(charge_cents, 0), coalesce(trim_scale(quantity), 0), coalesce(place_of_service, '-'),
            coalesce(rendering_npi, '-'), service_from - date '2000-01-01') as content
        from {line}
    ) each
)"""
DUPLICATES = f"""
select n.row, bool_or(o.state = 'paid') as is_finalised
from new_claim n
join claim_member m using (claim_id)
join claim o on o.member_id = m.member_id and o.kind = n.kind and o.is_test = n.is_test
    and o.charge_cents = n.charge_cents and o.service_from = n.service_from and o.service_through = n.service_through
    and o.facility_code = n.facility_code and o.version_state = 'active' and o.state in ('accepted', 'pended', 'paid')
    and upper(regexp_replace(o.billing_tin, '[^0-9A-Za-z]', '', 'g')) = n.tin_key
where n.frequency_code = '1' and n.predetermination is null
    and {LINES.format(line="staged_line l where l.parent_row = n.row")}
        = {LINES.format(line="claim_line l where l.claim_id = o.claim_id")}
group by n.row order by n.row
"""  # noqa: S608 - our own expressions

SCREENED = (
    *("row", "kind", "payer_id", "billing_npi", "frequency_code", "predetermination"),
    *("patient_birth_date", "service_from", "service_through", "admission_date"),
)
"""Columns of the claims as sent."""

STORE = """
insert into claim_edit (claim_id, ordinal, line_number, edit, severity, statuses)
select n.claim_id, row_number() over (partition by n.claim_id order by f.place), f.line_number, f.edit, f.severity,
    f.statuses
from claim_found f join new_claim n using (row)
order by n.claim_id, f.place
"""

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
        sum(coalesce(n.charge_cents, 0)) as charge_cents
    from new_claim n where n.batch_reference is not null
    group by n.set_key, n.submitter_id, n.batch_reference, n.is_test
)
select count(distinct b.set_key) as batches, min(s.file_id) as earlier_file
from batch b
join claim_batch before on before.reference = b.reference
    and before.submitter_id is not distinct from b.submitter_id and before.is_test = b.is_test
    and before.claims = b.claims and before.charge_cents = b.charge_cents
join (
    select t.set_key, i.file_id from transaction_set t join functional_group g using (group_key)
    join interchange i using (interchange_id)
) s on s.set_key = before.set_key
where not exists (select from hold where file_id = :file_id and code = :code and decision = 'released')
"""

STORE_BATCHES = """
insert into claim_batch (set_key, submitter_id, reference, is_test, claims, charge_cents, rejected, rejected_cents)
select n.set_key, min(n.submitter_id), min(n.batch_reference), bool_or(n.is_test), count(*),
    coalesce(sum(n.charge_cents), 0), count(r.row), coalesce(sum(n.charge_cents) filter (where r.row is not null), 0)
from new_claim n left join rejected_claim r using (row)
group by n.set_key order by n.set_key
"""


def hold_repeated_batches(conn: Connection, file_id: int) -> None:
    """Stop where a batch came before: submitter and BHT03, with as many claims and as much money (domain.md 1.3).

    Of two files with one batch that are committed at once, the second waits here for the first.

    Raises:
        FileHeld: unless a person said that it is to be taken all the same.
    """
    conn.execute(text(LOCK_BATCHES))
    found = conn.execute(text(BATCHES_SENT_BEFORE), {"file_id": file_id, "code": BATCH_REPEATED}).one()
    if found.batches:
        raise FileHeld([Hold(BATCH_REPEATED, {"batches": found.batches, "earlier_file": found.earlier_file})], ())


class Screening:
    """The screening of one file; `screen` None accepts everything."""

    def __init__(
        self, conn: Connection, tables: Mapping[str, pa.Table], received_date: date, screen: Screen | None
    ) -> None:
        self.conn = conn
        self.tables = tables
        self.received_date = received_date
        self.screen = screen
        self.found = found_schema().empty_table()
        run(conn, REJECTED)

    def take_refused(self) -> int:
        """Set aside what the 999 refused for its syntax; how many claims."""
        refused = self.tables.get("refused_claim")
        if refused is None or not refused.num_rows:
            return 0
        nowhere = pa.nulls(refused.num_rows, pa.int64())
        found = refused.select(["row", "edit", "severity", "statuses"]).append_column("line_number", nowhere)
        return self._take(found.select(self.found.column_names))

    def screen_claims(self) -> int:
        """Set aside what the edits reject; how many claims. Needs `claim_member`."""
        if self.screen is None:
            return 0
        return self._take(self.screen.claims(self._facts()))

    def screen_corrections(self) -> int:
        """Set aside what is rejected for the claim that it corrects or adds to; how many.

        Needs `correction` and `base_missing`.
        """
        if self.screen is None:
            return 0
        return self._take(self.screen.corrections(read_frame(self.conn, text(PROBLEMS))))

    def put_back(self) -> int:
        """Bring the rejected claims back to the others; how many there are."""
        return run(self.conn, PUT_BACK)

    def store(self) -> None:
        """Keep what was found, and what the file's batches came to."""
        run(self.conn, STORE_BATCHES)
        if self.found.num_rows:
            place = pa.array(range(self.found.num_rows), pa.int64())
            stage(self.conn, "claim_found", self.found.append_column("place", place))
            run(self.conn, STORE)

    def _facts(self) -> ScreeningFacts:
        """The claims as sent, with what the warehouse knows of member and provider."""
        import pandas as pd  # noqa: PLC0415 - half a second that commands without frames need not pay

        sent = self.tables["claim"]
        claims = frame_of(sent.select(SCREENED).append_column("tin_key", compact_key(sent["billing_tin"])))
        claims["received_date"] = pd.Timestamp(self.received_date)
        unknown = read_frame(self.conn, text(UNKNOWN_MEMBERS)).set_index("row")
        claims["member_known"] = ~claims["row"].isin(unknown.index)
        for name in ("subscriber_known", "birth_date_known"):
            claims[name] = claims["member_known"] | claims["row"].isin(unknown.index[unknown[name].astype("bool")])
        providers = read_frame(self.conn, text(PROVIDERS))
        claims = claims.merge(providers, on=["billing_npi", "tin_key"], how="left")
        for name in ("provider_known", "tin_known"):
            claims[name] = claims[name].ne(other=False)
        claims["duplicate_of"] = self._duplicates(claims["row"])
        return ScreeningFacts(claims=claims, tables=self.tables)

    def _duplicates(self, rows: pd.Series[int]) -> pd.Series[str]:
        """What each claim is a duplicate of; nothing where nobody asks."""
        if self.screen is None or not self.screen.looks_for_duplicates:
            return rows.map({}).astype("str")
        found = read_frame(self.conn, text(DUPLICATES)).set_index("row")["is_finalised"]
        return rows.map(found.map({True: FINALISED, False: PENDING})).astype("str")

    def _take(self, found: pa.Table) -> int:
        self.found = pa.concat_tables([self.found, found])
        rejected = found.filter(pc.equal(found["severity"], REJECT)).select(["row"])
        if not rejected.num_rows:
            return 0
        stage(self.conn, "set_aside", rejected)
        count = run(self.conn, SET_ASIDE)
        analyze(self.conn, "new_claim")
        return count
