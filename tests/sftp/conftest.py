"""The same remote account three times: in memory, on the bundled server, and on OpenSSH's sshd."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import pytest

from sftp.keys import make_key_pair
from sftp.memory import MemoryRemote, MemoryServer
from sftp.paramiko_remote import ParamikoRemote
from sftp.remote import RemoteFolder
from sftp.server import RunningServer, ServerSettings, serve
from sftp.settings import Endpoint

NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
FOLDERS = ("in", "archive", "ack")


class Account(Protocol):
    """A partner's account: what the partner does there, and what we see of it."""

    remote: RemoteFolder

    def drop(self, path: str | bytes, content: bytes, mtime: datetime = NOON) -> None:
        """The partner uploads a file."""

    def link(self, path: str) -> None:
        """The partner makes a symbolic link that leads out of the account."""

    def content(self, path: str) -> bytes:
        """The bytes of a file."""

    def names(self, folder: str) -> list[str]:
        """The names in a folder."""


class MemoryAccount:
    """An account in memory."""

    def __init__(self) -> None:
        self.server = MemoryServer()
        self.remote: RemoteFolder = MemoryRemote(self.server)
        self.content = self.server.content
        self.names = self.server.names
        self.link = self.server.link

    def drop(self, path: str | bytes, content: bytes, mtime: datetime = NOON) -> None:
        """See Account."""
        self.server.drop(path, content, mtime)


class DiskAccount:
    """An account whose server keeps its files in a folder of this machine."""

    def __init__(self, home: Path, remote: RemoteFolder) -> None:
        self.home = home
        self.remote = remote
        for folder in FOLDERS:
            (home / folder).mkdir()

    def drop(self, path: str | bytes, content: bytes, mtime: datetime = NOON) -> None:
        """See Account."""
        raw = os.fsencode(self.home) + b"/" + (path if isinstance(path, bytes) else path.encode())
        with open(raw, "wb") as out:  # noqa: PTH123 - a name that may be no text
            out.write(content)
        os.utime(raw, (mtime.timestamp(), mtime.timestamp()))

    def link(self, path: str) -> None:
        """See Account."""
        secret = self.home.parent / "outside"
        secret.write_bytes(b"of somebody else")
        (self.home / path).symlink_to(secret)

    def content(self, path: str) -> bytes:
        """See Account."""
        return (self.home / path).read_bytes()

    def names(self, folder: str) -> list[str]:
        """See Account."""
        return sorted(path.name for path in (self.home / folder).iterdir())


@pytest.fixture
def bundled(tmp_path: Path) -> Iterator[RunningServer]:
    """The bundled server with one user, acme, whose private key is in tmp_path/acme."""
    pair = make_key_pair(tmp_path / "acme")
    settings = ServerSettings(tmp_path / "root", tmp_path / "host_key", {"acme": (pair.public_line,)})
    with serve(settings) as server:
        yield server


@pytest.fixture(params=["memory", "bundled", pytest.param("openssh", marks=pytest.mark.system)])
def account(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Account]:
    """One account on each kind of server."""
    if request.param == "memory":
        yield MemoryAccount()
    elif request.param == "bundled":
        server: RunningServer = request.getfixturevalue("bundled")
        with ParamikoRemote(server.endpoint("acme", tmp_path / "acme"), sleep=lambda _: None) as remote:
            yield DiskAccount(server.home("acme"), remote)
    else:
        home = tmp_path / "account"
        home.mkdir()
        with openssh(tmp_path, home) as endpoint, ParamikoRemote(endpoint, sleep=lambda _: None) as remote:
            yield DiskAccount(home, remote)


@contextmanager
def openssh(folder: Path, home: Path) -> Iterator[Endpoint]:
    """OpenSSH's sshd on a free loopback port, serving `home` to the user who runs the tests."""
    program = shutil.which("sshd", path=os.environ["PATH"] + ":/usr/sbin:/usr/local/sbin:/usr/lib/ssh")
    if program is None:
        pytest.fail("sshd is missing: install openssh-server")
    if os.geteuid() == 0:  # sshd of some distributions wants its empty folder, which their service makes
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    host_key = make_key_pair(folder / "sshd_host_key")
    user_key = make_key_pair(folder / "user_key")
    authorized = folder / "authorized_keys"
    authorized.write_text(user_key.public_line + "\n")
    port = _free_port()
    settings = folder / "sshd_config"
    settings.write_text(
        f"ListenAddress 127.0.0.1:{port}\n"
        f"HostKey {host_key.private_file}\n"
        f"AuthorizedKeysFile {authorized}\n"
        "PidFile none\n"
        "StrictModes no\n"
        "UsePAM no\n"
        "PasswordAuthentication no\n"
        "PermitRootLogin prohibit-password\n"
        f"Subsystem sftp internal-sftp -d {home}\n"
    )
    process = subprocess.Popen([program, "-D", "-e", "-f", str(settings)], stderr=subprocess.PIPE, text=True)
    try:
        _wait_until_open(port, process)
        yield Endpoint(
            host="127.0.0.1",
            port=port,
            user=getpass.getuser(),
            key_file=user_key.private_file,
            host_keys=(host_key.public_line,),
        )
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def _wait_until_open(port: int, process: subprocess.Popen[str]) -> None:
    for _ in range(100):
        if process.poll() is not None:
            pytest.fail(f"sshd did not start: {process.stderr.read() if process.stderr else ''}")
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("sshd did not listen")
