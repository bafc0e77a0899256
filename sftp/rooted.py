"""The files of one account of the bundled server: a folder that no path, link or name leads out of."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Protocol, TypeVar, cast

from paramiko.server import ServerInterface
from paramiko.sftp import SFTP_NO_SUCH_FILE, SFTP_OK, SFTP_OP_UNSUPPORTED
from paramiko.sftp_attr import SFTPAttributes
from paramiko.sftp_handle import SFTPHandle
from paramiko.sftp_server import SFTPServer
from paramiko.sftp_si import SFTPServerInterface

_FILE_MODE = 0o640
_FOLDER_MODE = 0o750

Result = TypeVar("Result")


class LoggedIn(Protocol):
    """What the server knows of the account behind a session."""

    @property
    def home(self) -> Path:
        """The account's folder."""
        ...


class RootedFolder(SFTPServerInterface):
    """Answers SFTP requests inside the account's home; a path or link that leads out of it does not exist."""

    def __init__(self, server: ServerInterface) -> None:
        super().__init__(server)
        self._home = cast("LoggedIn", server).home.resolve()

    def canonicalize(self, path: str) -> str:
        """The absolute form of a path, as the account sees it."""
        return "/" + "/".join(_parts(path))

    def list_folder(self, path: str) -> list[SFTPAttributes] | int:
        """The entries of a folder, links as links."""
        return _answered(lambda: self._entries(self._followed(path)))

    def stat(self, path: str) -> SFTPAttributes | int:
        """Size, mode and times of what a path leads to."""
        return _answered(lambda: SFTPAttributes.from_stat(self._followed(path).stat()))

    def lstat(self, path: str) -> SFTPAttributes | int:
        """Size, mode and times of the path itself."""
        return _answered(lambda: SFTPAttributes.from_stat(self._placed(path).lstat()))

    def open(self, path: str, flags: int, attr: SFTPAttributes) -> SFTPHandle | int:  # noqa: ARG002 - paramiko's signature
        """Open a file; a new one is readable by its owner and group only."""
        return _answered(lambda: _OpenFile(self._placed(path), flags))

    def remove(self, path: str) -> int:
        """Delete a file or a link."""
        return _done(lambda: self._placed(path).unlink())

    def rename(self, oldpath: str, newpath: str) -> int:
        """Rename; fails where the new name exists, as SFTP version 3 demands."""
        return _done(lambda: _rename(self._placed(oldpath), self._placed(newpath)))

    def posix_rename(self, oldpath: str, newpath: str) -> int:
        """Rename; replaces what has the new name."""
        return _done(lambda: self._placed(oldpath).replace(self._placed(newpath)))

    def mkdir(self, path: str, attr: SFTPAttributes) -> int:  # noqa: ARG002 - paramiko's signature
        """Make a folder."""
        return _done(lambda: self._placed(path).mkdir(_FOLDER_MODE))

    def rmdir(self, path: str) -> int:
        """Delete an empty folder."""
        return _done(lambda: self._placed(path).rmdir())

    def chattr(self, path: str, attr: SFTPAttributes) -> int:
        """Set times, mode or size."""
        return _done(lambda: _change(self._followed(path), attr))

    def readlink(self, path: str) -> str | int:  # noqa: ARG002 - paramiko's signature
        """Links are not read: where they lead is nobody's business."""
        return SFTP_OP_UNSUPPORTED

    def symlink(self, target_path: str, path: str) -> int:  # noqa: ARG002 - paramiko's signature
        """Links are not made."""
        return SFTP_OP_UNSUPPORTED

    def _placed(self, path: str) -> Path:
        """The real place of a path whose last part is not followed; its folder must be inside the home."""
        parts = _parts(path)
        if not parts:
            return self._home
        folder = Path(self._home, *parts[:-1]).resolve()
        if not folder.is_relative_to(self._home):
            raise FileNotFoundError(errno.ENOENT, "outside of the account")
        return folder / parts[-1]

    def _followed(self, path: str) -> Path:
        """The real place that a path leads to; it must be inside the home."""
        place = self._placed(path).resolve()
        if not place.is_relative_to(self._home):
            raise FileNotFoundError(errno.ENOENT, "outside of the account")
        return place

    @staticmethod
    def _entries(folder: Path) -> list[SFTPAttributes]:
        entries = []
        for raw_name in sorted(os.listdir(os.fsencode(folder))):  # noqa: PTH208 - names as bytes: they may be no UTF-8
            attributes = SFTPAttributes.from_stat(os.lstat(os.path.join(os.fsencode(folder), raw_name)))  # noqa: PTH118 - as above
            attributes.filename = raw_name.decode("utf-8", "replace")  # for the long form
            attributes.asbytes = _long_form(attributes)  # type: ignore[method-assign]  # the line is made while the name is text
            attributes.filename = cast("str", raw_name)  # paramiko sends bytes as they are
            entries.append(attributes)
        return entries


class _OpenFile(SFTPHandle):
    """An open file; never through a link."""

    def __init__(self, place: Path, flags: int) -> None:
        super().__init__(flags)
        descriptor = os.open(place, flags | os.O_NOFOLLOW | os.O_CLOEXEC, _FILE_MODE)
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            os.close(descriptor)
            raise PermissionError(errno.EACCES, "no regular file")
        writes = flags & os.O_ACCMODE != os.O_RDONLY
        mode = "ab" if flags & os.O_APPEND else "r+b" if flags & os.O_RDWR else "wb" if writes else "rb"
        self._place = place
        self._file = cast("BinaryIO", os.fdopen(descriptor, mode))
        self.readfile = self._file
        self.writefile = self._file

    def stat(self) -> SFTPAttributes | int:
        """Size, mode and times of the open file."""
        return _answered(lambda: SFTPAttributes.from_stat(os.fstat(self._file.fileno())))

    def chattr(self, attr: SFTPAttributes) -> int:
        """Set times, mode or size of the open file."""
        return _done(lambda: _change(self._place, attr))


def _parts(path: str) -> tuple[str, ...]:
    """The parts of a path inside the account; `..` stops at its root."""
    parts: list[str] = []
    for part in PurePosixPath(path).parts:
        if part == "..":
            del parts[-1:]
        elif part.strip("/"):
            parts.append(part)
    return tuple(parts)


def _rename(old: Path, new: Path) -> None:
    if old.is_dir() and not old.is_symlink():
        if os.path.lexists(new):
            raise FileExistsError(errno.EEXIST, "taken")
        old.rename(new)
        return
    # a link fails where the name exists, and does so atomically
    os.link(old, new, follow_symlinks=False)
    old.unlink()


def _change(place: Path, attributes: SFTPAttributes) -> None:
    if attributes.st_atime is not None and attributes.st_mtime is not None:
        os.utime(place, (attributes.st_atime, attributes.st_mtime))
    if attributes.st_mode is not None:
        place.chmod(stat.S_IMODE(attributes.st_mode))
    if attributes.st_size is not None:
        os.truncate(place, attributes.st_size)


def _long_form(attributes: SFTPAttributes) -> Callable[[], bytes]:
    line = str(attributes).encode()
    return lambda: line


def _answered(act: Callable[[], Result]) -> Result | int:
    """What an act returns, or the status code of its failure."""
    try:
        return act()
    except OSError as error:
        return SFTPServer.convert_errno(error.errno or errno.EIO)
    except ValueError:  # a NUL in a path
        return SFTP_NO_SUCH_FILE


def _done(act: Callable[[], object]) -> int:
    """SFTP_OK, or the status code of an act's failure."""

    def acted() -> int:
        act()
        return SFTP_OK

    return _answered(acted)
