"""Where an SFTP server is, who we are there, and which host keys it must show."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from edi.trouble import Usage

_PORT = 22
_KNOWN_KEY_TYPES = frozenset(
    {"ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521"}
)


class EndpointInvalid(Usage):
    """A connection's settings cannot be used; the message names the part, never a secret."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One account on one SFTP server; raises EndpointInvalid when a part is missing or malformed."""

    host: str
    user: str
    host_keys: tuple[str, ...]
    """Pinned public keys, each as in a known_hosts line without its host: `ssh-ed25519 AAAA...`, or the base64 alone.
    More than one while a server changes its key."""
    key_file: Path | None = None
    """Our private key, Ed25519 or RSA, in a file."""
    key_text: str | None = field(default=None, repr=False)
    """Or the private key itself, as a secret store hands it over."""
    passphrase: str | None = field(default=None, repr=False)
    port: int = _PORT
    timeout_seconds: float = 30.0
    """For connecting, for logging in, and for each silence of the server."""

    def __post_init__(self) -> None:
        if not self.host or not self.user:
            raise EndpointInvalid("An SFTP endpoint needs a host and a user.")
        if not self.host_keys:
            raise EndpointInvalid(f"{self.label} has no pinned host key; a server is never trusted at first sight.")
        if (self.key_file is None) == (self.key_text is None):
            raise EndpointInvalid(f"{self.label} needs a private key, either as a file or as text.")
        for line in self.host_keys:
            parse_public_key(line)

    @property
    def label(self) -> str:
        """The endpoint for messages: no secret in it."""
        return f"sftp://{self.user}@{self.host}:{self.port}"


def read_url(url: str) -> Endpoint:
    """Read `sftp://user@host:port?key=/path/to/key&host_key=<public key line>`, the form of EDI_SFTP_<PARTNER>.

    Query values are percent-encoded; `+` stands for itself, because base64 uses it. `host_key` may repeat; `timeout`
    (seconds) and `passphrase` are optional. Raises EndpointInvalid.
    """
    try:
        parts = urlsplit(url)
        port = parts.port or _PORT
    except ValueError:
        raise EndpointInvalid("An SFTP endpoint is no URL of the form sftp://user@host:port?key=...") from None
    if parts.scheme != "sftp" or not parts.hostname or not parts.username:
        raise EndpointInvalid("An SFTP endpoint is no URL of the form sftp://user@host:port?key=...&host_key=...")
    query: dict[str, list[str]] = {}
    for pair in filter(None, parts.query.split("&")):
        name, _, value = pair.partition("=")
        query.setdefault(name, []).append(unquote(value))
    unknown = query.keys() - {"key", "host_key", "timeout", "passphrase"}
    if unknown:
        raise EndpointInvalid(f"An SFTP endpoint has unknown settings: {', '.join(sorted(unknown))}.")
    key = query.get("key", [""])[-1]
    return Endpoint(
        host=parts.hostname,
        port=port,
        user=unquote(parts.username),
        key_file=Path(key) if key else None,
        host_keys=tuple(query.get("host_key", ())),
        passphrase=query.get("passphrase", [None])[-1],
        timeout_seconds=_seconds(query.get("timeout", ["30"])[-1]),
    )


def parse_public_key(line: str) -> tuple[str, bytes]:
    """The type and the wire form of an OpenSSH public key line; raises EndpointInvalid."""
    words = line.split()
    for word in words[:2]:
        try:
            blob = base64.b64decode(word, validate=True)
        except (binascii.Error, ValueError):
            continue
        length = int.from_bytes(blob[:4], "big")
        kind = blob[4 : 4 + length].decode("ascii", "replace")
        if kind in _KNOWN_KEY_TYPES:
            return kind, blob
    raise EndpointInvalid("A public key is not of the form `ssh-ed25519 AAAA...`.")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:  # noqa: PLR2004 - an hour is the longest silence anyone could mean
        raise EndpointInvalid("The timeout of an SFTP endpoint is no number of seconds up to 3600.")
    return seconds
