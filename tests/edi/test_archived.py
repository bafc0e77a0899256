from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from edi.archived import bytes_reader, file_reader

CONTENT = bytes(range(256)) * 4


@settings(deadline=None)
@given(st.integers(0, 1100), st.integers(0, 1100))
def test_bytes_are_read_by_offset(start: int, stop: int) -> None:
    """As a slice of the content; nothing behind its end."""
    assert bytes_reader(CONTENT)(start, stop) == CONTENT[start:stop]


def test_a_file_is_read_like_bytes(tmp_path: Path) -> None:
    """In any order of offsets."""
    path = tmp_path / "file"
    path.write_bytes(CONTENT)
    with file_reader(path) as read:
        for start, stop in ((1000, 1010), (0, 3), (5, 5), (9, 4), (1020, 2000), (5000, 5001)):
            assert read(start, stop) == bytes_reader(CONTENT)(start, stop)
