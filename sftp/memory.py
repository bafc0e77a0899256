"""A remote folder in memory with the laws of the real one: for tests and for trying things out."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sftp.names import archive_names, check_folder, check_name, check_path, join, judge_name, shown
from sftp.remote import (
    Delivery,
    Listing,
    NameTaken,
    RemoteFile,
    RemoteMissing,
    RemoteRefused,
    RemoteUnavailable,
    SkippedEntry,
    TargetUnwritable,
    TooLarge,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Entry:
    content: bytes
    mtime: datetime
    is_link: bool = False


@dataclass
class MemoryServer:
    """The files of one account, by their path as bytes, and switches for what can go wrong."""

    entries: dict[bytes, _Entry] = field(default_factory=dict)
    away: bool = False
    """While set, every operation raises RemoteUnavailable."""
    now: datetime = _EPOCH
    """The mtime that uploads get."""

    def drop(self, path: str | bytes, content: bytes, mtime: datetime) -> None:
        """A partner's upload, finished."""
        self.entries[_raw(path)] = _Entry(content, mtime)

    def link(self, path: str, mtime: datetime = _EPOCH) -> None:
        """A symbolic link."""
        self.entries[_raw(path)] = _Entry(b"", mtime, is_link=True)

    def content(self, path: str) -> bytes:
        """The bytes of a file; KeyError when there is none."""
        return self.entries[_raw(path)].content

    def names(self, folder: str) -> list[str]:
        """The names in a folder, sorted."""
        prefix = _raw(join(folder, ""))
        return sorted(path.removeprefix(prefix).decode() for path in self.entries if path.startswith(prefix))


class MemoryRemote:
    """A `RemoteFolder` on a MemoryServer."""

    def __init__(self, server: MemoryServer) -> None:
        self._server = server

    def list(self, folder: str) -> Listing:
        """See RemoteFolder."""
        check_folder(folder)
        self._reach()
        files: list[RemoteFile] = []
        skipped: list[SkippedEntry] = []
        prefix = _raw(join(folder, ""))
        for path, entry in sorted(self._server.entries.items()):
            raw_name = path.removeprefix(prefix)
            if not path.startswith(prefix) or (b"/" in raw_name and judge_name(raw_name.split(b"/")[0]) == "good"):
                continue  # not here, or in a folder below
            judgment = judge_name(raw_name)
            if judgment == "hostile":
                skipped.append(SkippedEntry(shown(raw_name), "HOSTILE_NAME"))
            elif judgment == "good" and entry.is_link:
                skipped.append(SkippedEntry(shown(raw_name), "NOT_REGULAR"))
            elif judgment == "good":
                files.append(_remote_file(path.decode(), entry))
        return Listing(tuple(files), tuple(skipped))

    def fetch(self, path: str, target: Path, limit_bytes: int) -> RemoteFile:
        """See RemoteFolder."""
        entry = self._entry(path)
        if entry.is_link:
            raise RemoteRefused("A remote entry is a link or no regular file and was not followed.")
        if len(entry.content) > limit_bytes:
            raise TooLarge(f"A remote file holds {len(entry.content)} bytes; the limit is {limit_bytes}.")
        try:
            target.write_bytes(entry.content)
        except OSError as error:
            raise TargetUnwritable(f"A download could not be written: {error.strerror}.") from None
        return _remote_file(path, entry)

    def put(self, content: bytes, folder: str, name: str) -> Delivery:
        """See RemoteFolder."""
        final = _raw(join(check_folder(folder), check_name(name)))
        self._reach()
        there = self._server.entries.get(final)
        if there is None:
            self._server.entries[final] = _Entry(content, self._server.now)
            return "sent"
        if there.is_link or there.content != content:
            raise NameTaken("The remote name belongs to a different file, which was not overwritten.")
        return "already_there"

    def move(self, path: str, folder: str, digest: str) -> str:
        """See RemoteFolder."""
        entry = self._entry(path)
        check_folder(folder)
        for candidate in archive_names(path.rpartition("/")[2], digest):
            final = join(folder, candidate)
            if _raw(final) not in self._server.entries:
                self._server.entries[_raw(final)] = entry
                del self._server.entries[_raw(path)]
                return final
        raise RemoteRefused("No free name is left for a file that was to be moved.")

    def remove(self, path: str) -> None:
        """See RemoteFolder."""
        self._entry(path)
        del self._server.entries[_raw(path)]

    def close(self) -> None:
        """Nothing to hang up."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _reach(self) -> None:
        if self._server.away:
            raise RemoteUnavailable("The server is away.")

    def _entry(self, path: str) -> _Entry:
        check_path(path)
        self._reach()
        entry = self._server.entries.get(_raw(path))
        if entry is None:
            raise RemoteMissing("No such file or folder.")
        return entry


def _raw(path: str | bytes) -> bytes:
    return path if isinstance(path, bytes) else path.encode()


def _remote_file(path: str, entry: _Entry) -> RemoteFile:
    return RemoteFile(path, len(entry.content), entry.mtime.replace(microsecond=0))
