"""Servers that tell little, lie, or change their minds: what no real server does when a test wants it to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import pytest
from paramiko.message import Message

from sftp import paramiko_remote
from sftp.client import Attributes, read_attributes
from sftp.paramiko_remote import ParamikoRemote
from sftp.remote import RemoteChanged, RemoteFile, RemoteRefused, SkippedEntry, TooLarge
from sftp.settings import Endpoint

REGULAR, FOLDER, PIPE = 0o100640, 0o040750, 0o010640
SILENT = Attributes(None, None, None)
TEN = Attributes(10, REGULAR, 0)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class ScriptedFile:
    """A remote file that reads as told."""

    def __init__(self, content: bytes) -> None:
        self._left = content

    def prefetch(self, size: int) -> None:
        """Nothing to hurry."""

    def read(self, size: int) -> bytes:
        """The next bytes."""
        chunk, self._left = self._left[:size], self._left[size:]
        return chunk

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...


class ScriptedServer:
    """A connection and its session that answer as told."""

    stands = True

    def __init__(
        self, listed: Sequence[tuple[bytes, Attributes]], told: Sequence[Attributes | None], content: bytes = b""
    ) -> None:
        self.session = self
        self._listed = listed
        self._told = iter(told)
        self._content = content

    def entries(self, folder: str) -> Iterator[tuple[bytes, Attributes]]:
        """The listing."""
        assert folder == "in"
        yield from self._listed

    def attributes(self, path: str) -> Attributes:
        """The next answer to lstat; None is no such file."""
        told = next(self._told)
        if told is None:
            raise FileNotFoundError(path)
        return told

    def open(self, path: str, mode: str) -> ScriptedFile:
        """The file."""
        assert (path, mode) == ("in/a", "rb")
        return ScriptedFile(self._content)

    def close(self) -> None:
        """Nothing to hang up."""


@pytest.fixture
def remote(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> ParamikoRemote:
    """A remote whose connection is the scripted server that the test is parametrized with."""
    monkeypatch.setattr(paramiko_remote, "Connection", lambda _: request.param)
    host_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGPKSUTyz9qb2CzeJkKyLvJ1HCbpXYf3NnWbSdeKMlmB"
    return ParamikoRemote(Endpoint("sftp.example", "acme", (host_key,), Path("key")), sleep=lambda _: None)


@pytest.mark.parametrize(
    ("remote", "files", "skipped"),
    [
        (ScriptedServer([(b"a", SILENT)], [TEN]), (RemoteFile("in/a", 10, EPOCH),), ()),
        (ScriptedServer([(b"a", SILENT)], [None]), (), ()),
        (ScriptedServer([(b"a", SILENT)], [SILENT]), (), (SkippedEntry("a", "NO_ATTRIBUTES"),)),
        (ScriptedServer([(b"a", Attributes(10, PIPE, 0))], []), (), (SkippedEntry("a", "NOT_REGULAR"),)),
        (ScriptedServer([(b"a", Attributes(10, FOLDER, 0))], []), (), ()),
        (ScriptedServer([(b"..", SILENT), (b".", SILENT)], []), (), ()),
        (ScriptedServer([(b"../a", TEN)], []), (), (SkippedEntry("../a", "HOSTILE_NAME"),)),
        (ScriptedServer([(b"/a", TEN)], []), (), (SkippedEntry("/a", "HOSTILE_NAME"),)),
        (ScriptedServer([(b"", TEN)], []), (), (SkippedEntry("", "HOSTILE_NAME"),)),
    ],
    indirect=["remote"],
    ids=[
        "names only: asked for each",
        "names only: gone when asked for",
        "never tells size and time",
        "a pipe",
        "a folder",
        "itself and its parent",
        "a climbing name",
        "an absolute name",
        "no name",
    ],
)
def test_a_listing_takes_nothing_on_trust(
    remote: ParamikoRemote, files: tuple[RemoteFile, ...], skipped: tuple[SkippedEntry, ...]
) -> None:
    """Only a named, regular file of known size and time is listed."""
    listing = remote.list("in")
    assert (listing.files, listing.skipped) == (files, skipped)


@pytest.mark.parametrize(
    ("remote", "trouble"),
    [
        (ScriptedServer([], [TEN, Attributes(11, REGULAR, 0)], b"x" * 10), RemoteChanged),
        (ScriptedServer([], [TEN, Attributes(10, REGULAR, 1)], b"x" * 10), RemoteChanged),
        (ScriptedServer([], [TEN, TEN], b"x" * 9), RemoteChanged),
        (ScriptedServer([], [TEN, TEN], b"x" * 21), TooLarge),
        (ScriptedServer([], [Attributes(21, REGULAR, 0)]), TooLarge),
        (ScriptedServer([], [Attributes(10, FOLDER, 0)]), RemoteRefused),
        (ScriptedServer([], [Attributes(None, REGULAR, 0)]), RemoteRefused),
    ],
    indirect=["remote"],
    ids=["grew", "touched", "came short", "lied about its size", "too large", "a folder", "of no known size"],
)
def test_a_download_that_is_not_what_was_listed_leaves_nothing(
    remote: ParamikoRemote, trouble: type[Exception], tmp_path: Path
) -> None:
    """The limit holds for the bytes that come, whatever was said about them."""
    with pytest.raises(trouble):
        remote.fetch("in/a", tmp_path / "target", 20)
    assert list(tmp_path.iterdir()) == []


def test_attributes_are_read_whole_whatever_comes_with_them() -> None:
    """Owners and extensions stand between and behind what we want."""
    message = Message()
    message.add_int(0x8000000F)
    message.add_int64(5_000_000_000)
    for number in (1000, 1000, REGULAR, 11, 12, 1):
        message.add_int(number)
    message.add_string("name")
    message.add_string("value")
    message.add_int(0)
    message.rewind()
    assert read_attributes(message) == Attributes(5_000_000_000, REGULAR, 12)
    assert read_attributes(message) == SILENT
    assert message.get_remainder() == b""
