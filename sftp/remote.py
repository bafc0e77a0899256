"""What the pipeline may do with a partner's remote folder, and how that can fail.

The laws below hold for every implementation; `tests/sftp/test_laws.py` runs them against all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Protocol, Self

from edi.trouble import Final, Retryable

Delivery = Literal["sent", "already_there"]
SkipReason = Literal["HOSTILE_NAME", "NOT_REGULAR", "NO_ATTRIBUTES"]


class RemoteUnavailable(Retryable):
    """The server is away, too slow, or the connection broke."""


class RemoteChanged(Retryable):
    """A file changed while it was downloaded; it is left alone until it stands still."""


class TargetUnwritable(Retryable):
    """The local file that a download goes to could not be written."""


class RemoteRefused(Final):
    """The server answered, and the answer is no: login, permission, a missing folder, nonsense."""


class RemoteMissing(RemoteRefused):
    """The remote file is not there (any more)."""


class HostKeyChanged(Final):
    """The server showed a host key that is not among the pinned ones; nothing was sent to it."""


class NameTaken(Final):
    """Another file has the name already; it was not overwritten."""


class HostileName(Final):
    """A name that must not be followed: see `sftp.names`."""


class TooLarge(Final):
    """A remote file is larger than the agreed limit; what was downloaded of it is gone again."""


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A regular file in a listing."""

    path: str
    """Folder and name as the listing was asked for, joined by a slash."""
    size: int
    """Bytes."""
    mtime: datetime
    """Aware UTC, whole seconds: SFTP knows no finer."""

    @property
    def name(self) -> str:
        """The last part of the path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class SkippedEntry:
    """An entry of a listing that is never touched."""

    shown: str
    """The name with everything outside printable ASCII escaped, and cut to a length that fits a report."""
    reason: SkipReason


@dataclass(frozen=True, slots=True)
class Listing:
    """What a folder holds; subfolders and temporary names are in neither list."""

    files: tuple[RemoteFile, ...]
    """By path."""
    skipped: tuple[SkippedEntry, ...]


class RemoteFolder(Protocol):
    """A partner's account on an SFTP server; paths are relative to its login folder or absolute.

    Every method raises RemoteUnavailable when the server is away, RemoteRefused when it says no, HostKeyChanged when it
    is not the server we know, and HostileName for a path or name that `sftp.names` refuses.
    """

    def list(self, folder: str) -> Listing:
        """The regular files of a folder; hostile names and links are skipped entries, not errors."""
        ...

    def fetch(self, path: str, target: Path, limit_bytes: int) -> RemoteFile:
        """Download a regular file to `target` and flush it to disk; returns what the server says it is now.

        Leaves no `target` behind on failure. Raises RemoteMissing, RemoteChanged when it grew or was touched meanwhile,
        TooLarge, TargetUnwritable.
        """
        ...

    def put(self, content: bytes, folder: str, name: str) -> Delivery:
        """Upload under a temporary name and rename; a file with this name and content counts as delivered.

        Raises NameTaken when the name belongs to something else, which stays as it is.
        """
        ...

    def move(self, path: str, folder: str, digest: str) -> str:
        """Rename a file into another folder and return its new path; never overwrites.

        When the name is taken there, the first digits of `digest` (sha256 of the content, hex) are appended.
        Raises RemoteMissing when the file is gone.
        """
        ...

    def remove(self, path: str) -> None:
        """Delete a file. Raises RemoteMissing when it is gone."""
        ...

    def close(self) -> None:
        """Hang up; the next call connects anew."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None: ...
