"""Endpoints: what they need, and that they keep their secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from sftp.keys import make_key_pair
from sftp.settings import Endpoint, EndpointInvalid, parse_public_key, read_url


@pytest.fixture
def line(tmp_path: Path) -> str:
    """A public key line."""
    return make_key_pair(tmp_path / "host").public_line


def test_a_url_names_every_part(line: str) -> None:
    """The form of the environment variable."""
    endpoint = read_url(
        f"sftp://ac%40me@sftp.example:2222?key=/keys/plan&host_key={line.replace(' ', '%20')}&timeout=5"
    )
    assert endpoint == Endpoint(
        host="sftp.example",
        port=2222,
        user="ac@me",
        key_file=Path("/keys/plan"),
        host_keys=(line,),
        timeout_seconds=5.0,
    )


def test_the_base64_alone_will_do_plus_signs_and_all(line: str) -> None:
    """A plus sign in a query is a plus sign here: base64 has them."""
    kind, blob = parse_public_key(line)
    bare = line.split()[1]
    endpoint = read_url(f"sftp://acme@sftp.example?key=/keys/plan&host_key={bare}")
    assert parse_public_key(endpoint.host_keys[0]) == (kind, blob)
    assert endpoint.port == 22


def test_a_host_key_may_repeat_while_a_server_changes_it(line: str, tmp_path: Path) -> None:
    """Both keys are pinned for the time of the change."""
    other = make_key_pair(tmp_path / "other", "rsa").public_line
    keys = "&".join(f"host_key={one.replace(' ', '%20')}" for one in (line, other))
    assert read_url(f"sftp://acme@sftp.example?key=/keys/plan&{keys}").host_keys == (line, other)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "https://acme@sftp.example?key=/k",
        "sftp://sftp.example?key=/k",
        "sftp://acme@?key=/k",
        "sftp://acme@sftp.example:port?key=/k",
        "sftp://acme@sftp.example?key=/k",
        "sftp://acme@sftp.example?key=/k&host_key=nonsense",
        "sftp://acme@sftp.example?key=/k&host_key=c3NoLWRzcw==",
        "sftp://acme@sftp.example?key=/k&password=secret-word",
        "sftp://acme@sftp.example?key=/k&timeout=0",
        "sftp://acme@sftp.example?key=/k&timeout=soon",
    ],
)
def test_a_url_that_cannot_be_used_is_refused_without_its_text(url: str) -> None:
    """No part of it can be taken for granted, and none of it reaches a message."""
    with pytest.raises(EndpointInvalid) as caught:
        read_url(url)
    assert "secret-word" not in str(caught.value)
    assert "sftp.example?" not in str(caught.value)


def test_an_endpoint_without_a_pinned_host_key_is_refused() -> None:
    """There is no trust at first sight."""
    with pytest.raises(EndpointInvalid, match="pinned"):
        Endpoint(host="sftp.example", user="acme", host_keys=(), key_file=Path("/keys/plan"))


@pytest.mark.parametrize(("key_file", "key_text"), [(None, None), (Path("/k"), "text")], ids=["no key", "two keys"])
def test_an_endpoint_has_exactly_one_private_key(line: str, key_file: Path | None, key_text: str | None) -> None:
    """From a file or from a secret store."""
    with pytest.raises(EndpointInvalid, match="private key"):
        Endpoint(host="sftp.example", user="acme", host_keys=(line,), key_file=key_file, key_text=key_text)


def test_an_endpoint_shows_no_secret(line: str) -> None:
    """Neither its repr nor its label."""
    endpoint = Endpoint(host="h", user="acme", host_keys=(line,), key_text="secret-key", passphrase="secret-word")  # noqa: S106 - invented here
    for text in (repr(endpoint), endpoint.label):
        assert "secret" not in text
