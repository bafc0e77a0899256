from __future__ import annotations

from collections.abc import Callable

import pytest

from edi.kinds import kind_of


@pytest.mark.parametrize(("kind", "expected"), [("837P", "837"), ("837I", "837"), ("834", "834")])
def test_the_first_group_tells_the_kind(file_of: Callable[..., bytes], kind: str, expected: str) -> None:
    """GS01 decides, whatever stands before the ISA."""
    assert kind_of(file_of(kind)) == expected
    assert kind_of(b"\xef\xbb\xbf\n" + file_of(kind)) == expected
    assert kind_of(file_of(kind).replace(b"005010", b"004010")) == expected


@pytest.mark.parametrize("data", [b"", b"HELLO", b"ISA*", b"ISA*00*          *00*"])
def test_what_cannot_be_told_is_other(data: bytes) -> None:
    """No exception, no guess."""
    assert kind_of(data) == "other"


def test_acknowledgments_are_other(file_of: Callable[..., bytes]) -> None:
    """A file that is neither enrolment nor claims, or has no group at all."""
    data = file_of("834")
    assert kind_of(data.replace(b"GS*BE", b"GS*FA")) == "other"
    assert kind_of(data[:106] + b"TA1*1~IEA*0*000000101~") == "other"


def test_an_acknowledgment_before_it_hides_no_group(file_of: Callable[..., bytes]) -> None:
    """The first group of enrolment or claims tells, in whatever interchange it stands."""
    data = file_of("834")
    acknowledgment = b"GS*FA*CLEARING*PLAN*20250301*0915*6*X*005010X231A1~GE*0*6~"
    assert kind_of(data.replace(b"GS*BE", acknowledgment + b"GS*BE")) == "834"
    assert kind_of(data[:106] + acknowledgment + b"IEA*1*000000101~\n" + data) == "834"
