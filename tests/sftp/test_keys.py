"""Key pairs."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from paramiko.pkey import PKey

from sftp.keys import KeyKind, keep_key_pair, make_key_pair
from sftp.settings import parse_public_key


@pytest.mark.parametrize(("kind", "name"), [("ed25519", "ssh-ed25519"), ("rsa", "ssh-rsa")])
def test_the_line_belongs_to_the_private_key_which_only_its_owner_reads(
    tmp_path: Path, kind: KeyKind, name: str
) -> None:
    """Both kinds, as OpenSSH and paramiko read them."""
    pair = make_key_pair(tmp_path / "key", kind)
    assert parse_public_key(pair.public_line) == (name, PKey.from_path(pair.private_file).asbytes())
    assert stat.S_IMODE(pair.private_file.stat().st_mode) == 0o600


def test_a_key_is_never_replaced(tmp_path: Path) -> None:
    """Partners have pinned it."""
    pair = make_key_pair(tmp_path / "key")
    with pytest.raises(FileExistsError):
        make_key_pair(tmp_path / "key")
    assert keep_key_pair(tmp_path / "key") == pair
