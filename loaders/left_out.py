"""Claims that a run of payments left out, because their decision breaks a law of the 835: they wait for a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import Connection, insert, text

from loaders.payments_due_queries import STILL_DUE
from loaders.schema.remittance import remittance_left_out

if TYPE_CHECKING:
    import pandas as pd

OF_RUN = f"""
select c.claim_number, o.line_number, o.law, {STILL_DUE} as waits
from remittance_left_out o join claim c using (claim_id) join decision d using (decision_id)
where o.remittance_run_id = :run
order by c.claim_number, o.line_number, o.law
"""  # noqa: S608 - our own text, as below

WAITING = f"""
select count(distinct o.claim_id)
from remittance_left_out o join claim c using (claim_id) join decision d using (decision_id)
where o.remittance_run_id = (select max(remittance_run_id) from remittance_run) and {STILL_DUE}
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A law that keeps a claim out of a run."""

    claim_number: str
    line_number: int
    """0: the claim itself."""
    law: str
    waits: bool
    """Nobody has decided the claim again."""


def store(conn: Connection, run_id: int, left_out: pd.DataFrame) -> None:
    """Keep what a run leaves out (`rules.payments.compose.Composition.left_out`)."""
    rows = left_out[["claim_id", "decision_id", "line_number", "law"]].itertuples(index=False, name=None)
    values = [
        {
            "remittance_run_id": run_id,
            "claim_id": int(claim_id),
            "decision_id": int(decision_id),
            "line_number": int(line_number),
            "law": law,
        }
        for claim_id, decision_id, line_number, law in rows
    ]
    if values:
        conn.execute(insert(remittance_left_out), values)


def of_run(conn: Connection, run_id: int) -> tuple[LeftOut, ...]:
    """What a run left out, by claim number and line."""
    return tuple(LeftOut(*row) for row in conn.execute(text(OF_RUN), {"run": run_id}))


def count_waiting(conn: Connection) -> int:
    """Claims that the last run left out and that nobody has decided again since."""
    return int(conn.execute(text(WAITING)).scalar_one())
