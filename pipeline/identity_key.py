"""The key under which social security numbers are hashed: a secret of the installation, never of its configuration.

EDI_IDENTITY_KEY holds it; without that EDI_IDENTITY_KEY_FILE names a file that does; without either it is the file
`identity.key` of the `var` folder, made when it is first needed and readable for its owner alone. Under another key
nobody is recognised by the numbers that were hashed before, so it belongs into the backup of the warehouse's secrets.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from edi.trouble import Final

KEY_VARIABLE = "EDI_IDENTITY_KEY"
FILE_VARIABLE = "EDI_IDENTITY_KEY_FILE"
KEY_FILE = "identity.key"
LEAST_CHARACTERS = 32


class IdentityKeyUnusable(Final):
    """The key is too short, or its file cannot be read or made."""


def identity_key(var: Path) -> bytes:
    """The key of this installation.

    Raises:
        IdentityKeyUnusable: there is none, or it is no secret.
    """
    text = os.environ.get(KEY_VARIABLE)
    if not text:
        named = os.environ.get(FILE_VARIABLE)
        text = _read(Path(named)) if named else _read_or_make(var / KEY_FILE)
    if len(text.strip()) < LEAST_CHARACTERS:
        raise IdentityKeyUnusable(f"The key of identities must have at least {LEAST_CHARACTERS} characters.")
    return text.strip().encode()


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise IdentityKeyUnusable(f"The key of identities cannot be read ({error.strerror}).") from None


def _read_or_make(path: Path) -> str:
    """The file's key; of processes that make it at once one wins, and the others read its key."""
    if not path.exists():
        building = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(building, "x", encoding="utf-8", opener=_private) as file:
                file.write(secrets.token_hex(LEAST_CHARACTERS))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):
                path.hardlink_to(building)
            building.unlink()
        except OSError as error:
            raise IdentityKeyUnusable(f"The key of identities cannot be made ({error.strerror}).") from None
    return _read(path)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
