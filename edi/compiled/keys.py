"""Values as 64-bit numbers, the same in Python and in the kernels."""

from __future__ import annotations

KEY_BYTES = 7
"""Values of so many bytes at most are packed, and their keys are as good as themselves."""
FNV_OFFSET, FNV_PRIME = 0xCBF29CE484222325, 0x100000001B3
GOLDEN = 0x9E3779B97F4A7C15
TOP_BIT = 1 << 63
QUALIFIER_BYTES = 5
"""Qualifiers of so many bytes are packed behind a segment id, which fills a key; of longer ones a hash is."""
HASH_SHIFT = 64 - 8 * QUALIFIER_BYTES


def text_key(text: str) -> int:
    """Its bytes packed, first byte highest, or a hash with the top bit set where there are more than seven."""
    data = text.encode("latin-1")
    return int.from_bytes(data, "big") if len(data) <= KEY_BYTES else _hash(data) | TOP_BIT


def _hash(data: bytes) -> int:
    """FNV-1a."""
    key = FNV_OFFSET
    for byte in data:
        key = ((key ^ byte) * FNV_PRIME) % (1 << 64)
    return key


def key_text(key: int) -> str:
    """The text of a packed key."""
    return key.to_bytes(KEY_BYTES, "big").lstrip(b"\0").decode("latin-1")


def spread(key: int, shift: int, slots: int) -> int:
    """The first slot to look at in a table of so many slots, a power of two."""
    return (key * GOLDEN % (1 << 64)) >> shift & (slots - 1)


def symbol_key(segment_id: str, qualifier: str) -> int:
    """Segment id and qualifier in one key."""
    short = len(qualifier) <= QUALIFIER_BYTES
    low = text_key(qualifier) if short else _hash(qualifier.encode("latin-1")) >> HASH_SHIFT
    return text_key(segment_id) << (8 * QUALIFIER_BYTES) | low
