"""Partners' silence: what they should have answered by now, and files that are sent to them again."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from edi.banking_days import banking_days_after
from loaders import deposit_list, resends

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from sqlalchemy import Connection

    from loaders.resends import Unanswered
    from pipeline.house import House

MOST_TOLD = 50


def unanswered(house: House, connection: Connection, now: datetime) -> list[Unanswered]:
    """835s that were not answered within the partner's banking days, counted from the day after they were sent."""
    today = house.received_date(now)
    zone = house.configuration.plan.time_zone
    days = {one.id: one.answer_days for one in house.configuration.partners.values() if one.answer_days}
    cut_offs = {
        partner: datetime.combine(_first_in_time(today, count), time.min, zone) for partner, count in days.items()
    }
    return resends.unanswered(connection, cut_offs)


def list_unanswered(house: House) -> list[Unanswered]:
    """The same, now."""
    with house.warehouse.begin() as connection:
        return unanswered(house, connection, house.now())


def told_unanswered(found: Sequence[Unanswered]) -> dict[str, Any]:
    """How many there are by partner, and the oldest one by one."""
    partners = sorted({one.partner for one in found})
    return {
        "count": len(found),
        "partners": {partner: sum(one.partner == partner for one in found) for partner in partners},
        "files": [
            {
                "outbox_id": one.outbox_id,
                "partner": one.partner,
                "file": one.file_name,
                "kind": one.kind,
                "sent_at": one.sent_at.isoformat(),
                "resends": one.resends,
            }
            for one in found[:MOST_TOLD]
        ],
    }


def watch(house: House) -> dict[str, Any]:
    """What a person should look at today: `warnings` in words, and the counts behind them."""
    with house.warehouse.begin() as connection:
        found = unanswered(house, connection, house.now())
        deposits = dict(deposit_list.counts(connection))
    warnings = [one.told() for one in found[:MOST_TOLD]]
    if len(found) > MOST_TOLD:
        warnings.append(f"{len(found)} files are not answered in time; `edi unanswered` counts them by partner.")
    if deposits["returned"]:
        warnings.append(f"{deposits['returned']} payments came back and wait for a person; see `edi deposits`.")
    if deposits["unknown"]:
        warnings.append(
            f"The bank spoke {deposits['unknown']} times of payments that we do not know; see `edi deposits`."
        )
    return {"warnings": warnings, "unanswered": len(found), "deposits": deposits}


def resend(house: House, named: str, by: str, note: str | None = None, *, to_bank: bool = False) -> dict[str, Any]:
    """Have a file of the outbox delivered again, byte for byte.

    Raises:
        loaders.resends.ResendRefused: there is not one such file, or it would have the bank pay twice.
    """
    with house.warehouse.begin() as connection:
        found = resends.resend(connection, named, by, note, house.now(), to_bank=to_bank)
    return {
        "outbox_id": found.outbox_id,
        "partner": found.partner,
        "folder": found.folder,
        "file": found.file_name,
        "kind": found.kind,
        "sent_before_at": found.sent_at.isoformat() if found.sent_at else None,
        "is_new": found.state != "pending",
    }


def _first_in_time(today: date, count: int) -> date:
    """The first day of which an answer is not overdue today."""
    day = today
    while banking_days_after(day - timedelta(days=1), count) >= today:
        day -= timedelta(days=1)
    return day
