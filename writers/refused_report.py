"""A letter in plain text to the sender of a file that could be read, and of which nothing was applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from textwrap import wrap
from types import MappingProxyType

from writers.settings import Payer

WIDTH = 100
REASONS: Mapping[str, str] = MappingProxyType(
    {
        "EXPECTATION_BROKEN": "Its content does not meet what we expect of such a file.",
        "SPONSOR_UNKNOWN": "It names a sponsor whom we do not know.",
        "ROSTER_OUT_OF_ORDER": "It is a full roster older than the one that we applied last.",
        "ABSENCE_THRESHOLD": "It is a full roster that lacks an unusual share of the covered members.",
        "LINES_THRESHOLD": "It is a full roster that leaves out lines of insurance of an unusual share of the members.",
        "ROSTER_TOO_FAR_AHEAD": "It is a full roster whose as-of date lies too far ahead.",
        "COUNT_SWING": "It is a full roster with an unusually different number of members than the last one.",
        "RETRO_TERMINATION": "It ends coverage further back than was agreed.",
        "BATCH_REPEATED": "It repeats a batch that you sent before, with the same number and the same claims.",
        "BATCH_OVERSIZED": "One of its transaction sets has more claims than were agreed on.",
        "ENROLLMENT_REFUSED": "Its control totals (QTY) are not the numbers of members that are in it.",
    }
)
"""Why, by the code of the hold or of the ledger's reason, as its sender may read it."""
OTHER = "We could not take it as it is; please call us."


def refused_report(codes: Sequence[str], file_id: int, received: date, payer: Payer) -> bytes:
    """What happened, why, and what to do next; ASCII text. It quotes nothing of the file.

    Args:
        codes: why, keys of REASONS.
        file_id: the file's number in our ledger, to name it on the phone.
        received: the plan-local day of its arrival.
        payer: whom to call.
    """
    sentences = sorted({REASONS.get(code, OTHER) for code in codes})
    lines = [
        f"{payer.name}: a file was refused",
        "",
        f"Our reference   file {file_id}",
        f"Received        {received.isoformat()}",
        "",
        "Nothing of it was applied, whatever its acknowledgment says of its syntax. The reason:",
        *(
            f"- {line}" if not place else f"  {line}"
            for each in sentences
            for place, line in enumerate(wrap(each, WIDTH))
        ),
        "",
        "What to do: correct it and send it again under a new interchange control number.",
        f"Questions: {payer.technical_contact_name}, telephone {payer.technical_contact_phone}.",
        "",
    ]
    return "\r\n".join(lines).encode("ascii", "replace")
