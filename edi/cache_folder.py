"""Where compiled guides and kernels are kept between runs."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

NAME = "payer-edi"


@cache
def cache_folder() -> Path:
    """A folder that this process can write: EDI_CACHE_DIR, or payer-edi under XDG_CACHE_HOME or ~/.cache.

    Where that cannot be written, a private folder for temporary files, which only makes the next start slow again.
    """
    wanted = _wanted()
    if wanted is not None and _is_writable(wanted):
        return wanted
    return Path(tempfile.mkdtemp(prefix=f"{NAME}-"))


def _wanted() -> Path | None:
    if own := os.environ.get("EDI_CACHE_DIR"):
        return Path(own)
    if general := os.environ.get("XDG_CACHE_HOME"):
        return Path(general) / NAME
    try:
        return Path.home() / ".cache" / NAME
    except RuntimeError:  # nobody's home
        return None


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder):
            return True
    except OSError:
        return False
