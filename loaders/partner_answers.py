"""What partners answer to what we sent: TA1 and 999, each beside the file of the outbox that it answers.

A TA1 names our ISA13, a 999 our GS01 and GS06; with the partner who sends the answer they say which file of the outbox
is meant. An answer to nothing that we sent is kept too: somebody has to find out what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
from sqlalchemy import Connection, text

from loaders.staging import run, stage

INTERCHANGE, GROUP = "TA1", "999"
TAKEN = ("A", "E")
"""TA104 and AK901 of what was accepted; a part of it was refused under P, and all under the others."""

STORE = """
insert into partner_answer (file_id, ordinal, kind, outbox_id, functional_id, control_number, code, error_codes,
    refused_sets)
select :file_id, a.ordinal, a.kind, (
        select g.outbox_id from outbox_group g join outbox o using (outbox_id)
        where o.partner = :partner and (
            a.kind = 'TA1' and g.interchange_control = a.control_number
            or a.kind = '999' and g.functional_id = a.functional_id and g.control_number = a.control_number
        )
        order by g.outbox_id desc limit 1
    ), a.functional_id, a.control_number, a.code, a.error_codes, a.refused_sets
from sent_answer a
join interchange i on i.file_id = :file_id and i.ordinal = a.interchange and i.ta1_code <> 'R'
order by a.ordinal
"""

REFUSED = "select count(*) from partner_answer where file_id = :file_id and code <> all(:taken)"

COUNTS = """
select coalesce(o.kind, 'unknown') as kind, a.code = any(:taken) as is_taken, count(distinct coalesce(o.outbox_id, 0))
    as files
from partner_answer a left join outbox o using (outbox_id)
group by 1, 2 order by 1, 2
"""

REFUSALS = """
select a.file_id, f.partner, a.kind, a.functional_id, a.control_number, a.code, a.error_codes, a.refused_sets,
    o.file_name
from partner_answer a join file f using (file_id) left join outbox o using (outbox_id)
where a.code <> all(:taken) or a.outbox_id is null
order by a.file_id desc, a.ordinal limit :most
"""
MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that refuses something of ours, or answers nothing that we know of."""

    file_id: int
    """The partner's file with the answer."""
    partner: str
    kind: str
    """TA1 or 999."""
    functional_id: str | None
    control_number: str
    code: str
    error_codes: str
    """TA105, or AK905 to AK909 with blanks between."""
    refused_sets: int
    file_name: str | None
    """Ours, of the outbox; None where none of ours is meant."""

    def told(self) -> str:
        """In one line."""
        about = self.file_name or f"nothing of ours ({self.functional_id or 'ISA'} {self.control_number})"
        codes = f" {self.error_codes}" if self.error_codes else ""
        return f"{about}: {self.kind} {self.code}{codes}, in file {self.file_id} of {self.partner}"


def store(conn: Connection, file_id: int, partner: str, answers: pa.Table) -> int:
    """Keep the answers of a file (`parsers.acknowledgments.answer_rows`); how many of them refuse something.

    Those of refused interchanges are left out.
    """
    stage(conn, "sent_answer", answers)
    run(conn, STORE, file_id=file_id, partner=partner)
    return int(conn.execute(text(REFUSED), {"file_id": file_id, "taken": list(TAKEN)}).scalar_one())


def counts(conn: Connection) -> Mapping[str, Mapping[str, int]]:
    """Files of the outbox by kind that were accepted or refused; `unknown` are answers to nothing that we know of."""
    found: dict[str, dict[str, int]] = {}
    for row in conn.execute(text(COUNTS), {"taken": list(TAKEN)}):
        found.setdefault(row.kind, {})["accepted" if row.is_taken else "refused"] = row.files
    return found


def refusals(conn: Connection) -> list[Refusal]:
    """The last answers that somebody must look at, the newest first."""
    rows = conn.execute(text(REFUSALS), {"taken": list(TAKEN), "most": MOST_TOLD})
    return [Refusal(**row) for row in rows.mappings()]
