"""Receive: take what stands ready in a partner's remote folders into archive and ledger, each delivery exactly once.

Archive first, ledger second, and only then the remote file is moved away: a process killed anywhere in between is made
good by the next run, which finds the file in its folder, the archive and, perhaps, the ledger.
"""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from loaders import ledger, looks
from pipeline.intake import Arrival, Taken, digest_of, take_in
from sftp.ready import LEAST_GAP, arrival, readiness
from sftp.remote import HostileName, RemoteChanged, RemoteMissing, RemoteRefused, TooLarge

if TYPE_CHECKING:
    from pathlib import Path

    from loaders.looks import Look
    from pipeline.configuration import Partner
    from pipeline.house import House
    from sftp.remote import Listing, RemoteFile, RemoteFolder

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LeftAlone:
    """A remote entry that was not taken, and why."""

    shown: str
    """Its path, or for a hostile name its escaped form."""
    reason: str


@dataclass(slots=True)
class ReceiveReport:
    """What one look into a partner's folders did. File ids are the ledger's."""

    partner: str
    new: list[int] = field(default_factory=list)
    """Files now in state received."""
    kinds: Counter[str] = field(default_factory=Counter)
    """Of the new files: 834, 837 and other."""
    duplicates: list[int] = field(default_factory=list)
    """Files with the content of an earlier one; they are in the ledger and want an answer."""
    quarantined: list[int] = field(default_factory=list)
    """Empty files."""
    same_delivery: list[int] = field(default_factory=list)
    """Files that an earlier run recorded and could not move away; they were moved now."""
    waiting: list[LeftAlone] = field(default_factory=list)
    """STILL_ARRIVING, NO_MARKER, CHANGED (while downloaded) or GONE (before it was)."""
    refused: list[LeftAlone] = field(default_factory=list)
    """HOSTILE_NAME, NOT_REGULAR, NO_ATTRIBUTES, TOO_LARGE, NOT_READABLE or OTHER_CONTENT (than a file of the same name,
    size and time that was taken before): left in place for a person to see.

    They have no ledger row, since a row stands for content that we hold; each look reports them anew.
    """

    def summary(self) -> dict[str, object]:
        """Counts and reasons for people and programs."""
        return {
            "partner": self.partner,
            "new": len(self.new),
            "kinds": dict(sorted(self.kinds.items())),
            "duplicates": len(self.duplicates),
            "quarantined": len(self.quarantined),
            "same_delivery": len(self.same_delivery),
            "waiting": [{"file": one.shown, "reason": one.reason} for one in self.waiting],
            "refused": [{"file": one.shown, "reason": one.reason} for one in self.refused],
        }


def receive(house: House, partner_id: str, now: datetime, least_gap: timedelta = LEAST_GAP) -> ReceiveReport:
    """Look into the inbound folders of a partner and take the files that are ready, oldest first.

    A file is ready when it stood still between two looks at least `least_gap` apart, or, where the partner agreed on
    one, when its marker is there. What is wrong with a single remote entry is in the report and stops nothing.

    Raises:
        RemoteUnavailable: when the server goes away; what was taken before is in the ledger, the next run goes on.
        RemoteRefused: when it does not let us list a folder or move files away; raised after all else was done.
    """
    partner = house.partner(partner_id)
    report = ReceiveReport(partner_id)
    with house.remote(partner_id) as remote:
        visit = _Visit(house, partner, remote, now, report)
        for folder, usage in partner.inbound_folders():
            visit.folder(folder, usage, least_gap)
    log.info("Received from %s: %s", partner_id, report.summary())
    if visit.refusal is not None:
        raise visit.refusal
    return report


