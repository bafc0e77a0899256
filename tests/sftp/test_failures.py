"""Every exception of paramiko, of sockets and of a broken stream is mapped to one of ours."""

from __future__ import annotations

import errno
import inspect
import socket
import struct

import paramiko
import pytest
from paramiko import ssh_exception
from paramiko.buffered_pipe import PipeTimeout
from paramiko.pkey import UnknownKeyType
from paramiko.sftp import SFTPError

from edi.trouble import Final, Retryable, Trouble
from sftp.failures import translated, trouble_of
from sftp.remote import HostKeyChanged, RemoteMissing, RemoteRefused, RemoteUnavailable


def host_key_changed() -> paramiko.BadHostKeyException:
    """Needs two keys to be made of."""
    key = paramiko.RSAKey.generate(1024)
    return paramiko.BadHostKeyException("sftp.example", key, key)


OF_PARAMIKO: dict[type[BaseException], tuple[BaseException, type[Trouble]]] = {
    ssh_exception.SSHException: (ssh_exception.SSHException("x"), RemoteUnavailable),
    ssh_exception.AuthenticationException: (ssh_exception.AuthenticationException("x"), RemoteRefused),
    ssh_exception.PasswordRequiredException: (ssh_exception.PasswordRequiredException("x"), RemoteRefused),
    ssh_exception.BadAuthenticationType: (ssh_exception.BadAuthenticationType("x", ["password"]), RemoteRefused),
    ssh_exception.PartialAuthentication: (ssh_exception.PartialAuthentication(["password"]), RemoteRefused),
    ssh_exception.UnableToAuthenticate: (ssh_exception.UnableToAuthenticate("x"), RemoteRefused),
    ssh_exception.ChannelException: (ssh_exception.ChannelException(4, "resource shortage"), RemoteUnavailable),
    ssh_exception.BadHostKeyException: (host_key_changed(), HostKeyChanged),
    ssh_exception.IncompatiblePeer: (ssh_exception.IncompatiblePeer("x"), RemoteRefused),
    ssh_exception.ProxyCommandFailure: (ssh_exception.ProxyCommandFailure("x", "y"), RemoteUnavailable),
    ssh_exception.NoValidConnectionsError: (
        ssh_exception.NoValidConnectionsError({("127.0.0.1", 22): ConnectionRefusedError()}),
        RemoteUnavailable,
    ),
    ssh_exception.CouldNotCanonicalize: (ssh_exception.CouldNotCanonicalize("x"), RemoteRefused),
    ssh_exception.ConfigParseError: (ssh_exception.ConfigParseError("x"), RemoteRefused),
    ssh_exception.MessageOrderError: (ssh_exception.MessageOrderError("x"), RemoteUnavailable),
}
"""One instance of each exception class that paramiko defines for SSH, and what it becomes."""

OTHERS: list[tuple[BaseException, type[Trouble]]] = [
    (ssh_exception.ChannelException(1, "administratively prohibited"), RemoteRefused),
    (SFTPError("garbage"), RemoteUnavailable),
    (UnknownKeyType("ssh-new"), RemoteRefused),
    (PipeTimeout(), RemoteUnavailable),
    (EOFError(), RemoteUnavailable),
    (TimeoutError(), RemoteUnavailable),
    (socket.gaierror(socket.EAI_NONAME, "unknown host"), RemoteUnavailable),
    (socket.herror(1, "unknown host"), RemoteUnavailable),
    (ConnectionResetError(errno.ECONNRESET, "reset"), RemoteUnavailable),
    (ConnectionRefusedError(errno.ECONNREFUSED, "refused"), RemoteUnavailable),
    (BrokenPipeError(errno.EPIPE, "pipe"), RemoteUnavailable),
    (OSError(errno.ENETUNREACH, "unreachable"), RemoteUnavailable),
    (OSError(errno.ENOENT, "No such file"), RemoteMissing),
    (OSError(errno.EACCES, "Permission denied"), RemoteRefused),
    (OSError("Failure"), RemoteRefused),
    (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid"), RemoteUnavailable),
    (struct.error("short"), RemoteUnavailable),
    (IndexError(), RemoteUnavailable),
]


def test_the_table_names_every_exception_class_of_paramiko() -> None:
    """A class that a new paramiko adds fails here until somebody decides what it means."""
    defined = {
        member
        for _, member in inspect.getmembers(ssh_exception, inspect.isclass)
        if issubclass(member, BaseException) and member.__module__ == ssh_exception.__name__
    }
    assert defined == set(OF_PARAMIKO)


@pytest.mark.parametrize(
    ("error", "expected"),
    [*OF_PARAMIKO.values(), *OTHERS],
    ids=lambda value: getattr(value, "__name__", repr(value)[:40]),
)
def test_each_becomes_ours(error: BaseException, expected: type[Trouble]) -> None:
    """Retryable where another attempt may cure it, final where the server decided; never the foreign text."""
    with pytest.raises(Trouble) as caught, translated("testing", "sftp://acme@sftp.example:22", lambda: True):
        raise error
    assert type(caught.value) is expected
    assert isinstance(caught.value, Retryable) != isinstance(caught.value, Final)
    assert "while testing at sftp://acme@sftp.example:22" in str(caught.value)
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("error", [OSError("Socket is closed"), OSError(errno.ENOENT, "x"), OSError(errno.EACCES, "x")])
def test_without_a_connection_no_answer_can_have_been_one(error: OSError) -> None:
    """A library quirk: it reports a closed socket as it reports a server's plain failure."""
    assert type(trouble_of(error, "testing", "server", connected=False)) is RemoteUnavailable


def test_our_own_mistakes_stay_what_they_are() -> None:
    """A wrong argument must not look like a bad network and be tried again."""
    with pytest.raises(TypeError), translated("testing", "server", lambda: True):
        raise TypeError
