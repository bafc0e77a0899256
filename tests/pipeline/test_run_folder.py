"""Run folders hold a translation whole or not at all, and give back what was put in."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from errno import ENOSPC
from pathlib import Path
from typing import Any, Never

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from edi.findings import FindingTable
from edi.trouble import Retryable
from pipeline.run_folder import RunFolders, RunFolderUnwritable, Translation, TranslationMissing
from pipeline.translate import translate
from rules.acceptance import AcceptanceProfile
from tests.pipeline.plan import CLAIMS, ENROLLMENT, HOSPITAL_CLAIMS

ANYBODY = AcceptanceProfile("anybody", usages=frozenset({"P", "T"}))
BUNDLE = "0123456789abcdef" * 4
OTHER_BUNDLE = "f" * 64

CORPUS = Path(__file__).parents[1] / "corpus"
CONTENTS = {
    "members": ENROLLMENT,
    "professional claims": CLAIMS,
    "institutional claims": HOSPITAL_CLAIMS,
    "members and claims": ENROLLMENT + CLAIMS,
    "many findings": (CORPUS / "imsweb/x12_missing_elements.txt").read_bytes(),
    "names in Latin-1 and control characters": CLAIMS.replace(b"CLEARLINK      *", b"CL\xc9ARL\x1fNK      *", 1),
    "nothing": b"",
    "no X12": bytes(range(256)),
}


class Killed(BaseException):
    """The process ends here, with nothing run after it."""


@pytest.fixture
def folders(tmp_path: Path) -> RunFolders:
    """No translation yet."""
    return RunFolders(tmp_path / "runs")


def parts(folder: Path) -> dict[str, bytes]:
    """Bytes by file name."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def same(one: Translation, other: Translation) -> bool:
    """Equal in every part, the types of columns too."""
    tables = one.tables.keys() == other.tables.keys() and all(
        table.equals(other.tables[name]) for name, table in one.tables.items()
    )
    return tables and (one.verdict, one.findings) == (other.verdict, other.findings)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_what_is_read_is_what_was_written(folders: RunFolders, content: bytes) -> None:
    """Verdict, findings and tables, for whatever a file is."""
    translation = translate(content, ANYBODY)
    folders.write(1, BUNDLE, translation)
    assert same(folders.read(1, BUNDLE), translation)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS.keys())
def test_equal_input_makes_equal_bytes(tmp_path: Path, content: bytes) -> None:
    """In every file of the folder: a run folder can be compared, and made again."""
    first, again = (
        RunFolders(tmp_path / name).write(number, BUNDLE, translate(content, ANYBODY))
        for number, name in enumerate(("first", "again"))
    )
    assert parts(first) == parts(again)


def test_each_bundle_has_a_translation_of_its_own(folders: RunFolders) -> None:
    """Other rules may judge otherwise; a file that was not translated under a bundle has none."""
    one, other = translate(CLAIMS, ANYBODY), translate(CLAIMS, replace(ANYBODY, transactions=frozenset({"834"})))
    folders.write(1, BUNDLE, one)
    folders.write(1, OTHER_BUNDLE, other)
    assert same(folders.read(1, BUNDLE), one)
    assert same(folders.read(1, OTHER_BUNDLE), other)
    for file_id, bundle in ((2, BUNDLE), (1, "a" * 64), (1, "")):
        with pytest.raises(TranslationMissing):
            folders.read(file_id, bundle)


def test_writing_the_same_again_does_not_touch_what_somebody_may_be_reading(folders: RunFolders) -> None:
    """Two workers may translate one file when a lease ran out."""
    translation = translate(CLAIMS, ANYBODY)
    folder = folders.write(1, BUNDLE, translation)
    before = {path.name: path.stat().st_ino for path in folder.iterdir()}
    assert folders.write(1, BUNDLE, translation) == folder
    assert {path.name: path.stat().st_ino for path in folder.iterdir()} == before
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


def test_what_an_older_program_left_is_replaced(folders: RunFolders) -> None:
    """After a repair a replay translates anew; nothing of the old one stays."""
    translation = translate(CLAIMS, ANYBODY)
    old = replace(translation, tables={**translation.tables, "retired": pa.table({"row": [1]})})
    folders.write(1, BUNDLE, old)
    folder = folders.write(1, BUNDLE, translation)
    assert same(folders.read(1, BUNDLE), translation)
    assert [path.name for path in folder.parent.iterdir()] == [folder.name]


class Power:
    """Counts what is done to the disk, and kills the process at one of these moments."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, kill_at: int) -> None:
        self.left = kill_at
        for owner, name in (
            (Path, "mkdir"),
            (Path, "write_bytes"),
            (Path, "rename"),
            (pq, "write_table"),
            (os, "fsync"),
        ):
            monkeypatch.setattr(owner, name, self._counted(getattr(owner, name)))
        monkeypatch.setattr(shutil, "rmtree", self._remove)

    def _remove(self, folder: Path, **_: object) -> None:
        """A folder goes file by file, in some order; folders follow when they are empty."""
        below = sorted(folder.rglob("*"))
        for path in below:
            if path.is_file():
                self._counted(path.unlink)()
        for path in (*reversed(below), folder):
            if path.is_dir():
                self._counted(path.rmdir)()

    def _counted(self, act: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: object, **keywords: object) -> object:
            if not self.left:
                raise Killed  # and again in every clean-up: a killed process cleans nothing up
            self.left -= 1
            return act(*args, **keywords)

        return counted


@pytest.mark.parametrize("old", [False, True], ids=["the first translation", "a replacement"])
def test_killed_at_any_moment_there_is_a_whole_translation_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, old: bool
) -> None:
    """And the next run writes it, whatever the killed one left lying."""
    translation = translate(CLAIMS, ANYBODY)
    older = replace(translation, findings=FindingTable.of(()))
    newer = replace(translation, verdict=replace(translation.verdict, unreadable="NOT_X12"))
    seen = set()
    for kill_at in range(1000):
        folders = RunFolders(tmp_path / f"runs{kill_at}")
        if old:
            folders.write(1, BUNDLE, older)
        with monkeypatch.context() as patch:
            Power(patch, kill_at)
            try:
                folders.write(1, BUNDLE, newer)
                seen.add("done")
            except Killed:
                pass
        try:
            found = folders.read(1, BUNDLE)
            seen.add("old" if same(found, older) else "new")
            assert same(found, older) or same(found, newer)
        except TranslationMissing:
            seen.add("none")
        folders.write(1, BUNDLE, newer)
        assert same(folders.read(1, BUNDLE), newer)
        if "done" in seen:
            break
    assert seen == ({"done", "old", "none", "new"} if old else {"done", "none", "new"})


def test_a_full_disk_is_worth_another_try(folders: RunFolders, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no fault of the file; what was begun is taken away."""
    translation = translate(CLAIMS, ANYBODY)

    def refuse(*_: object) -> Never:
        raise OSError(ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(pq, "write_table", refuse)
        with pytest.raises(RunFolderUnwritable, match="No space left") as caught:
            folders.write(1, BUNDLE, translation)
    assert isinstance(caught.value, Retryable)
    assert list((folders.root / "1").iterdir()) == []
    folders.write(1, BUNDLE, translation)
    assert same(folders.read(1, BUNDLE), translation)
