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

from edi.claim_answers import received_lines
from edi.claim_screening import FINALISED, PENDING, REJECT, Screen, ScreeningFacts, found_schema
from loaders.claim_batches import sent_batches
from loaders.frames import frame_of, read_frame
from loaders.staging import POSITION, analyze, compact_key, run, stage

if TYPE_CHECKING:
    import pandas as pd

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
select row, bool_or(is_finalised) as is_finalised from (
select n.row, o.state = 'paid' as is_finalised
from new_claim n
join claim_member m using (claim_id)
join claim o on o.member_id = m.member_id and o.kind = n.kind and o.is_test = n.is_test
    and o.charge_cents = n.charge_cents and o.service_from = n.service_from and o.service_through = n.service_through
    and o.facility_code = n.facility_code and o.version_state = 'active' and o.state in ('accepted', 'pended', 'paid')
    and upper(regexp_replace(o.billing_tin, '[^0-9A-Za-z]', '', 'g')) = n.tin_key
where n.frequency_code = '1' and n.predetermination is null
    and {LINES.format(line="staged_line l where l.parent_row = n.row")}
        = {LINES.format(line="claim_line l where l.claim_id = o.claim_id")}
union all
-- further up in the same file, and not returned itself: what equals one on file is found above, as its twin is
select n.row, false
from new_claim n
join claim_member m using (claim_id)
join claim_member twin on twin.member_id = m.member_id and twin.claim_id < n.claim_id
join new_claim o on o.claim_id = twin.claim_id and o.kind = n.kind and o.is_test = n.is_test
    and o.charge_cents = n.charge_cents and o.service_from = n.service_from and o.service_through = n.service_through
    and o.facility_code = n.facility_code and o.frequency_code = '1' and o.predetermination is null
    and o.tin_key = n.tin_key
where n.frequency_code = '1' and n.predetermination is null
    and o.row not in (select row from returned_claim)
    and {LINES.format(line="staged_line l where l.parent_row = n.row")}
        = {LINES.format(line="staged_line l where l.parent_row = o.row")}
) found group by row order by row
"""  # noqa: S608 - our own expressions

NOT_COVERED = """
select n.row
from new_claim n join claim_member m using (claim_id)
where n.service_from is not null and not exists (
    select from coverage_span s
    where s.member_id = m.member_id and s.superseded_at is null
        -- not &&: for that the planner may read the whole index of all spans
        and lower(s.valid) <= coalesce(n.service_through, n.service_from)
        and n.service_from < coalesce(upper(s.valid), 'infinity')
)
order by n.row
"""

SCREENED = (
    *("row", "kind", "payer_id", "submitter_id", "billing_npi", "billing_taxonomy", "frequency_code", "facility_code"),
    *("predetermination", "delay_reason", "payer_responsibility", "patient_status", "admitted_at", "discharged_at"),
    *("patient_birth_date", "service_from", "service_through", "admission_date", "discharge_occurrence_date"),
)
"""Columns of the claims as sent."""
COMPARED_OF_LINES = (
    *("parent_row", "procedure_code", "modifier_1", "modifier_2", "modifier_3", "modifier_4", "revenue_code"),
    *("charge_cents", "quantity", "place_of_service", "rendering_npi", "service_from"),
)
"""Columns of the lines by which duplicates are found."""
SCREENED_OF_LINES = ("parent_row", "procedure_code", "service_from", "service_through")

STORE = """
insert into claim_edit (claim_id, ordinal, line_number, edit, severity, statuses)
select n.claim_id, row_number() over (partition by n.claim_id order by f.place), f.line_number, f.edit, f.severity,
    f.statuses
from claim_found f join new_claim n using (row)
order by n.claim_id, f.place
"""

STORE_BATCHES = """
insert into claim_batch (set_key, submitter_id, reference, is_test, claims, charge_cents, rejected, rejected_cents)
select n.set_key, min(n.submitter_id), min(n.batch_reference), bool_or(n.is_test), count(*),
    coalesce(sum(n.charge_cents), 0), count(r.row), coalesce(sum(n.charge_cents) filter (where r.row is not null), 0)
from new_claim n left join rejected_claim r using (row)
group by n.set_key order by n.set_key
"""


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
        refused = self.tables.get("refused_finding")
        return 0 if refused is None else self._take(refused)

    def screen_claims(self) -> int:
        """Set aside what the edits reject; how many claims. Needs `claim_member`.

        Duplicates are looked for last, of what the other edits let pass: the twin of a returned claim is the first one.
        """
        if self.screen is None:
            return 0
        facts = self._facts()
        found = self.screen.claims(facts)
        if self.screen.looks_for_duplicates(reissued=bool(facts.claims["batch_is_reissued"].any())):
            facts.claims["duplicate_of"] = self._duplicates(facts.claims["row"], _rejected(found))
            found = self.screen.claims(facts)
        return self._take(found)

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
        claims["member_covered"] = ~claims["row"].isin(self._not_covered())
        claims["batch_is_reissued"] = _of_reissues(self.tables)
        claims["duplicate_of"] = claims["row"].map({}).astype("str")
        return ScreeningFacts(claims=claims, lines=self._lines(), tables=self.tables)

    def _lines(self) -> pd.DataFrame | None:
        """The lines as sent, where somebody asks."""
        if self.screen is None or not self.screen.looks_at_lines:
            return None
        return frame_of(self.tables["claim_line"].select(SCREENED_OF_LINES)).rename(columns={"parent_row": "row"})

    def _not_covered(self) -> pd.Series[int]:
        """The claims of members without coverage; nobody's where nobody asks."""
        import pandas as pd  # noqa: PLC0415 - as above

        if self.screen is None or not self.screen.looks_for_coverage:
            return pd.Series(dtype="Int64")
        return read_frame(self.conn, text(NOT_COVERED))["row"]

    def _duplicates(self, rows: pd.Series[int], returned: pa.Table) -> pd.Series[str]:
        """What each claim is a duplicate of, on file or further up in the file among those that are not `returned`."""
        stage(self.conn, "staged_line", received_lines(self.tables).select(COMPARED_OF_LINES))
        run(self.conn, "create index on staged_line (parent_row)")
        stage(self.conn, "returned_claim", returned)
        found = read_frame(self.conn, text(DUPLICATES)).set_index("row")["is_finalised"]
        return rows.map(found.map({True: FINALISED, False: PENDING})).astype("str")

    def _take(self, found: pa.Table) -> int:
        self.found = pa.concat_tables([self.found, found])
        rejected = _rejected(found)
        if not rejected.num_rows:
            return 0
        stage(self.conn, "set_aside", rejected)
        count = run(self.conn, SET_ASIDE)
        analyze(self.conn, "new_claim")
        return count


def _rejected(found: pa.Table) -> pa.Table:
    """The rows of the claims that something found rejects."""
    return found.filter(pc.equal(found["severity"], REJECT)).select(["row"])


def _of_reissues(tables: Mapping[str, pa.Table]) -> list[bool]:
    """For each claim: does its batch say that it is sent again?"""
    batches, claims = sent_batches(tables), tables["claim"]
    reissues = batches.filter(batches["is_reissue"])
    again = set(zip(*(reissues[name].to_pylist() for name in POSITION), strict=True))
    if not again:
        return [False] * claims.num_rows
    return [place in again for place in zip(*(claims[name].to_pylist() for name in POSITION), strict=True)]
