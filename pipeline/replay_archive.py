"""The archive of a replay: it reads what was archived, and keeps what the replay makes in a folder of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.archive import Archive

if TYPE_CHECKING:
    from pathlib import Path


class ArchiveBeside(Archive):
    """An archive of which nothing is written into the one that it stands before."""

    def __init__(self, before: Archive, root: Path) -> None:
        super().__init__(root)
        self.before = before

    def path(self, relative: str) -> Path:
        """Where a file is: in its own folder, else in the archive before which it stands."""
        own = super().path(relative)
        return own if own.is_file() else self.before.path(relative)
