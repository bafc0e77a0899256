"""A letter in plain text where X12 has no answer: nobody can be named, or nothing quoted, so no TA1 can be written."""

from __future__ import annotations

from datetime import date

from edi.finding_codes import CODES
from writers.settings import Payer


def unreadable_report(code: str, file_id: int, received: date, payer: Payer, interchange: int | None = None) -> bytes:
    """What happened, where, and what to do next; ASCII text. It quotes nothing of the file.

    Args:
        code: finding that stopped the reading.
        file_id: the file's number in our ledger, to name it on the phone.
        received: the plan-local day of its arrival.
        payer: whom to call.
        interchange: the one that is meant, counted from 1, when others of the file could be read; None for the file.
    """
    what = "a file" if interchange is None else "an interchange"
    place = "" if interchange is None else f", interchange {interchange} in it"
    lines = (
        f"{payer.name}: {what} could not be read",
        "",
        f"Our reference   file {file_id}{place}",
        f"Received        {received.isoformat()}",
        f"Reason          {CODES[code].meaning}",
        f"Code            {code}",
        "",
        "Nothing of it was processed, and no TA1 or 999 could be written because it has no header that can be",
        "answered. Its arrival does not count as receipt of any claim in it.",
        "",
        "What to do: check that the file is a whole X12 interchange, beginning with ISA and ending with IEA,",
        "then send it again under a new interchange control number.",
        f"Questions: {payer.technical_contact_name}, telephone {payer.technical_contact_phone}.",
        "",
    )
    return "\r\n".join(lines).encode("ascii", "replace")
