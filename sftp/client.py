"""An SFTP session whose listing gives names as the bytes that the server sent.

paramiko decodes every name of a listing as UTF-8 and fails the whole listing on one that is not: a single hostile name
would hide all other files.
"""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from paramiko.message import Message
from paramiko.sftp import CMD_CLOSE, CMD_HANDLE, CMD_NAME, CMD_OPENDIR, CMD_READDIR, SFTPError
from paramiko.sftp_attr import SFTPAttributes
from paramiko.sftp_client import SFTPClient

from sftp.remote import RemoteRefused

MOST_ENTRIES = 200_000
"""A folder with more is refused: a hostile server can list for ever."""


@dataclass(frozen=True, slots=True)
class Attributes:
    """Size, mode and mtime (seconds since 1970) as far as the server tells them."""

    size: int | None
    mode: int | None
    mtime: int | None

    @property
    def complete(self) -> bool:
        """Did the server tell all three?"""
        return self.size is not None and self.mode is not None and self.mtime is not None

    @property
    def is_regular(self) -> bool:
        """Is it a plain file: no link, folder, device or socket?"""
        return self.mode is not None and stat.S_ISREG(self.mode)

    @property
    def is_folder(self) -> bool:
        """Is it a folder?"""
        return self.mode is not None and stat.S_ISDIR(self.mode)


class Session(SFTPClient):
    """paramiko's SFTP session with `entries` for its listing and `attributes` for its lstat."""

    _request: Callable[..., tuple[int, Message]]
    """Inherited: sends a request and returns the kind and content of the answer."""

    def entries(self, folder: str) -> Iterator[tuple[bytes, Attributes]]:
        """Every entry of a folder, unsorted; raises RemoteRefused when there is no end of them."""
        kind, answer = self._request(CMD_OPENDIR, folder)
        if kind != CMD_HANDLE:
            raise SFTPError("expected a handle")
        handle = answer.get_binary()
        seen = 0
        while True:
            try:
                kind, answer = self._request(CMD_READDIR, handle)
            except EOFError:
                break
            if kind != CMD_NAME:
                raise SFTPError("expected names")
            for _ in range(answer.get_int()):
                seen += 1
                if seen > MOST_ENTRIES:
                    raise RemoteRefused(f"A remote folder holds more than {MOST_ENTRIES} entries.")
                name = answer.get_string()
                answer.get_string()  # the long form, for people
                yield name, read_attributes(answer)
        self._request(CMD_CLOSE, handle)

    def attributes(self, path: str) -> Attributes:
        """What a path itself is; a link is not followed."""
        told = self.lstat(path)
        return Attributes(told.st_size, told.st_mode, told.st_mtime)


def read_attributes(message: Message) -> Attributes:
    """Read an attribute block of SFTP version 3 off a message (draft-ietf-secsh-filexfer-02, 5)."""
    flags = message.get_int()
    size = message.get_int64() if flags & SFTPAttributes.FLAG_SIZE else None
    if flags & SFTPAttributes.FLAG_UIDGID:
        message.get_int()
        message.get_int()
    mode = message.get_int() if flags & SFTPAttributes.FLAG_PERMISSIONS else None
    mtime = None
    if flags & SFTPAttributes.FLAG_AMTIME:
        message.get_int()
        mtime = message.get_int()
    if flags & SFTPAttributes.FLAG_EXTENDED:
        for _ in range(min(message.get_int(), MOST_ENTRIES)):
            message.get_string()
            message.get_string()
    return Attributes(size, mode, mtime)
