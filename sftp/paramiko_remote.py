"""A remote folder over the network, by paramiko: pinned host keys, key login, reconnecting."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self, TypeVar

from sftp.client import Attributes, Session
from sftp.connection import Connection
from sftp.failures import translated
from sftp.names import TEMPORARY_SUFFIX, archive_names, check_folder, check_name, check_path, join, judge_name, shown
from sftp.remote import (
    Delivery,
    Listing,
    NameTaken,
    RemoteChanged,
    RemoteFile,
    RemoteMissing,
    RemoteRefused,
    RemoteUnavailable,
    SkippedEntry,
    TargetUnwritable,
    TooLarge,
)
from sftp.settings import Endpoint

_CHUNK_BYTES = 32_768
"""One SFTP request; a larger read would only be cut into these."""

Result = TypeVar("Result")


class ParamikoRemote:
    """A `RemoteFolder` on a server; connects at its first use and again after a broken connection.

    Each operation is tried `attempts` times, with a pause before each new attempt: `first_pause_seconds`, then double.
    Only RemoteUnavailable is tried again, and each operation may be repeated safely.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        *,
        sleep: Callable[[float], None] = time.sleep,
        attempts: int = 3,
        first_pause_seconds: float = 1.0,
    ) -> None:
        self._endpoint = endpoint
        self._sleep = sleep
        self._pauses = tuple(first_pause_seconds * 2**attempt for attempt in range(attempts - 1))
        self._connection: Connection | None = None

    def list(self, folder: str) -> Listing:
        """See RemoteFolder."""
        check_folder(folder)
        return self._attempt("listing a folder", lambda session: _listing(session, folder))

    def fetch(self, path: str, target: Path, limit_bytes: int) -> RemoteFile:
        """See RemoteFolder."""
        check_path(path)
        return self._attempt("downloading", lambda session: _download(session, path, target, limit_bytes))

    def put(self, content: bytes, folder: str, name: str) -> Delivery:
        """See RemoteFolder."""
        final = join(check_folder(folder), check_name(name))
        return self._attempt("uploading", lambda session: _upload(session, content, final))

    def move(self, path: str, folder: str, digest: str) -> str:
        """See RemoteFolder."""
        check_path(path)
        check_folder(folder)
        return self._attempt("moving a file", lambda session: _move(session, path, folder, digest))

    def remove(self, path: str) -> None:
        """See RemoteFolder."""
        check_path(path)
        self._attempt("removing a file", lambda session: session.remove(path))

    def close(self) -> None:
        """See RemoteFolder."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _attempt(self, doing: str, act: Callable[[Session], Result]) -> Result:
        for pause in (*self._pauses, None):
            try:
                with translated(doing, self._endpoint.label, self._connected):
                    return act(self._session())
            except RemoteUnavailable:
                self.close()
                if pause is None:
                    raise
                self._sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    def _session(self) -> Session:
        if self._connection is None:
            self._connection = Connection(self._endpoint)
        return self._connection.session

    def _connected(self) -> bool:
        return self._connection is not None and self._connection.stands


def _listing(session: Session, folder: str) -> Listing:
    files: list[RemoteFile] = []
    skipped: list[SkippedEntry] = []
    for raw_name, attributes in session.entries(folder or "."):
        judgment = judge_name(raw_name)
        if judgment == "hostile":
            skipped.append(SkippedEntry(shown(raw_name), "HOSTILE_NAME"))
        if judgment != "good":
            continue
        path = join(folder, raw_name.decode("utf-8"))
        # some servers list names only; a file that went away in between is simply not listed
        told = attributes if attributes.complete else _attributes_or_none(session, path)
        if told is None or told.is_folder:
            continue
        if not told.complete:
            skipped.append(SkippedEntry(shown(raw_name), "NO_ATTRIBUTES"))
        elif not told.is_regular:
            skipped.append(SkippedEntry(shown(raw_name), "NOT_REGULAR"))
        else:
            files.append(_remote_file(path, told))
    return Listing(tuple(sorted(files, key=lambda file: file.path)), tuple(skipped))


def _download(session: Session, path: str, target: Path, limit_bytes: int) -> RemoteFile:
    before = _regular_file(session, path)
    if before.size > limit_bytes:
        raise TooLarge(f"A remote file holds {before.size} bytes; the limit is {limit_bytes}.")
    with _written(target) as out:
        copied = 0
        with session.open(path, "rb") as source:
            # paramiko's own default of prefetching everything: a small number of requests in flight polls, 20 times
            # slower; what arrives is held back by SSH's window, so memory stays bounded
            source.prefetch(before.size)
            while chunk := source.read(_CHUNK_BYTES):
                copied += len(chunk)
                if copied > limit_bytes:
                    raise TooLarge(f"A remote file grew past the limit of {limit_bytes} bytes while downloaded.")
                _write(out, chunk)
        after = _regular_file(session, path)
        if after != before or copied != after.size:
            raise RemoteChanged("A remote file changed while it was downloaded.")
    return after


def _upload(session: Session, content: bytes, final: str) -> Delivery:
    if _attributes_or_none(session, final) is not None:
        return _compare(session, content, final)
    temporary = final + TEMPORARY_SUFFIX
    with session.open(temporary, "wb") as out:
        # pipelined writes alone would lose the server's last answers, and with them a full disk; an unpipelined one
        # first waits for every answer before it
        out.set_pipelined(True)
        out.write(content[:-1])
        out.set_pipelined(False)
        out.write(content[-1:])
    if session.attributes(temporary).size != len(content):
        raise RemoteUnavailable("An upload arrived with another size than it was sent with.")
    try:
        session.rename(temporary, final)
    except OSError:
        # a plain rename fails where the name exists: somebody was faster
        if _attributes_or_none(session, final) is None:
            raise
        with suppress(FileNotFoundError):
            session.remove(temporary)
        return _compare(session, content, final)
    return "sent"


def _compare(session: Session, content: bytes, path: str) -> Delivery:
    """Is what stands under the name already what we were about to send?"""
    there = session.attributes(path)
    if there.is_regular and there.size == len(content):
        digest = hashlib.sha256()
        with session.open(path, "rb") as source:
            source.prefetch(there.size)
            while chunk := source.read(_CHUNK_BYTES):
                digest.update(chunk)
        if digest.digest() == hashlib.sha256(content).digest():
            return "already_there"
    raise NameTaken("The remote name belongs to a different file, which was not overwritten.")


def _move(session: Session, path: str, folder: str, digest: str) -> str:
    name = path.rpartition("/")[2]
    for candidate in archive_names(name, digest):
        final = join(folder, candidate)
        if _attributes_or_none(session, final) is not None:
            continue
        try:
            session.rename(path, final)
        except OSError:
            if _attributes_or_none(session, path) is None:
                raise RemoteMissing("A remote file is gone and could not be moved.") from None
            if _attributes_or_none(session, final) is not None:
                continue  # somebody was faster
            raise RemoteRefused(
                "The server does not move a file: is the folder there, and may we write to it?"
            ) from None
        return final
    raise RemoteRefused("No free name is left for a file that was to be moved.")


def _attributes_or_none(session: Session, path: str) -> Attributes | None:
    try:
        return session.attributes(path)
    except FileNotFoundError:
        return None


def _regular_file(session: Session, path: str) -> RemoteFile:
    attributes = session.attributes(path)
    if not attributes.is_regular:
        raise RemoteRefused("A remote entry is a link or no regular file and was not followed.")
    return _remote_file(path, attributes)


def _remote_file(path: str, attributes: Attributes) -> RemoteFile:
    if attributes.size is None or attributes.mtime is None:
        raise RemoteRefused("The server does not tell size and time of a file.")
    return RemoteFile(path, attributes.size, datetime.fromtimestamp(attributes.mtime, UTC))


@contextmanager
def _written(target: Path) -> Iterator[BinaryIO]:
    """A local file that is flushed to disk when the block ends well, and gone when it does not."""
    try:
        out = target.open("wb")
    except OSError as error:
        raise TargetUnwritable(f"A download has no place to go: {error.strerror}.") from None
    try:
        with out:
            yield out
            _sync(out)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _write(out: BinaryIO, chunk: bytes) -> None:
    try:
        out.write(chunk)
    except OSError as error:
        raise TargetUnwritable(f"A download could not be written: {error.strerror}.") from None


def _sync(out: BinaryIO) -> None:
    try:
        out.flush()
        os.fsync(out.fileno())
    except OSError as error:
        raise TargetUnwritable(f"A download could not be flushed to disk: {error.strerror}.") from None
