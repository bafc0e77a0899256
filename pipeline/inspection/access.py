"""Files that cannot be read and folders that cannot be written: one clear sentence, whoever meets them first."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from edi.trouble import Usage

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class FileUnreadable(Usage):
    """The file cannot be opened or read."""


class FolderUnwritable(Usage):
    """The folder cannot be made, or nothing can be written into it."""


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """While a file is read, perhaps more than once: pipes and devices, which can be read once or for ever, are refused.

    Raises:
        FileUnreadable: there is no such file, it may not be read, or it is no file at all.
    """
    try:
        if path.exists() and not path.is_file() and not path.is_dir():
            raise FileUnreadable(f"{path} cannot be read: it is no regular file.")
        yield
    except OSError as problem:
        raise FileUnreadable(f"{path} cannot be read: {problem.strerror or 'input or output failed'}.") from None


@contextmanager
def writing(folder: Path) -> Iterator[None]:
    """While something is written into a folder.

    Raises:
        FolderUnwritable: that fails.
    """
    try:
        yield
    except OSError as problem:
        reason = problem.strerror or "input or output failed"
        raise FolderUnwritable(f"{folder} cannot be written: {reason}.") from None
