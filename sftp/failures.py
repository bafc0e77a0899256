"""Every way in which paramiko and the network fail, as one of our own exceptions.

Retryable is what another attempt may cure; everything that a server *decided* is final.
"""

from __future__ import annotations

import binascii
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from paramiko.pkey import UnknownKeyType
from paramiko.sftp import SFTPError
from paramiko.ssh_exception import (
    AuthenticationException,
    BadHostKeyException,
    ChannelException,
    ConfigParseError,
    CouldNotCanonicalize,
    IncompatiblePeer,
    SSHException,
)

from edi.trouble import Trouble
from sftp.remote import HostKeyChanged, RemoteMissing, RemoteRefused, RemoteUnavailable

FOREIGN = (
    SSHException,
    SFTPError,
    UnknownKeyType,
    EOFError,
    OSError,
    # a server that sends malformed packets makes paramiko raise these
    ValueError,
    IndexError,
    struct.error,
    zlib.error,
    binascii.Error,
)
"""What paramiko and sockets raise. TypeError and the like are our own mistakes and stay what they are."""

_REFUSALS = (AuthenticationException, IncompatiblePeer, ConfigParseError, CouldNotCanonicalize, UnknownKeyType)
_CHANNEL_REFUSALS = frozenset({1, 3})
"""SSH_OPEN_ADMINISTRATIVELY_PROHIBITED and SSH_OPEN_UNKNOWN_CHANNEL_TYPE (RFC 4254, 5.1)."""


@contextmanager
def translated(doing: str, server: str, connected: Callable[[], bool]) -> Iterator[None]:
    """Turn every foreign exception inside the block into ours; `doing` and `server` go into its message.

    `connected` says whether the connection still stands: SFTP reports "failure" and a closed socket alike, as an
    OSError without a number.
    """
    try:
        yield
    except FOREIGN as error:
        # a server's own words may hold anything, so neither the message nor the chain repeats them
        raise trouble_of(error, doing, server, connected=connected()) from None


def trouble_of(error: BaseException, doing: str, server: str, *, connected: bool) -> Trouble:
    """Our exception for one of theirs."""
    where = f"while {doing} at {server} ({type(error).__name__})"
    if isinstance(error, BadHostKeyException):
        return HostKeyChanged(f"The host key is not a pinned one, {where}. Check with the partner before pinning it.")
    if isinstance(error, _REFUSALS):
        return RemoteRefused(f"The server and we do not agree on a login, {where}.")
    if isinstance(error, ChannelException) and error.code in _CHANNEL_REFUSALS:
        return RemoteRefused(f"The server offers us no SFTP, {where}.")
    if isinstance(error, OSError) and connected:
        return _answer(error, where)
    return RemoteUnavailable(f"The server is away or the connection broke, {where}.")


def _answer(error: OSError, where: str) -> Trouble:
    """An OSError on a connection that stands: the server's status answer, or the network's."""
    if isinstance(error, FileNotFoundError):
        return RemoteMissing(f"No such file or folder, {where}.")
    if isinstance(error, PermissionError):
        return RemoteRefused(f"Permission denied, {where}.")
    if error.errno is None and type(error) is OSError:
        return RemoteRefused(f"The server reports a failure, {where}.")
    return RemoteUnavailable(f"The server is away or the connection broke, {where}.")
