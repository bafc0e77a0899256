from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edi.archived import bytes_reader
from edi.delimiters import DEFAULT, Delimiters
from edi.writer import write_segment
from writers.quoting import Quoting


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(b"A*B", id="our element separator"),
        pytest.param(b"A:B", id="our component separator"),
        pytest.param(b"A^B", id="our repetition separator"),
        pytest.param(b"A~B", id="our terminator"),
        pytest.param(b"A\x01B", id="a control character"),
        pytest.param(b"A\xe9B", id="a letter beyond ASCII"),
        pytest.param(b" AB", id="a blank before it"),
        pytest.param(b"AB ", id="a blank behind it"),
        pytest.param(b"", id="nothing"),
        pytest.param(b"9" * 100, id="longer than the element"),
    ],
)
def test_what_a_999_cannot_hold_as_it_stands_is_not_repeated(value: bytes) -> None:
    """Neither cut nor changed: half a number is another number."""
    quoting = Quoting(bytes_reader(value), bad_data=True)
    assert quoting.business_unit(0, len(value)) == quoting.value(0, len(value)) == ""


def test_each_place_has_its_own_length() -> None:
    """35 characters in CTX01-2, 99 in IK404."""
    quoting = Quoting(bytes_reader(b"9" * 99), bad_data=True)
    assert (quoting.business_unit(0, 35), quoting.business_unit(0, 36)) == ("9" * 35, "")
    assert quoting.value(0, 99) == "9" * 99


def test_values_are_kept_back_unless_somebody_said_otherwise() -> None:
    """Claim numbers are the sender's own; values may be health data."""
    quoting = Quoting(bytes_reader(b"SECRET"))
    assert (quoting.business_unit(0, 6), quoting.value(0, 6)) == ("SECRET", "")
    assert Quoting(bytes_reader(b"SECRET"), claim_numbers=False).business_unit(0, 6) == ""


@settings(deadline=None)
@given(st.binary(max_size=40), st.sampled_from([DEFAULT, Delimiters("|", ">", "]", "\\")]))
def test_what_is_repeated_can_be_written_and_is_what_was_sent(value: bytes, delimiters: Delimiters) -> None:
    """Whatever the bytes are."""
    quoted = Quoting(bytes_reader(value), bad_data=True).value(0, len(value), delimiters)
    if quoted:
        assert quoted.encode("ascii") == value
        written = write_segment(("IK4", "1", "", "7", quoted), delimiters)
        assert written == delimiters.element.join(("IK4", "1", "", "7", quoted)) + delimiters.segment
