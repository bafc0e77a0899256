"""Files that are sent again, always the same bytes; and 835s that a partner has not answered in the days agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from edi.trouble import Usage

TO_BANK = ("DEPOSIT", "CHECK_REGISTER")
AWAITED = ("835",)
"""What partners answer: our interchanges ask for no TA1 (ISA14 = 0), and a 999 answers an 835 (999s have none)."""

FIND = """
select outbox_id, partner, folder, file_name, kind, state, sent_at from outbox
where cast(outbox_id as text) = :named or file_name = :named
order by outbox_id for update
"""
AGAIN = """
update outbox set state = 'pending', problem = null where outbox_id = :outbox_id and state <> 'pending'
"""
NOTE = """
insert into outbox_resend (outbox_id, asked_at, asked_by, note, sent_before_at)
values (:outbox_id, :now, :by, :note, :sent_at)
"""

# an answer that came before the file was sent again answers what was sent before
UNANSWERED = """
select o.outbox_id, o.partner, o.kind, o.file_name, o.sent_at,
    (select count(*) from outbox_resend r where r.outbox_id = o.outbox_id) as resends
from outbox o
join unnest(cast(:partners as text[]), cast(:cut_offs as timestamptz[])) due (partner, cut_off) using (partner)
where o.kind = any(:awaited) and o.state = 'sent' and o.sent_at < due.cut_off
    and not exists (
        select from partner_answer a join file f using (file_id)
        where a.outbox_id = o.outbox_id and f.arrived_at >= coalesce(
            (select max(r.asked_at) from outbox_resend r where r.outbox_id = o.outbox_id), '-infinity'
        )
    )
order by o.sent_at, o.outbox_id
"""


class ResendRefused(Usage):
    """A file that cannot be sent again."""


@dataclass(frozen=True, slots=True)
class Resent:
    """A file of the outbox that is to be sent again."""

    outbox_id: int
    partner: str
    folder: str
    file_name: str
    kind: str
    state: str
    """Before it was asked for: sent or conflict; pending: it waits anyhow, and nothing was changed."""
    sent_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A file that a partner should have answered by now."""

    outbox_id: int
    partner: str
    kind: str
    file_name: str
    sent_at: datetime
    resends: int

    def told(self) -> str:
        """In one line."""
        again = f", sent {self.resends + 1} times" if self.resends else ""
        return f"{self.file_name}: sent to {self.partner} at {self.sent_at.isoformat()}{again}, no 999 and no TA1"


def resend(conn: Connection, named: str, by: str, note: str | None, now: datetime, *, to_bank: bool = False) -> Resent:
    """Have a file delivered again, named by its outbox id or file name; its time to be answered starts anew.

    Raises:
        ResendRefused: no file or several have the name, or it tells the bank of payments and `to_bank` is not said.
    """
    rows = [Resent(**row) for row in conn.execute(text(FIND), {"named": named}).mappings()]
    if not rows:
        raise ResendRefused("The outbox has no file with this id or name; `edi status` counts what there is.")
    if len(rows) > 1:
        ids = ", ".join(f"{row.outbox_id} ({row.partner})" for row in rows)
        raise ResendRefused(f"Several files have this name. Name one by its outbox id: {ids}.")
    (found,) = rows
    if found.kind in TO_BANK and not to_bank:
        raise ResendRefused(
            "A bank that takes this file for a new one pays twice. Ask it whether it lacks the file; "
            "if so, send it with --bank-lacks-it."
        )
    if found.state != "pending":
        conn.execute(text(AGAIN), {"outbox_id": found.outbox_id})
        values = {"outbox_id": found.outbox_id, "now": now, "by": by, "note": note, "sent_at": found.sent_at}
        conn.execute(text(NOTE), values)
    return found


def unanswered(conn: Connection, cut_offs: Mapping[str, datetime]) -> list[Unanswered]:
    """Files sent to these partners before their instants, and answered by nothing since; the oldest first."""
    partners = sorted(cut_offs)
    values = {"partners": partners, "cut_offs": [cut_offs[one] for one in partners], "awaited": list(AWAITED)}
    return [Unanswered(**row) for row in conn.execute(text(UNANSWERED), values).mappings()]
