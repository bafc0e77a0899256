from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.encodings import Encoding
from edi.scan import Scan
from edi.values import is_printable, measured_length

FileOf = Callable[..., bytes]
Scanner = Callable[..., Scan]
MEMBER = b"NM1*IL*1*DOE*"
NAME_LENGTH = 60
"""Of NM103."""


@pytest.mark.parametrize(
    ("name", "right_in"),
    [
        (b"DOE", {"ascii", "latin-1", "utf-8"}),
        (b"doe", {"ascii", "latin-1", "utf-8"}),
        (b"MU\xd1OZ", {"latin-1"}),
        ("MU\u00d1OZ".encode(), {"utf-8"}),
        ("M\u00fcller".encode(), {"latin-1", "utf-8"}),
        ("\u6bdb".encode() * NAME_LENGTH, {"utf-8"}),
        (b"\xa0DOE\xff", {"latin-1"}),
        (b"DOE\x80", set()),
        (b"DOE\x9f", set()),
        (b"\xc0\xafDOE", {"latin-1"}),
        (b"\xed\xa0\x80", set()),
        (b"\xf4\x90\x80\x80", set()),
        (b"DO\x7fE", set()),
        (b"DO\x07E", set()),
        ("DO\u00d1\tE".encode(), set()),
    ],
)
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_a_text_may_hold_what_its_encoding_has(
    scan: Scanner, file_of: FileOf, name: bytes, right_in: set[str], encoding: Encoding
) -> None:
    """Element error 6 for any other byte, and never for lower case."""
    data = file_of("837P").replace(MEMBER, b"NM1*IL*1*%s*" % name)
    codes = {one.code for one in scan(data, snip=2, encoding=encoding).findings}
    wrong = {"ELEMENT_CHARACTER"} if encoding not in right_in else set()
    assert codes - {"ELEMENT_LONG"} == wrong


@pytest.mark.parametrize(
    ("encoding", "characters", "right"),
    [
        ("utf-8", NAME_LENGTH, True),
        ("utf-8", NAME_LENGTH + 1, False),
        ("latin-1", NAME_LENGTH // 2, True),
        ("latin-1", NAME_LENGTH // 2 + 1, False),
    ],
)
def test_a_length_counts_what_the_encoding_counts(
    scan: Scanner, file_of: FileOf, encoding: Encoding, characters: int, right: bool
) -> None:
    """Characters under UTF-8, else bytes."""
    data = file_of("837P").replace(MEMBER, b"NM1*IL*1*%s*" % ("\u00e3" * characters).encode())
    expected = [] if right else ["ELEMENT_LONG"]
    assert [one.code for one in scan(data, snip=2, encoding=encoding).findings] == expected


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_only_texts_hold_more_than_ascii(scan: Scanner, file_of: FileOf, encoding: Encoding) -> None:
    """Codes, numbers and dates never do."""
    for old, new in ((b"CLM*PCN1*150.5*", b"CLM*PCN1*15\xc3\xb1*"), (b"*IL*62701~D", b"*I\xc3\xb1*62701~D")):
        findings = scan(file_of("837P").replace(old, new), snip=2, encoding=encoding).findings
        assert "ELEMENT_CHARACTER" in {one.code for one in findings}


@given(st.text(min_size=1))
def test_every_text_is_right_in_utf_8(text: str) -> None:
    """Unless a control character of ASCII is in it; its length is its number of characters."""
    sent = text.encode("utf-8", "replace").decode("latin-1")
    assert is_printable(sent, "AN", "utf-8") == all(" " <= character != "\x7f" for character in text)
    assert measured_length(sent, "AN", "utf-8") == len(text)


@given(st.binary(min_size=1))
def test_bytes_are_right_in_utf_8_when_they_decode(data: bytes) -> None:
    """No overlong forms, no surrogates, nothing cut off."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = "\x00"
    expected = all(" " <= character != "\x7f" for character in text)
    assert is_printable(data.decode("latin-1"), "AN", "utf-8") == expected
