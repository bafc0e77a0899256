"""Trust, login, and what happens when the network fails."""

from __future__ import annotations

import dataclasses
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from paramiko.sftp import SFTP_FAILURE, SFTP_OK
from paramiko.sftp_handle import SFTPHandle

from sftp.keys import make_key_pair
from sftp.paramiko_remote import ParamikoRemote
from sftp.remote import HostKeyChanged, RemoteMissing, RemoteRefused, RemoteUnavailable
from sftp.server import RunningServer, ServerSettings, serve
from sftp.settings import Endpoint, EndpointInvalid


@pytest.fixture
def endpoint(bundled: RunningServer, tmp_path: Path) -> Endpoint:
    """The bundled server's account."""
    (bundled.home("acme") / "in").mkdir()
    return bundled.endpoint("acme", tmp_path / "acme")


def remote_of(endpoint: Endpoint, pauses: list[float] | None = None) -> ParamikoRemote:
    """A remote that notes its pauses instead of making them."""
    return ParamikoRemote(endpoint, sleep=(pauses if pauses is not None else []).append)


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
def test_a_changed_host_key_stops_us_before_we_log_in(
    bundled: RunningServer, endpoint: Endpoint, tmp_path: Path, kind: str
) -> None:
    """Whether the pinned key is of the same kind or of another, and without a second try."""
    other = make_key_pair(tmp_path / "other", "rsa" if kind == "rsa" else "ed25519").public_line
    pauses: list[float] = []
    with pytest.raises(HostKeyChanged), remote_of(dataclasses.replace(endpoint, host_keys=(other,)), pauses) as remote:
        remote.list("in")
    assert pauses == []
    assert bundled.port == endpoint.port


def test_any_of_several_pinned_keys_will_do(endpoint: Endpoint, tmp_path: Path) -> None:
    """A server may change its key without a day of silence."""
    other = make_key_pair(tmp_path / "other").public_line
    with remote_of(dataclasses.replace(endpoint, host_keys=(other, *endpoint.host_keys))) as remote:
        assert remote.list("in").files == ()


def test_an_rsa_host_key_can_be_pinned(tmp_path: Path) -> None:
    """The server proves it by a SHA-2 signature."""
    pair = make_key_pair(tmp_path / "acme", "rsa")
    make_key_pair(tmp_path / "host_key", "rsa")
    settings = ServerSettings(tmp_path / "root", tmp_path / "host_key", {"acme": (pair.public_line,)})
    with serve(settings) as server, remote_of(server.endpoint("acme", pair.private_file)) as remote:
        assert remote.list("").files == ()


@pytest.mark.usefixtures("bundled")
def test_an_unknown_key_is_refused_and_not_tried_again(endpoint: Endpoint, tmp_path: Path) -> None:
    """A login that the server refuses is a matter for people."""
    stranger = make_key_pair(tmp_path / "stranger").private_file
    pauses: list[float] = []
    with pytest.raises(RemoteRefused), remote_of(dataclasses.replace(endpoint, key_file=stranger), pauses) as remote:
        remote.list("in")
    assert pauses == []


def test_another_users_key_is_refused(endpoint: Endpoint) -> None:
    """Keys belong to users."""
    with pytest.raises(RemoteRefused), remote_of(dataclasses.replace(endpoint, user="other")) as remote:
        remote.list("in")


def test_the_key_may_come_as_text(endpoint: Endpoint) -> None:
    """As a secret store hands it over."""
    assert endpoint.key_file is not None
    text = endpoint.key_file.read_text()
    with remote_of(dataclasses.replace(endpoint, key_file=None, key_text=text)) as remote:
        assert remote.list("in").files == ()


@pytest.mark.parametrize("content", ["", "secret-words", "-----BEGIN OPENSSH PRIVATE KEY-----\nsecret-words\n"])
def test_a_private_key_that_is_none_is_refused_without_its_text(
    endpoint: Endpoint, content: str, tmp_path: Path
) -> None:
    """The message names the endpoint."""
    broken = tmp_path / "broken"
    broken.write_text(content)
    with pytest.raises(EndpointInvalid) as caught, remote_of(dataclasses.replace(endpoint, key_file=broken)) as remote:
        remote.list("in")
    assert "secret" not in str(caught.value)
    with pytest.raises(EndpointInvalid), remote_of(dataclasses.replace(endpoint, key_file=tmp_path / "none")) as remote:
        remote.list("in")


def test_a_server_that_is_away_is_tried_again_with_growing_pauses(tmp_path: Path) -> None:
    """Then it is worth a retry of the task."""
    pair = make_key_pair(tmp_path / "key")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    pauses: list[float] = []
    endpoint = Endpoint("127.0.0.1", "acme", (pair.public_line,), pair.private_file, port=port)
    with pytest.raises(RemoteUnavailable), remote_of(endpoint, pauses) as remote:
        remote.list("in")
    assert pauses == [1.0, 2.0]


