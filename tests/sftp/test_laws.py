"""The laws of RemoteFolder, for every implementation and server."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest

from edi.trouble import Final
from sftp.remote import (
    HostileName,
    NameTaken,
    RemoteFile,
    RemoteFolder,
    RemoteMissing,
    RemoteRefused,
    TargetUnwritable,
    TooLarge,
)

NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
LIMIT = 10_000_000


class Account(Protocol):
    """See conftest."""

    remote: RemoteFolder

    def drop(self, path: str | bytes, content: bytes, mtime: datetime = NOON) -> None:
        """See conftest."""

    def link(self, path: str) -> None:
        """See conftest."""

    def content(self, path: str) -> bytes:
        """See conftest."""

    def names(self, folder: str) -> list[str]:
        """See conftest."""


def test_a_listing_holds_path_size_and_time_of_each_file_by_path(account: Account) -> None:
    """Size and mtime come from the server; order does not depend on it."""
    account.drop("in/b.x12", b"22", NOON + timedelta(seconds=1))
    account.drop("in/a.x12", b"1")
    listing = account.remote.list("in")
    assert listing.files == (
        RemoteFile("in/a.x12", 1, NOON),
        RemoteFile("in/b.x12", 2, NOON + timedelta(seconds=1)),
    )
    assert listing.skipped == ()


def test_an_empty_folder_lists_nothing(account: Account) -> None:
    """No files is no error."""
    assert account.remote.list("in").files == ()


@pytest.mark.parametrize("name", [".hidden", "claims.x12.tmp", "claims.part", "claims.FILEPART"])
def test_temporary_names_are_not_listed(account: Account, name: str) -> None:
    """An upload under way is nobody's business yet."""
    account.drop(f"in/{name}", b"half")
    listing = account.remote.list("in")
    assert (listing.files, listing.skipped) == ((), ())


@pytest.mark.parametrize(
    "name",
    [b"-rf", b"a\x1b[2Jb", b"a\nb", b"back\\slash", b"not-utf8-\xff\xfe", b"x" * 201, "abc\u202etxt".encode()],
    ids=["leading dash", "escape", "newline", "backslash", "not UTF-8", "too long", "bidirectional override"],
)
def test_a_hostile_name_is_a_skipped_entry_and_hides_no_other(account: Account, name: bytes) -> None:
    """A hostile name is reported in escaped form, and the files beside it are listed."""
    account.drop(b"in/" + name, b"bad")
    account.drop("in/good.x12", b"good")
    listing = account.remote.list("in")
    assert [file.path for file in listing.files] == ["in/good.x12"]
    assert [entry.reason for entry in listing.skipped] == ["HOSTILE_NAME"]
    assert listing.skipped[0].shown.isascii()
    assert listing.skipped[0].shown.isprintable()


def test_a_link_is_neither_listed_nor_followed(account: Account) -> None:
    """What a link leads to may be another partner's."""
    account.link("in/link.x12")
    listing = account.remote.list("in")
    assert listing.files == ()
    assert [entry.reason for entry in listing.skipped] == ["NOT_REGULAR"]


def test_a_link_is_not_fetched(account: Account, tmp_path: Path) -> None:
    """Even when it replaced a file after the listing."""
    account.link("in/link.x12")
    with pytest.raises(RemoteRefused):
        account.remote.fetch("in/link.x12", tmp_path / "target", LIMIT)
    assert not (tmp_path / "target").exists()


