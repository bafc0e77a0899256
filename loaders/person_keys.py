"""By what persons of an 834 are recognised: names without their spelling, social security numbers without themselves.

A social security number is matched by its keyed hash (HMAC-SHA-256) and never leaves this module in clear. Without a
key there is no hash, and nobody is recognised by such a number.
"""

from __future__ import annotations

import hmac
import re

import pyarrow as pa
import pyarrow.compute as pc

from loaders.staging import compact_key, identifier_key

SOCIAL_SECURITY = "34"
"""NM108: what stands beside it is a social security number."""
MUTUALLY_DEFINED = "ZZ"
"""NM108: a number that sender and plan agreed on."""
SSN_REFERENCE = "SY"
"""REF01 of a social security number."""
STAND_IN = re.compile(r"(\d)\1{8}|123456789|987654321|078051120|000\d{6}|\d{3}00\d{4}|\d{5}0000")
"""Nine digits that nobody was ever given: senders write them where they know no number."""
NEWBORN = r"^(BABY|NEWBORN|INFANT|UNNAMED|UNKNOWN|TWIN)|^(BOY|GIRL|MALE|FEMALE|BB|BG|NB)?$"
"""First names, as they are matched, of children who have none yet; a regular expression for PostgreSQL too."""


def ssn_columns(
    qualifiers: pa.ChunkedArray, identifiers: pa.ChunkedArray, key: bytes | None
) -> tuple[pa.ChunkedArray, pa.ChunkedArray]:
    """The hash of each social security number, and the state of what was sent.

    The state is `sent`, `missing`, `stand_in` for a number that nobody has, or `odd` for what is no such number at
    all; only of a number that was sent there is a hash.
    """
    under_34 = pc.equal(pc.fill_null(qualifiers, ""), SOCIAL_SECURITY)
    values = pc.if_else(under_34, compact_key(identifiers), pa.scalar(None, pa.string()))
    encoded = pa.concat_arrays(values.chunks or [pa.array([], pa.string())]).dictionary_encode()
    numbers = encoded.dictionary.to_pylist()
    states = pa.array([ssn_state(number) for number in numbers], pa.string())
    hashes = pa.array(
        [
            ssn_hash(number, key) if state.as_py() == "sent" else None
            for number, state in zip(numbers, states, strict=True)
        ],
        pa.string(),
    )
    hashed = pc.take(hashes, encoded.indices)
    told = pc.fill_null(pc.take(states, encoded.indices), "missing")
    return pa.chunked_array([hashed], pa.string()), pa.chunked_array([told], pa.string())


def ssn_state(number: str) -> str:
    """`sent`, `stand_in` or `odd`, of letters and digits alone."""
    if not (len(number) == 9 and number.isascii() and number.isdigit()):  # noqa: PLR2004 - digits of such a number
        return "odd"
    return "stand_in" if STAND_IN.fullmatch(number) else "sent"


def ssn_hash(number: str, key: bytes | None) -> str | None:
    """The keyed hash of a social security number, in hexadecimal; None without a key."""
    return None if key is None else hmac.digest(key, number.encode(), "sha256").hex()


def sealed(
    qualifiers: pa.ChunkedArray, values: pa.ChunkedArray, key: bytes | None, secret: str = SOCIAL_SECURITY
) -> pa.ChunkedArray:
    """Identifiers as they may be kept: a social security number is replaced by its hash, or left out without a key."""
    is_secret = pc.equal(pc.fill_null(qualifiers, ""), secret)
    if not pc.any(is_secret).as_py():
        return values
    kept = [
        value if not hide else None if value is None else ssn_hash(re.sub(r"[^0-9A-Z]", "", value.upper()), key)
        for value, hide in zip(values.to_pylist(), is_secret.to_pylist(), strict=True)
    ]
    return pa.chunked_array([pa.array(kept, pa.string())])


def sender_numbers(qualifiers: pa.ChunkedArray, identifiers: pa.ChunkedArray) -> pa.ChunkedArray:
    """Numbers that sender and plan agreed on; of other kinds none."""
    mutual = pc.equal(pc.fill_null(qualifiers, ""), MUTUALLY_DEFINED)
    return pc.if_else(mutual, identifier_key(identifiers), pa.scalar(None, pa.string()))
