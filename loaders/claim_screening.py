"""Screen the claims of a file while it is loaded: gather facts, set aside what is rejected, and keep what was found.

The claims to be taken in are in the temporary table `new_claim`. Those that the screen rejects are moved to
`rejected_claim` until families and versions are given out, and then put back, to be stored with the others.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from edi.claim_screening import REJECT, Screen, ScreeningFacts, found_schema
from loaders.frames import read_frame
from loaders.staging import analyze, run, stage

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
select n.row, n.frequency_code, c.problem as correction_problem
from correction c join new_claim n using (claim_id)
where c.problem is not null
order by n.row
"""

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
        """Set aside the replacements and voids that are rejected for their original; how many. Needs `correction`."""
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
        raise NotImplementedError

    def _take(self, found: pa.Table) -> int:
        self.found = pa.concat_tables([self.found, found])
        rejected = found.filter(pc.equal(found["severity"], REJECT)).select(["row"])
        if not rejected.num_rows:
            return 0
        stage(self.conn, "set_aside", rejected)
        count = run(self.conn, SET_ASIDE)
        analyze(self.conn, "new_claim")
        return count
