"""Why files wait for a person, in words, and the way into and out of that state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from loaders import holds, ledger
from loaders.holds import Hold
from pipeline.reasons import reason_of

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa
    from sqlalchemy import Connection

EXPECTATION = "EXPECTATION_BROKEN"

Facts = Mapping[str, Any]


DETAILS: Mapping[str, Callable[[Facts], str]] = MappingProxyType(
    {
        EXPECTATION: lambda facts: f"Broken: {', '.join(facts['expectations'])}.",
        "BATCH_REPEATED": lambda facts: f"Batches: {facts['batches']:,}; first in file {facts['earlier_file']}.",
        "BATCH_OVERSIZED": lambda facts: f"Sets: {facts['batches']:,}; claims allowed in one: {facts['most']:,}.",
        "SPONSOR_UNKNOWN": lambda facts: f"Members: {facts['members']:,}.",
        "ROSTER_OUT_OF_ORDER": lambda facts: (
            f"{facts['group']}: as of {facts['as_of']}, the last {facts['last_as_of']}."
        ),
        "ABSENCE_THRESHOLD": lambda facts: (
            f"{facts['group']}: {facts['absent']:,} of {facts['active']:,} active members are absent."
        ),
        "LINES_THRESHOLD": lambda facts: (
            f"{facts['group']}: {facts['members']:,} of {facts['active']:,} active members would lose a line that the "
            "roster has for others and not for them."
        ),
        "ROSTER_TOO_FAR_AHEAD": lambda facts: (
            f"{facts['group']}: as of {facts['as_of']}, the latest day allowed is {facts['latest_day']}."
        ),
        "COUNT_SWING": lambda facts: (
            f"{facts['group']}: {facts['members']:,} members, before {facts['last_members']:,}."
        ),
    }
)
"""What the facts of a code say; of others they are listed as they are."""


def told(code: str, facts: Facts) -> str:
    """A hold in one or two sentences, for the person who has to decide."""
    detail = DETAILS[code](facts) if code in DETAILS else _listed(facts)
    return f"{reason_of(code)} {detail}".strip()


def _listed(facts: Facts) -> str:
    group = f"{facts['group']}: " if "group" in facts else ""
    listed = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in facts.items() if name != "group")
    return f"{group}{listed}." if listed else ""


def hold(connection: Connection, file_id: int, reasons: Sequence[Hold], now: datetime) -> None:
    """Move a file to `held`; its holds are open."""
    words = " ".join(told(one.code, one.facts) for one in reasons)
    ledger.move(connection, file_id, "held", now, reasons[0].code, words)


def open_holds(
    connection: Connection, file_id: int, reasons: Sequence[Hold], references: Sequence[str], now: datetime
) -> None:
    """Open holds on a file and move it to `held`; `references` are the BGN02 of its 834 sets."""
    holds.store(connection, file_id, reasons, references, now)
    hold(connection, file_id, reasons, now)


def of_expectations(connection: Connection, file_id: int, broken: Mapping[str, int]) -> list[Hold]:
    """The hold of broken expectations, but for those that were allowed for this file in no fewer rows.

    `broken`: by expectation the number of rows that break it.
    """
    allowed: dict[str, int] = {}
    for one in holds.released(connection, file_id):
        if one.code == EXPECTATION:
            for expectation, rows in one.facts.get("expectations", {}).items():
                allowed[expectation] = max(rows, allowed.get(expectation, 0))
    left = {expectation: rows for expectation, rows in broken.items() if rows > allowed.get(expectation, 0)}
    return [Hold(EXPECTATION, {"expectations": left})] if left else []


def references_of(tables: Mapping[str, pa.Table]) -> list[str]:
    """BGN02 of the 834 sets of translated tables, as they are compared."""
    if "enrollment_header" not in tables:
        return []
    sent = tables["enrollment_header"]["reference"].to_pylist()
    return sorted({reference.strip().upper() for reference in sent if reference and reference.strip()})


def rejected_for(connection: Connection, file_id: int) -> list[str]:
    """Codes of the holds for which a person rejected a file."""
    return sorted({one.code for one in holds.list_holds(connection, file_id=file_id) if one.decision == "rejected"})
