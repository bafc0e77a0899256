"""Deliver: put what waits in the outbox into the partners' remote folders, at least once and always the same bytes.

Each upload goes under a temporary name and is renamed; a name that is there already with the same content counts as
sent, with another content as a conflict that a person must look at. Nothing is ever overwritten.
"""

from __future__ import annotations

import logging
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from edi.trouble import Final, Retryable, Trouble
from loaders import ledger, outbox, payment_lifecycle
from sftp.remote import NameTaken, RemoteRefused

if TYPE_CHECKING:
    from loaders.outbox import OutboxRow
    from pipeline.house import House
    from sftp.remote import RemoteFolder

log = logging.getLogger(__name__)

AT_ONCE = 20
"""Rows that one transaction holds while they are uploaded: other deliverers pass them over."""


class Undeliverable(Final):
    """Outbox rows wait for a partner or a folder that the configuration does not have."""


@dataclass(slots=True)
class DeliverReport:
    """What one delivery run did. Numbers are outbox ids, or file ids where it says so."""

    sent: list[int] = field(default_factory=list)
    """Uploaded now, or found there with the same content."""
    conflicts: list[int] = field(default_factory=list)
    waiting: dict[str, str] = field(default_factory=dict)
    """Why a partner's files stay in the outbox, by partner."""
    acknowledged: list[int] = field(default_factory=list)
    """File ids of inbound files whose last answer is out."""
    closed_runs: list[str] = field(default_factory=list)
    """Days of the remittance runs whose last file is out."""

    def summary(self) -> dict[str, object]:
        """Counts and reasons for people and programs."""
        return {
            "sent": len(self.sent),
            "conflicts": len(self.conflicts),
            "waiting": dict(sorted(self.waiting.items())),
            "acknowledged": len(self.acknowledged),
            "closed_runs": self.closed_runs,
        }


def deliver(house: House, now: datetime) -> DeliverReport:
    """Deliver everything that is pending, partner by partner; then note which inbound files are answered.

    A partner whose server is away or refuses us stops no other: its rows stay pending with the reason.

    Raises:
        Retryable: RemoteUnavailable after all the rest was delivered, when at least one server was away.
        Final: likewise, when a server or our own configuration refused and none was merely away.
    """
    report = DeliverReport()
    troubles: list[Trouble] = []
    for partner_id in sorted(house.configuration.partners):
        with _Courier(house, partner_id) as courier:
            while _deliver_some(house, courier, now, report):
                pass
        troubles += courier.troubles
        if courier.troubles:
            report.waiting[partner_id] = str(courier.troubles[0])
            log.warning("Not everything could be delivered to %s: %s", partner_id, courier.troubles[0])
    troubles += _strangers(house, report)
    _acknowledge(house, now, report)
    with house.warehouse.begin() as connection:
        report.closed_runs += [day.isoformat() for day in payment_lifecycle.close_sent(connection, now)]
    log.info("Delivered: %s", report.summary())
    for kind in (Retryable, Final):
        for trouble in troubles:
            if isinstance(trouble, kind):
                raise trouble
    return report


class _Courier:
    """Carries files to one partner; connects for the first one."""

    def __init__(self, house: House, partner_id: str) -> None:
        self._house = house
        self.partner_id = partner_id
        self.tried: set[int] = set()
        self.troubles: list[Trouble] = []
        self._remote: RemoteFolder | None = None
        self._stopped: Trouble | None = None
        """What makes further tries pointless in this run."""

    def carry(self, row: OutboxRow) -> Trouble | None:
        """Deliver one file; the trouble if it could not be, NameTaken for a conflict."""
        self.tried.add(row.outbox_id)
        if self._stopped is not None:
            return self._stopped
        try:
            if self._remote is None:
                self._remote = self._house.remote(self.partner_id)
            self._remote.put(row.content, self._folder(row.folder), row.file_name)
        except NameTaken as conflict:
            return conflict
        except (RemoteRefused, Undeliverable) as refusal:
            # a matter of this folder or file, perhaps: the next is tried
            self.troubles.append(refusal)
            return refusal
        except Trouble as trouble:
            self.troubles.append(trouble)
            self._stopped = trouble
            return trouble
        return None

    def _folder(self, purpose: str) -> str:
        path = self._house.partner(self.partner_id).folders.get(purpose)
        if not path:
            raise Undeliverable(f"Partner '{self.partner_id}' has no remote folder for '{purpose}' in partners.yaml.")
        return path

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._remote is not None:
            self._remote.close()


def _deliver_some(house: House, courier: _Courier, now: datetime, report: DeliverReport) -> bool:
    """Deliver the next few rows of a partner in one transaction; False when none was left to try.

    Killed in the middle, all of them are pending still, and those that arrived are found there by the next run.
    """
    with house.warehouse.begin() as connection:
        # rows that were refused in this run stand in front of the others still
        rows = outbox.pending(connection, AT_ONCE + len(courier.tried), courier.partner_id)
        fresh = [row for row in rows if row.outbox_id not in courier.tried]
        for row in fresh:
            trouble = courier.carry(row)
            if trouble is None:
                outbox.mark_sent(connection, row.outbox_id, now)
                report.sent.append(row.outbox_id)
            elif isinstance(trouble, NameTaken):
                outbox.mark_conflict(connection, row.outbox_id, str(trouble))
                report.conflicts.append(row.outbox_id)
            else:
                outbox.mark_failed_attempt(connection, row.outbox_id, str(trouble))
    return bool(fresh)


def _strangers(house: House, report: DeliverReport) -> list[Trouble]:
    """Rows for partners that left the configuration: somebody has to decide about them."""
    with house.warehouse.begin() as connection:
        left = outbox.pending(connection, AT_ONCE)
        unknown = sorted({row.partner for row in left} - set(house.configuration.partners))
        for row in left:
            if row.partner in unknown:
                outbox.mark_failed_attempt(connection, row.outbox_id, "The partner is not in partners.yaml.")
    for partner_id in unknown:
        report.waiting[partner_id] = "The partner is not in partners.yaml."
    return [Undeliverable(f"Files wait for '{partner_id}', which is not in partners.yaml.") for partner_id in unknown]


def _acknowledge(house: House, now: datetime, report: DeliverReport) -> None:
    """Bring committed files whose answers are all out to `acknowledged`, keeping their reason.

    Looks at all of them each time, so that neither a kill after the last delivery nor two deliverers with one answer
    each leaves a file behind.
    """
    with house.warehouse.begin() as connection:
        committed = ledger.list_files(connection, ("committed",))
        unsent = outbox.unsent_files(connection)
    for file in committed:
        if file.file_id in unsent:
            continue
        with suppress(ledger.WrongState), house.warehouse.begin() as connection:  # another deliverer was faster
            ledger.move(
                connection, file.file_id, "acknowledged", now, file.reason_code, file.reason, expected=("committed",)
            )
            report.acknowledged.append(file.file_id)
