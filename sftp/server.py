"""The bundled SFTP server: for the demo and the tests, on this machine only unless told otherwise.

    with serve(ServerSettings(root, host_key_file, {"acme": (public_line,)})) as server:
        endpoint = server.endpoint("acme", private_file)

One folder a user under `root`; login by public key only; nothing but SFTP. As a process of its own:
`python -m sftp.server --root var/sftp --host-key var/host_key --port 2222 --user acme=var/acme.pub`.
"""

from __future__ import annotations

import argparse
import signal
import socket
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Lock, Thread

from paramiko.common import (
    AUTH_FAILED,
    AUTH_SUCCESSFUL,
    OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED,
    OPEN_SUCCEEDED,
)
from paramiko.pkey import PKey
from paramiko.server import ServerInterface
from paramiko.sftp_server import SFTPServer
from paramiko.transport import Transport

from sftp.keys import keep_key_pair
from sftp.names import check_name
from sftp.rooted import RootedFolder
from sftp.settings import Endpoint, parse_public_key

_LOOPBACK = "127.0.0.1"
_WAITING_CONNECTIONS = 50
_POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """What a server serves and to whom."""

    root: Path
    """Holds one folder a user, made when missing."""
    host_key_file: Path
    """The server's private key; drawn when missing."""
    users: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """User names and the public key lines that may log in as them. A user's folder has the user's name."""
    host: str = _LOOPBACK
    port: int = 0
    """0 takes a free one."""


class RunningServer:
    """A server that accepts connections in threads of this process."""

    def __init__(self, settings: ServerSettings) -> None:
        self._settings = settings
        self._allowed = {
            user: frozenset(parse_public_key(line)[1] for line in lines) for user, lines in settings.users.items()
        }
        for user in settings.users:
            (settings.root / check_name(user)).mkdir(parents=True, exist_ok=True)
        settings.host_key_file.parent.mkdir(parents=True, exist_ok=True)
        pair = keep_key_pair(settings.host_key_file)
        self.host_key_line = pair.public_line
        """What clients pin."""
        self._host_key = PKey.from_path(pair.private_file)
        self._connections: set[Transport] = set()
        self._lock = Lock()
        self._closing = Event()
        self._socket = socket.create_server((settings.host, settings.port), backlog=_WAITING_CONNECTIONS)
        self._socket.settimeout(_POLL_SECONDS)
        self.port: int = self._socket.getsockname()[1]
        self._acceptor = Thread(target=self._accept, name="sftp-server", daemon=True)
        self._acceptor.start()

    def home(self, user: str) -> Path:
        """The folder of a user on this machine."""
        return self._settings.root / user

    def endpoint(self, user: str, private_file: Path) -> Endpoint:
        """How a client of this machine reaches a user's folder."""
        return Endpoint(
            host=self._settings.host,
            port=self.port,
            user=user,
            key_file=private_file,
            host_keys=(self.host_key_line,),
        )

    def drop_connections(self) -> None:
        """Hang up on every client, as a failing network would."""
        with self._lock:
            connections, self._connections = self._connections, set()
        for connection in connections:
            connection.close()

    def close(self) -> None:
        """Stop accepting and hang up."""
        self._closing.set()
        self._acceptor.join()
        self._socket.close()
        self.drop_connections()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connected, _ = self._socket.accept()
            except TimeoutError:
                continue
            connected.settimeout(None)
            transport = Transport(connected)
            transport.add_server_key(self._host_key)
            transport.set_subsystem_handler("sftp", SFTPServer, RootedFolder)
            with self._lock:
                self._connections = {one for one in self._connections if one.is_active()} | {transport}
            # with an event given, the handshake goes on in the connection's own thread
            transport.start_server(event=Event(), server=_Login(self._settings.root, self._allowed))


class _Login(ServerInterface):
    """Lets known keys in, to SFTP and nothing else."""

    def __init__(self, root: Path, allowed: Mapping[str, frozenset[bytes]]) -> None:
        self._root = root
        self._allowed = allowed
        self._user: str | None = None

    @property
    def home(self) -> Path:
        """The folder of the user who logged in."""
        if self._user is None:
            raise PermissionError("nobody has logged in")
        return self._root / self._user

    def get_allowed_auths(self, username: str) -> str:  # noqa: ARG002 - paramiko's signature
        """Keys only."""
        return "publickey"

    def check_auth_publickey(self, username: str, key: PKey) -> int:
        """Is the key one of the user's?"""
        if key.asbytes() not in self._allowed.get(username, frozenset()):
            return AUTH_FAILED
        self._user = username
        return AUTH_SUCCESSFUL

    def check_channel_request(self, kind: str, chanid: int) -> int:  # noqa: ARG002 - paramiko's signature
        """Sessions only: no forwarding."""
        return OPEN_SUCCEEDED if kind == "session" else OPEN_FAILED_ADMINISTRATIVELY_PROHIBITED


@contextmanager
def serve(settings: ServerSettings) -> Iterator[RunningServer]:
    """Run a server in this process for the length of the block."""
    server = RunningServer(settings)
    try:
        yield server
    finally:
        server.close()


def run_server(settings: ServerSettings) -> None:
    """Run a server until SIGTERM or SIGINT; says where it listens and what to pin on its first line of output."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with serve(settings) as server:
        sys.stdout.write(f"listening on {settings.host}:{server.port} with host key {server.host_key_line}\n")
        sys.stdout.flush()
        stop.wait()


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line of `python -m sftp.server`."""
    parser = argparse.ArgumentParser(prog="python -m sftp.server", description="SFTP for the demo and for tests.")
    parser.add_argument("--root", type=Path, required=True, help="holds one folder a user")
    parser.add_argument("--host-key", type=Path, required=True, help="private key file; drawn when missing")
    parser.add_argument("--host", default=_LOOPBACK)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--user", action="append", default=[], metavar="NAME=PUBLIC_KEY_FILE", help="may repeat")
    read = parser.parse_args(arguments)
    users: dict[str, tuple[str, ...]] = {}
    for pair in read.user:
        name, _, key_file = pair.partition("=")
        users[name] = (*users.get(name, ()), Path(key_file).read_text("ascii").strip())
    run_server(ServerSettings(read.root, read.host_key, users, read.host, read.port))


if __name__ == "__main__":
    main()
