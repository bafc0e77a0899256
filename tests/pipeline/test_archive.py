"""The archive is written once."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import subprocess
import sys
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from pipeline.archive import Archive, ArchiveDamaged, ArchiveUnwritable

DAY = date(2026, 6, 8)
CONTENT = b"ISA*00*"
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    """An archive whose folder does not exist yet."""
    return Archive(tmp_path / "var" / "archive")


def keep(archive: Archive, content: bytes = CONTENT, sha256: str = SHA256, day: date = DAY) -> str:
    """Archive some bytes."""
    with archive.incoming() as place:
        place.write_bytes(content)
        return archive.keep(place, sha256, day)


def test_a_file_is_found_under_its_day_and_hash(archive: Archive) -> None:
    """And is read back byte for byte."""
    assert keep(archive) == f"2026/06/08/{SHA256}.x12"
    assert archive.read(f"2026/06/08/{SHA256}.x12") == CONTENT
    assert archive.holds(f"2026/06/08/{SHA256}.x12")
    assert not archive.holds(f"2026/06/09/{SHA256}.x12")


def test_an_archived_file_is_read_only_and_nobody_elses_business(archive: Archive) -> None:
    """It holds what patients told their doctors."""
    assert stat.S_IMODE(archive.path(keep(archive)).stat().st_mode) == 0o440


def test_the_same_content_twice_is_one_file_that_stays_as_it_was(archive: Archive) -> None:
    """Not even rewritten."""
    first = archive.path(keep(archive)).stat()
    assert archive.path(keep(archive)).stat() == first


def test_nothing_stays_in_the_place_for_incoming_files(archive: Archive) -> None:
    """Whether the file was kept or the work on it failed."""
    keep(archive)
    with suppress(ZeroDivisionError), archive.incoming() as place:
        place.write_bytes(CONTENT)
        raise ZeroDivisionError
    assert list((archive.root / ".incoming").iterdir()) == []


def test_what_a_killed_process_left_is_swept_away(archive: Archive) -> None:
    """What a running one has there is not."""
    with subprocess.Popen([sys.executable, "-c", "pass"]) as process:
        process.wait()
    with archive.incoming() as mine:
        mine.write_bytes(CONTENT)
        dead = mine.with_name(mine.name.replace(f"-{os.getpid()}-", f"-{process.pid}-"))
        dead.write_bytes(b"half a file")
        with archive.incoming():
            assert not dead.exists()
            assert mine.exists()


def test_a_damaged_file_is_noticed_and_not_passed_on(archive: Archive) -> None:
    """Neither when it is read nor when the same content comes again."""
    relative = keep(archive)
    path = archive.path(relative)
    path.chmod(0o640)
    path.write_bytes(b"something else")
    with pytest.raises(ArchiveDamaged):
        archive.read(relative)
    with pytest.raises(ArchiveDamaged):
        keep(archive)
    path.unlink()
    with pytest.raises(ArchiveDamaged, match="gone"):
        archive.read(relative)


@pytest.mark.parametrize("relative", ["../outside", "/etc/passwd", "2026/../../outside"])
def test_no_ledger_path_leads_out(archive: Archive, relative: str) -> None:
    """The ledger is data."""
    with pytest.raises(ArchiveDamaged):
        archive.read(relative)


def test_a_disk_that_fails_is_worth_another_try(tmp_path: Path) -> None:
    """Full, away or read-only."""
    (tmp_path / "archive").write_bytes(b"a file where a folder should be")
    with pytest.raises(ArchiveUnwritable):
        keep(Archive(tmp_path / "archive"))


def test_without_hard_links_a_rename_does(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some network file systems have none; the first copy still stays as it was."""

    def no_links(source: Path, target: Path) -> None:
        raise OSError(errno.EOPNOTSUPP, "no links", source, None, target)

    monkeypatch.setattr(os, "link", no_links)
    first = archive.path(keep(archive)).stat()
    assert archive.path(keep(archive)).stat() == first
    assert archive.read(f"2026/06/08/{SHA256}.x12") == CONTENT
