"""Key pairs for the demo, for tests, and for a plan that has none yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

KeyKind = Literal["ed25519", "rsa"]

_RSA_BITS = 3072
_RSA_EXPONENT = 65537


@dataclass(frozen=True, slots=True)
class KeyPair:
    """A private key in a file that only its owner may read, and the line that others are given."""

    private_file: Path
    public_line: str
    """`ssh-ed25519 AAAA...`, as in authorized_keys or, for a host key, in known_hosts after the host."""


def make_key_pair(private_file: Path, kind: KeyKind = "ed25519") -> KeyPair:
    """Draw a key pair into `private_file` and `<private_file>.pub`; raises FileExistsError rather than replace one."""
    private_key = _draw(kind)
    private_text = private_key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())
    line = private_key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
    descriptor = os.open(private_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(private_text)
    _public_file(private_file).write_text(line + "\n", encoding="ascii")
    return KeyPair(private_file, line)


def keep_key_pair(private_file: Path, kind: KeyKind = "ed25519") -> KeyPair:
    """The key pair of a file, drawn when there is none yet."""
    if not private_file.exists():
        return make_key_pair(private_file, kind)
    return KeyPair(private_file, _public_file(private_file).read_text("ascii").strip())


def _draw(kind: KeyKind) -> Ed25519PrivateKey | RSAPrivateKey:
    if kind == "rsa":
        return generate_private_key(_RSA_EXPONENT, _RSA_BITS)
    return Ed25519PrivateKey.generate()


def _public_file(private_file: Path) -> Path:
    return private_file.with_name(private_file.name + ".pub")