@pytest.mark.parametrize("size", [0, 1, 32_768, 32_769, 3_000_000])
def test_fetch_gives_the_very_bytes(account: Account, tmp_path: Path, size: int) -> None:
    """Whatever the size, also around the size of one request."""
    content = (hashlib.sha256(b"seed").digest() * (size // 32 + 1))[:size]
    account.drop("in/claims.x12", content)
    fetched = account.remote.fetch("in/claims.x12", tmp_path / "target", LIMIT)
    assert (tmp_path / "target").read_bytes() == content
    assert (fetched,) == account.remote.list("in").files


def test_a_file_over_the_limit_leaves_nothing_behind(account: Account, tmp_path: Path) -> None:
    """The limit holds although the caller did not look at the listing."""
    account.drop("in/huge.x12", b"12345")
    with pytest.raises(TooLarge):
        account.remote.fetch("in/huge.x12", tmp_path / "target", 4)
    assert not (tmp_path / "target").exists()
    assert account.content("in/huge.x12") == b"12345"


def test_a_missing_file_is_missing(account: Account, tmp_path: Path) -> None:
    """For every operation on a file."""
    with pytest.raises(RemoteMissing):
        account.remote.fetch("in/gone.x12", tmp_path / "target", LIMIT)
    with pytest.raises(RemoteMissing):
        account.remote.move("in/gone.x12", "archive", "0" * 64)
    with pytest.raises(RemoteMissing):
        account.remote.remove("in/gone.x12")


def test_a_target_that_cannot_be_written_is_our_trouble_not_the_servers(account: Account, tmp_path: Path) -> None:
    """A full or missing local disk is worth another try and says so."""
    account.drop("in/claims.x12", b"content")
    with pytest.raises(TargetUnwritable):
        account.remote.fetch("in/claims.x12", tmp_path / "no folder" / "target", LIMIT)


def test_put_sends_once_and_knows_its_own_file_again(account: Account) -> None:
    """The second delivery of the same bytes is no delivery and no conflict; no temporary name stays."""
    assert account.remote.put(b"answer", "ack", "answer.x12") == "sent"
    assert account.remote.put(b"answer", "ack", "answer.x12") == "already_there"
    assert account.names("ack") == ["answer.x12"]
    assert account.content("ack/answer.x12") == b"answer"


@pytest.mark.parametrize("other", [b"other!", b"longer than the answer"], ids=["same size", "other size"])
def test_put_never_overwrites_a_different_file(account: Account, other: bytes) -> None:
    """The other file stays as it is and no temporary name stays beside it."""
    account.drop("ack/answer.x12", other)
    with pytest.raises(NameTaken):
        account.remote.put(b"answer", "ack", "answer.x12")
    assert account.content("ack/answer.x12") == other
    assert account.names("ack") == ["answer.x12"]


def test_put_replaces_what_a_killed_upload_left(account: Account) -> None:
    """A leftover temporary file is overwritten and renamed."""
    account.drop("ack/answer.x12.tmp", b"a longer half of the answer")
    account.remote.put(b"answer", "ack", "answer.x12")
    assert account.content("ack/answer.x12") == b"answer"


def test_move_keeps_name_and_content(account: Account) -> None:
    """The usual case."""
    account.drop("in/claims.x12", b"content")
    assert account.remote.move("in/claims.x12", "archive", "ab" * 32) == "archive/claims.x12"
    assert account.names("in") == []
    assert account.content("archive/claims.x12") == b"content"


def test_move_never_overwrites(account: Account) -> None:
    """A taken name gets digits of the content's hash, and a third file a number after them."""
    moved = []
    for content in (b"first", b"second", b"second"):
        account.drop("in/claims.x12", content)
        moved.append(account.remote.move("in/claims.x12", "archive", hashlib.sha256(content).hexdigest()))
    marked = "archive/claims.x12." + hashlib.sha256(b"second").hexdigest()[:12]
    assert moved == ["archive/claims.x12", marked, f"{marked}.2"]
    assert [account.content(path) for path in moved] == [b"first", b"second", b"second"]


def test_remove_removes(account: Account) -> None:
    """Only the named file."""
    account.drop("in/a.x12", b"a")
    account.drop("in/b.x12", b"b")
    account.remote.remove("in/a.x12")
    assert account.names("in") == ["b.x12"]


@pytest.mark.parametrize("path", ["in/../outside.x12", "../outside.x12", "in/..", "in/a\nb", "in/", "in/-rf", "in/.x"])
def test_a_hostile_path_is_refused_before_the_server_hears_of_it(account: Account, path: str, tmp_path: Path) -> None:
    """For every operation that takes a path."""
    with pytest.raises(HostileName):
        account.remote.fetch(path, tmp_path / "target", LIMIT)
    with pytest.raises(HostileName):
        account.remote.move(path, "archive", "0" * 64)
    with pytest.raises(HostileName):
        account.remote.remove(path)


@pytest.mark.parametrize("name", ["../answer.x12", "/answer.x12", "a/b.x12", "answer.x12.tmp", "", "a\x00b"])
def test_a_hostile_name_is_not_delivered(account: Account, name: str) -> None:
    """Our own names are held to the same rule."""
    with pytest.raises(HostileName):
        account.remote.put(b"answer", "ack", name)
    assert account.names("ack") == []


def test_every_refusal_is_final(account: Account, tmp_path: Path) -> None:
    """A task fails at once where another try changes nothing."""
    for refusal in (RemoteMissing, RemoteRefused, NameTaken, HostileName, TooLarge):
        assert issubclass(refusal, Final)
    with pytest.raises(Final):
        account.remote.fetch("in/gone.x12", tmp_path / "target", LIMIT)


def test_a_closed_remote_connects_again(account: Account) -> None:
    """Closing hangs up, it does not end the object."""
    account.drop("in/a.x12", b"a")
    account.remote.close()
    assert len(account.remote.list("in").files) == 1