class _Visit:
    """One look into the folders of one partner."""

    def __init__(
        self, house: House, partner: Partner, remote: RemoteFolder, now: datetime, report: ReceiveReport
    ) -> None:
        self._house = house
        self._partner = partner
        self._remote = remote
        self._now = now
        self._report = report
        self.refusal: RemoteRefused | None = None
        """The first refusal that concerns our own rights and not a single file."""

    def folder(self, folder: str, usage: str, least_gap: timedelta) -> None:
        """Look into one folder and take what is ready."""
        try:
            listing = self._remote.list(folder)
        except RemoteRefused as refusal:
            self._refused(refusal)
            return
        self._report.refused += [LeftAlone(entry.shown, entry.reason) for entry in listing.skipped]
        files, markers = self._sorted_out(listing)
        seen = self._remember(folder, files)
        for file in sorted(files, key=lambda file: (file.mtime, file.path)):
            known = self._known(file)
            marked = None if self._partner.ready_marker is None else file.path in markers
            if known is not None:
                self._finish_known(file, known, markers)
            elif file.size > self._house.configuration.limits.max_file_bytes:
                self._report.refused.append(LeftAlone(file.path, "TOO_LARGE"))
            elif (
                state := readiness(seen[file.path].first_seen_at, self._now, marked=marked, least_gap=least_gap)
            ) != "ready":
                self._report.waiting.append(LeftAlone(file.path, state))
            else:
                self._take(file, seen[file.path], usage, markers)

    def _sorted_out(self, listing: Listing) -> tuple[list[RemoteFile], dict[str, str]]:
        """The files of a listing, and the path of the marker by the path of the file that it marks."""
        suffix = self._partner.ready_marker
        if suffix is None:
            return list(listing.files), {}
        markers = {file.path.removesuffix(suffix): file.path for file in listing.files if file.path.endswith(suffix)}
        return [file for file in listing.files if not file.path.endswith(suffix)], markers

    def _remember(self, folder: str, files: list[RemoteFile]) -> dict[str, Look]:
        """Write down this look at a folder and all that it saw, in one transaction, so that no arrival can slip."""
        partner_id = self._partner.id
        with self._house.warehouse.begin() as connection:
            before = looks.folder_looked(connection, partner_id, folder, self._now)
            seen = {}
            for file in files:
                earlier = looks.look_of(connection, partner_id, file.path)
                if earlier is not None and before is not None and earlier.seen_at < before:
                    # it was gone in between: this is another upload, even if it has the same size and time
                    looks.forget_look(connection, partner_id, file.path)
                seen[file.path] = looks.remember_look(
                    connection, partner_id, file.path, file.size, file.mtime, self._now, before
                )
        return seen

    def _known(self, file: RemoteFile) -> ledger.LedgerFile | None:
        with self._house.warehouse.begin() as connection:
            return ledger.find_delivery(connection, self._partner.id, file.path, file.size, file.mtime)

    def _finish_known(self, file: RemoteFile, known: ledger.LedgerFile, markers: dict[str, str]) -> None:
        """Move the same delivery away, whose fetch was cut short; or, if that was moved already, prove that it is."""
        if known.remote_finished_at is not None and not self._is_same(file, known):
            return
        self._report.same_delivery.append(known.file_id)
        self._finish(file, known.file_id, known.sha256, markers)

    def _is_same(self, file: RemoteFile, known: ledger.LedgerFile) -> bool:
        """Does a file hold what was fetched under its name, size and time before? A server may tell a constant time."""
        with self._house.archive.incoming() as place:
            fetched = self._fetch(file, place)
            if fetched and digest_of(place) != known.sha256:
                self._report.refused.append(LeftAlone(file.path, "OTHER_CONTENT"))
                return False
        return fetched

    def _take(self, file: RemoteFile, look: Look, usage: str, markers: dict[str, str]) -> None:
        """Fetch one file, archive it, write its ledger row, and move it away."""
        with self._house.archive.incoming() as place:
            if not self._fetch(file, place):
                return
            arrived_at = arrival(file.mtime, look.first_seen_at, look.not_before)
            about = Arrival(self._partner.id, file.path, file.size, file.mtime, usage, arrived_at)
            taken = take_in(self._house, about, place, self._now)
        self._count(taken)
        self._finish(file, taken.file_id, taken.sha256, markers)

    def _fetch(self, file: RemoteFile, place: Path) -> bool:
        """Download a file as it was listed; where that cannot be, the report says why."""
        try:
            fetched = self._remote.fetch(file.path, place, self._house.configuration.limits.max_file_bytes)
        except RemoteMissing:
            self._report.waiting.append(LeftAlone(file.path, "GONE"))
        except RemoteChanged:
            self._report.waiting.append(LeftAlone(file.path, "CHANGED"))
        except TooLarge:
            self._report.refused.append(LeftAlone(file.path, "TOO_LARGE"))
        except (RemoteRefused, HostileName):
            self._report.refused.append(LeftAlone(file.path, "NOT_READABLE"))
        else:
            if fetched == file:
                return True
            self._report.waiting.append(LeftAlone(file.path, "CHANGED"))
        return False

    def _count(self, taken: Taken) -> None:
        if taken.state == "duplicate":
            self._report.duplicates.append(taken.file_id)
        elif taken.state == "quarantined":
            self._report.quarantined.append(taken.file_id)
        else:
            self._report.new.append(taken.file_id)
            self._report.kinds[taken.kind] += 1

    def _finish(self, file: RemoteFile, file_id: int, digest: str, markers: dict[str, str]) -> None:
        """Move a recorded file out of the way. Its marker goes first: one that stayed would mark the next upload."""
        try:
            if file.path in markers:
                self._clear(markers[file.path], digest)
            self._clear(file.path, digest)
        except RemoteRefused as refusal:
            self._refused(refusal)
            return
        with self._house.warehouse.begin() as connection:
            ledger.finish_remote(connection, file_id, self._now)
            looks.forget_look(connection, self._partner.id, file.path)

    def _clear(self, path: str, digest: str) -> None:
        try:
            if self._partner.after_fetch == "remove":
                self._remote.remove(path)
            else:
                self._remote.move(path, self._partner.folder("archive"), digest)
        except RemoteMissing:
            log.info("A remote file of %s was moved away by somebody else.", self._partner.id)

    def _refused(self, refusal: RemoteRefused) -> None:
        log.warning("The server of %s refused: %s", self._partner.id, refusal)
        self.refusal = self.refusal or refusal
