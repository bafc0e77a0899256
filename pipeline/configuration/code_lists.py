"""The plan's own code lists: the folder `codes/` of the configuration, which `edi codes import` fills."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from edi.guides.library import GuideLibrary

FOLDER = "codes"
PATTERN = "*.csv"


def digests_of(configuration_folder: Path) -> dict[str, str]:
    """SHA-256 of every list by its name: what a file is judged by changes with them."""
    return {
        path.stem: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((configuration_folder / FOLDER).glob(PATTERN))
    }


def library_of(configuration_folder: Path, digests: Mapping[str, str]) -> GuideLibrary:
    """The guides with the plan's code lists in place of those that ship.

    Raises:
        Final: a list cannot be read; the message names file and line.
    """
    from edi.guides.library import default_library  # noqa: PLC0415 - only who scans pays for guides

    return _library(configuration_folder, tuple(sorted(digests.items()))) if digests else default_library()


@lru_cache(maxsize=4)
def _library(configuration_folder: Path, _digests: tuple[tuple[str, str], ...]) -> GuideLibrary:
    from edi.codes.lists import CodeLists  # noqa: PLC0415 - as above
    from edi.guides.library import default_library  # noqa: PLC0415 - as above

    return default_library().with_code_lists(CodeLists.load(configuration_folder / FOLDER))
