"""One SSH connection: the pinned host key is proven before anything is sent, then our key logs in."""

from __future__ import annotations

import io
import socket
from threading import Event

from paramiko.ed25519key import Ed25519Key
from paramiko.pkey import PKey
from paramiko.rsakey import RSAKey
from paramiko.ssh_exception import AuthenticationException, PasswordRequiredException, SSHException
from paramiko.transport import Transport

from sftp.client import Session
from sftp.remote import HostKeyChanged
from sftp.settings import Endpoint, EndpointInvalid, parse_public_key

_RSA_SIGNATURES = ("rsa-sha2-512", "rsa-sha2-256")


class Connection:
    """Connected and logged in once constructed; raises paramiko's exceptions, HostKeyChanged and EndpointInvalid.

    Neither the user's known_hosts nor an agent nor the keys in a home folder are looked at: what the endpoint pins
    and names is all there is.
    """

    session: Session

    def __init__(self, endpoint: Endpoint) -> None:
        key = _private_key(endpoint)
        connected = socket.create_connection((endpoint.host, endpoint.port), timeout=endpoint.timeout_seconds)
        try:
            self._transport = Transport(connected)
        except BaseException:
            connected.close()
            raise
        try:
            self._log_in(endpoint, key)
        except BaseException:
            self._transport.close()
            raise

    @property
    def stands(self) -> bool:
        """Is the connection still up, as far as we know?"""
        return self._transport.is_active() and not self.session.sock.closed

    def close(self) -> None:
        """Hang up."""
        self._transport.close()

    def _log_in(self, endpoint: Endpoint, key: PKey) -> None:
        transport = self._transport
        transport.banner_timeout = endpoint.timeout_seconds
        transport.auth_timeout = endpoint.timeout_seconds
        transport.channel_timeout = endpoint.timeout_seconds
        pinned = dict(map(_turned, map(parse_public_key, endpoint.host_keys)))
        # ask for a key of a pinned type first: a server with several keys would otherwise show another one
        options = transport.get_security_options()
        options.key_types = sorted(options.key_types, key=lambda kind: kind not in _signatures(pinned))
        transport.start_client(timeout=endpoint.timeout_seconds)
        if transport.get_remote_server_key().asbytes() not in pinned:
            raise HostKeyChanged(
                f"{endpoint.label} shows a host key that is not pinned; nothing was sent. Check with the partner first."
            )
        _prove(transport, endpoint, key)
        session = Session.from_transport(transport)
        if session is None:
            raise SSHException("no channel")
        session.sock.settimeout(endpoint.timeout_seconds)
        self.session = session


def _prove(transport: Transport, endpoint: Endpoint, key: PKey) -> None:
    """Log in with our key. paramiko calls a silent or vanished server a failed login; here only a "no" is one."""
    answered = Event()
    transport.auth_publickey(endpoint.user, key, event=answered)
    if not answered.wait(endpoint.timeout_seconds):
        raise TimeoutError
    if transport.is_authenticated():
        return
    if not transport.is_active():
        raise EOFError
    raise transport.get_exception() or AuthenticationException


def _turned(pair: tuple[str, bytes]) -> tuple[bytes, str]:
    kind, blob = pair
    return blob, kind


def _signatures(pinned: dict[bytes, str]) -> frozenset[str]:
    """The algorithms by which the pinned keys prove themselves: an RSA key signs with SHA-2."""
    kinds = set(pinned.values())
    return frozenset(kinds | set(_RSA_SIGNATURES)) if "ssh-rsa" in kinds else frozenset(kinds)


def _private_key(endpoint: Endpoint) -> PKey:
    """Load our own key; its text never reaches a message."""
    try:
        text = endpoint.key_file.read_text("ascii") if endpoint.key_file else endpoint.key_text or ""
    except (OSError, UnicodeDecodeError):
        raise EndpointInvalid(f"The private key file of {endpoint.label} cannot be read.") from None
    for kind in (Ed25519Key, RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), password=endpoint.passphrase)
        except PasswordRequiredException:
            raise EndpointInvalid(f"The private key of {endpoint.label} needs a passphrase.") from None
        except (SSHException, ValueError, IndexError):
            continue
    raise EndpointInvalid(f"The private key of {endpoint.label} is no Ed25519 or RSA key, or its passphrase is wrong.")
