"""The bundled server keeps its users in their folders."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import paramiko
import pytest

from sftp.keys import make_key_pair
from sftp.paramiko_remote import ParamikoRemote
from sftp.remote import HostileName
from sftp.server import RunningServer, ServerSettings, serve
from sftp.settings import Endpoint


@pytest.fixture
def session(bundled: RunningServer, tmp_path: Path) -> Iterator[paramiko.SFTPClient]:
    """A plain SFTP session of user acme, who may do what our own client never would."""
    with paramiko.Transport(("127.0.0.1", bundled.port)) as transport:
        transport.connect(username="acme", pkey=paramiko.PKey.from_path(tmp_path / "acme"))
        client = paramiko.SFTPClient.from_transport(transport)
        assert client is not None
        yield client


@pytest.fixture
def home(bundled: RunningServer) -> Path:
    """The user's folder."""
    return bundled.home("acme")


@pytest.mark.parametrize("path", ["../outside", "/../outside", "in/../../outside", "link", "linked/outside"])
def test_no_path_leads_out(session: paramiko.SFTPClient, home: Path, path: str) -> None:
    """Neither dots nor links, for reading, writing, listing, changing."""
    outside = home.parent / "outside"
    outside.write_bytes(b"of somebody else")
    (home / "link").symlink_to(outside)
    (home / "linked").symlink_to(home.parent)
    with pytest.raises(OSError, match=r".") as caught:
        session.open(path, "rb")
    assert caught.value.errno is None or isinstance(caught.value, FileNotFoundError)
    for act in (
        session.listdir,
        session.stat,
        lambda path: session.utime(path, (0, 0)),
        lambda path: session.chmod(path, 0),
    ):
        with pytest.raises(OSError, match=r"."):
            act(path)
    with pytest.raises(OSError, match=r"."):
        session.open(path, "r+b")
    assert outside.read_bytes() == b"of somebody else"


def test_links_are_neither_made_nor_read(session: paramiko.SFTPClient, home: Path) -> None:
    """A user cannot prepare a way out."""
    (home / "link").symlink_to(home)
    with pytest.raises(OSError, match="unsupported"):
        session.symlink("/etc/passwd", "mine")
    with pytest.raises(OSError, match="unsupported"):
        session.readlink("link")


def test_a_path_is_absolute_inside_the_account(session: paramiko.SFTPClient, home: Path) -> None:
    """The root is the user's folder."""
    (home / "in").mkdir()
    assert session.normalize(".") == "/"
    assert session.normalize("in/../..") == "/"
    assert session.listdir("/") == ["in"]


def test_the_everyday_operations_work(session: paramiko.SFTPClient, home: Path) -> None:
    """What ordinary clients do in their folder."""
    session.mkdir("in")
    with session.open("in/a", "wb") as out:
        out.write(b"one")
    with session.open("in/a", "ab") as out:
        out.write(b" two")
    with session.open("in/a", "r+b") as both:
        both.write(b"ONE")
        assert both.stat().st_size == 7
        both.utime((1, 2))
    assert (home / "in" / "a").read_bytes() == b"ONE two"
    assert session.stat("in/a").st_mtime == 2
    session.utime("in/a", (3, 4))
    assert session.lstat("in/a").st_mtime == 4
    session.truncate("in/a", 3)
    session.chmod("in/a", 0o600)
    session.posix_rename("in/a", "in/b")
    session.rename("in", "gone")
    session.remove("gone/b")
    session.rmdir("gone")
    assert session.listdir(".") == []


def test_rename_replaces_nothing_and_posix_rename_does(session: paramiko.SFTPClient, home: Path) -> None:
    """As SFTP version 3 and OpenSSH's extension have it."""
    (home / "a").write_bytes(b"a")
    (home / "b").write_bytes(b"b")
    with pytest.raises(OSError, match="Failure"):
        session.rename("a", "b")
    assert (home / "b").read_bytes() == b"b"
    session.posix_rename("a", "b")
    assert (home / "b").read_bytes() == b"a"
    (home / "folder").mkdir()
    (home / "taken").mkdir()
    with pytest.raises(OSError, match="Failure"):
        session.rename("folder", "taken")


def test_nothing_but_sftp_is_served(bundled: RunningServer, tmp_path: Path) -> None:
    """No commands and no forwarding."""
    with paramiko.Transport(("127.0.0.1", bundled.port)) as transport:
        transport.connect(username="acme", pkey=paramiko.PKey.from_path(tmp_path / "acme"))
        with pytest.raises(paramiko.SSHException):
            transport.open_session().exec_command("id")
        with pytest.raises(paramiko.ChannelException):
            transport.open_channel("direct-tcpip", ("127.0.0.1", 1), ("127.0.0.1", 2))


def test_a_password_does_not_log_in(bundled: RunningServer) -> None:
    """Keys only."""
    with (
        paramiko.Transport(("127.0.0.1", bundled.port)) as transport,
        pytest.raises(paramiko.BadAuthenticationType),
    ):
        transport.connect(username="acme", password="guess")  # noqa: S106 - it must not work


@pytest.mark.parametrize("user", ["..", "../acme", "/etc", ""])
def test_a_users_folder_is_below_the_root(tmp_path: Path, user: str) -> None:
    """A user whose name leads elsewhere is not served."""
    with pytest.raises(HostileName), serve(ServerSettings(tmp_path / "root", tmp_path / "host_key", {user: ()})):
        pass


def test_it_listens_on_this_machine_only(bundled: RunningServer) -> None:
    """Until somebody says otherwise."""
    assert bundled.endpoint("acme", Path("key")).host == "127.0.0.1"


def test_it_runs_as_a_process_and_ends_on_a_signal(tmp_path: Path) -> None:
    """The first line of output says where it listens and what to pin."""
    pair = make_key_pair(tmp_path / "acme")
    places = ["--root", str(tmp_path / "root"), "--host-key", str(tmp_path / "host_key")]
    command = [sys.executable, "-m", "sftp.server", *places]
    user = ["--user", f"acme={pair.private_file}.pub"]
    with subprocess.Popen([*command, *user], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        where, _, host_key = process.stdout.readline().removeprefix("listening on ").partition(" with host key ")
        endpoint = Endpoint(
            "127.0.0.1", "acme", (host_key.strip(),), pair.private_file, port=int(where.rpartition(":")[2])
        )
        with ParamikoRemote(endpoint) as remote:
            assert remote.list("").files == ()
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(timeout=20) == 0