def test_a_silent_server_is_away(tmp_path: Path) -> None:
    """One that accepts and says nothing costs one timeout an attempt."""
    pair = make_key_pair(tmp_path / "key")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        endpoint = Endpoint(
            "127.0.0.1",
            "acme",
            (pair.public_line,),
            pair.private_file,
            port=silent.getsockname()[1],
            timeout_seconds=0.2,
        )
        with (
            pytest.raises(RemoteUnavailable),
            ParamikoRemote(endpoint, sleep=lambda _: None, attempts=2) as remote,
        ):
            remote.list("in")


def test_a_server_that_falls_silent_is_away(tmp_path: Path) -> None:
    """In the middle of a session, each silence has its limit."""
    pair = make_key_pair(tmp_path / "acme")
    places = ["--root", str(tmp_path / "root"), "--host-key", str(tmp_path / "host_key")]
    command = [sys.executable, "-m", "sftp.server", *places, "--user", f"acme={pair.private_file}.pub"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        port = int(process.stdout.readline().split()[2].rpartition(":")[2])
        host_key = (tmp_path / "host_key.pub").read_text()
        endpoint = Endpoint("127.0.0.1", "acme", (host_key,), pair.private_file, port=port, timeout_seconds=1.0)
        with ParamikoRemote(endpoint, sleep=lambda _: None, attempts=1) as remote:
            remote.list("")
            process.send_signal(signal.SIGSTOP)
            with pytest.raises(RemoteUnavailable):
                remote.list("")
        process.kill()


def test_a_missing_folder_is_a_refusal_and_no_missing_file(bundled: RunningServer, endpoint: Endpoint) -> None:
    """A file that cannot be moved for want of a folder must not pass for one that somebody moved."""
    (bundled.home("acme") / "in" / "claims.x12").write_bytes(b"content")
    with remote_of(endpoint) as remote:
        with pytest.raises(RemoteRefused):
            remote.list("nowhere")
        with pytest.raises(RemoteRefused):
            remote.put(b"answer", "nowhere", "answer.x12")
        with pytest.raises(RemoteRefused) as caught:
            remote.move("in/claims.x12", "nowhere", "0" * 64)
    assert not isinstance(caught.value, RemoteMissing)
    assert (bundled.home("acme") / "in" / "claims.x12").exists()


@pytest.mark.parametrize("failing", [0, 1, 9], ids=["first", "second", "last"])
def test_a_write_that_the_server_refuses_fails_the_upload(
    bundled: RunningServer, endpoint: Endpoint, failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A partner's full disk, whichever of the writes on their way it hits; the final name is never given."""
    writes: list[int] = []

    def fill_up(_: SFTPHandle, _offset: int, data: bytes) -> int:
        writes.append(len(data))
        return SFTP_FAILURE if len(writes) == failing + 1 else SFTP_OK

    monkeypatch.setattr(SFTPHandle, "write", fill_up)
    with remote_of(endpoint) as remote, pytest.raises(RemoteRefused):
        remote.put(b"x" * (8 * 32_768 + 2), "in", "answer.x12")
    assert len(writes) == 10
    assert not (bundled.home("acme") / "in" / "answer.x12").exists()


OPERATIONS: dict[str, Callable[[ParamikoRemote, Path], object]] = {
    "list": lambda remote, _: remote.list("in"),
    "fetch": lambda remote, target: remote.fetch("in/claims.x12", target, 100),
    "put": lambda remote, _: remote.put(b"answer", "in", "answer.x12"),
    "move": lambda remote, _: remote.move("in/claims.x12", "", "0" * 64),
    "remove": lambda remote, _: remote.remove("in/claims.x12"),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_broken_connection_is_made_again(
    bundled: RunningServer, endpoint: Endpoint, operation: str, tmp_path: Path
) -> None:
    """The caller notices nothing."""
    (bundled.home("acme") / "in" / "claims.x12").write_bytes(b"content")
    pauses: list[float] = []
    with remote_of(endpoint, pauses) as remote:
        remote.list("in")
        bundled.drop_connections()
        OPERATIONS[operation](remote, tmp_path / "target")
    assert len(pauses) <= 1


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_server_that_went_away_is_away_for_every_operation(
    bundled: RunningServer, endpoint: Endpoint, operation: str, tmp_path: Path
) -> None:
    """Retryable each time, and nothing of a download stays."""
    with remote_of(endpoint) as remote:
        remote.list("in")
        bundled.close()
        with pytest.raises(RemoteUnavailable):
            OPERATIONS[operation](remote, tmp_path / "target")
    assert not (tmp_path / "target").exists()
