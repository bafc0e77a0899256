"""The archive: every file that arrived, byte for byte, written once and never again.

    archive/2026/06/08/<sha256>.x12

A file comes in under `incoming`, is flushed to disk, and gets its final name by a hard link, which fails where the name
exists: a killed process leaves a file of the archive whole or not at all.
"""

from __future__ import annotations

import errno
import hashlib
import itertools
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from edi.trouble import Final, Retryable
from pipeline.this_machine import runs

_FILE_MODE = 0o440
_FOLDER_MODE = 0o750
_CHUNK_BYTES = 1 << 20
_NO_LINKS = frozenset({errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK})
"""How file systems without hard links answer."""

_numbers = itertools.count(1)


class ArchiveUnwritable(Retryable):
    """The archive's disk is full, away or read-only."""


class ArchiveDamaged(Final):
    """A file of the archive is gone or holds other bytes than it was archived with."""


class Archive:
    """The archive below one folder; paths in the ledger are relative to it."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @contextmanager
    def incoming(self) -> Iterator[Path]:
        """A place for one file on its way in; whatever is still there at the end of the block is removed.

        What killed processes of this machine left there is removed too.
        """
        folder = self.root / ".incoming"
        with _disk("making a place for a file"):
            folder.mkdir(mode=_FOLDER_MODE, parents=True, exist_ok=True)
            _sweep(folder)
        place = folder / f"{_machine()}-{os.getpid()}-{next(_numbers)}"
        try:
            yield place
        finally:
            place.unlink(missing_ok=True)

    def keep(self, source: Path, sha256: str, day: date, kind: str = "x12") -> str:
        """Archive a file from `incoming` under the day of its arrival; its path relative to the archive.

        The source is given up. The same content on the same day is the same path, whatever process archived it first.
        """
        relative = f"{day:%Y/%m/%d}/{sha256}.{kind}"
        final = self.root / relative
        with _disk("archiving a file"):
            source.chmod(_FILE_MODE)
            _make_folders(final.parent, self.root)
            try:
                _name(source, final)
            except FileExistsError:
                if _digest(final) != sha256:
                    raise _damaged(relative) from None
            _flush_folder(final.parent)
            source.unlink(missing_ok=True)
        return relative

    def keep_bytes(self, content: bytes, day: date, kind: str) -> str:
        """Archive what a person handed in; as `keep`, under the hash of the bytes."""
        with self.incoming() as place:
            with _disk("archiving a file"), place.open("wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            return self.keep(place, hashlib.sha256(content).hexdigest(), day, kind)

    def path(self, relative: str) -> Path:
        """Where a file of the ledger is on this machine; raises ArchiveDamaged for a path that leads out."""
        if Path(relative).is_absolute() or ".." in Path(relative).parts:
            raise ArchiveDamaged("An archive path of the ledger leads out of the archive.")
        return self.root / relative

    def holds(self, relative: str) -> bool:
        """Is the file there?"""
        return self.path(relative).is_file()

    def read(self, relative: str) -> bytes:
        """The bytes of an archived file, proven by the sha256 that names it; raises ArchiveDamaged."""
        try:
            content = self.path(relative).read_bytes()
        except FileNotFoundError:
            raise ArchiveDamaged(f"The archived file {relative} is gone.") from None
        except OSError as error:
            raise ArchiveUnwritable(f"The archive cannot be read: {error.strerror}.") from None
        if hashlib.sha256(content).hexdigest() != Path(relative).stem:
            raise _damaged(relative)
        return content


def _damaged(relative: str) -> ArchiveDamaged:
    return ArchiveDamaged(f"The archived file {relative} does not hold the bytes it is named for.")


@contextmanager
def _disk(doing: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ArchiveUnwritable(f"The archive's disk failed while {doing}: {error.strerror}.") from None


def _name(source: Path, final: Path) -> None:
    """Give the file its final name; raises FileExistsError when it has an owner."""
    try:
        os.link(source, final)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # without links: a name made of the content's hash can only be replaced by the same content
        if final.exists():
            raise FileExistsError(errno.EEXIST, "taken") from None
        source.rename(final)


def _make_folders(folder: Path, root: Path) -> None:
    """Make the folders of a day, each entered into its parent for good."""
    missing = [one for one in (folder, *folder.parents) if one.is_relative_to(root) and not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=_FOLDER_MODE, exist_ok=True)
        _flush_folder(one.parent)


def _flush_folder(folder: Path) -> None:
    """A name survives a power cut only when its folder was flushed."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _sweep(folder: Path) -> None:
    """Remove what processes of this machine left that no longer run."""
    for leftover in folder.iterdir():
        machine, _, rest = leftover.name.partition("-")
        process = rest.partition("-")[0]
        if machine == _machine() and process.isdigit() and not runs(int(process)):
            leftover.unlink(missing_ok=True)


def _machine() -> str:
    return socket.gethostname().replace("-", "_").replace("/", "_") or "here"
