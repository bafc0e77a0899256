"""Files that cannot be read, and folders that cannot be written, end in one clear sentence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from edi.synthetic.files import Request, generate
from pipeline.command import main

USAGE = 2
READERS = (
    ("validate", "{file}"),
    ("validate", "{file}", "--json"),
    ("ack", "{file}", "--out", "{folder}"),
    ("parse", "{file}", "--out", "{folder}"),
    ("explain", "{file}", "--segment", "1"),
)
WRITERS = (("ack", "{file}", "--out", "{folder}"), ("parse", "{file}", "--out", "{folder}"))


def told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], **names: Path
) -> str:
    """What the program says before it ends with exit code 2."""
    monkeypatch.setattr(sys, "argv", ["edi", *(word.format(**names) for word in words)])
    with pytest.raises(SystemExit) as left:
        main()
    assert left.value.code == USAGE
    out, err = capsys.readouterr()
    assert "Traceback" not in out + err
    return out + err


@pytest.mark.parametrize("words", READERS)
def test_what_is_no_file(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    """Not there, a folder, or a pipe, which could be read only once."""
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for file in (tmp_path / "missing", tmp_path, pipe):
        assert f"{file} cannot be read" in told(monkeypatch, capsys, words, file=file, folder=tmp_path / "out")


@pytest.mark.parametrize("words", WRITERS)
def test_what_is_no_folder(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...]
) -> None:
    """A file stands in its place."""
    file = tmp_path / "file.x12"
    file.write_bytes(generate(Request(kind="837P", items=1)))
    assert f"{file} cannot be written" in told(monkeypatch, capsys, words, file=file, folder=file)
