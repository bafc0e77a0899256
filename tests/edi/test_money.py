from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.money import from_cents, to_cents


@given(st.integers(-(10**15), 10**15))
def test_cents_survive_x12(cents: int) -> None:
    """Reading back what was written gives the same cents, whatever they are."""
    assert to_cents(from_cents(cents)) == cents


@pytest.mark.parametrize(
    ("cents", "text"),
    [(18250, "182.5"), (500, "5"), (5, "0.05"), (-1, "-0.01"), (0, "0"), (-250, "-2.5"), (100001, "1000.01")],
)
def test_the_shortest_form_is_written(cents: int, text: str) -> None:
    """X12 suppresses trailing zeros and the point after them."""
    assert from_cents(cents) == text


@pytest.mark.parametrize(("text", "cents"), [(".5", 50), ("1.500", 150), ("-.25", -25), ("007", 700), ("-0", 0)])
def test_every_right_form_is_read(text: str, cents: int) -> None:
    """Leading zeros and zeros after the second place change nothing."""
    assert to_cents(text) == cents


@pytest.mark.parametrize("text", ["", "-", ".", "1.", "1.001", "+1", "1e3", "1,000", " 1", "٣", "1" * 19])
def test_what_is_no_amount_is_refused_without_being_shown(text: str) -> None:
    """No rounding, no guessing, and no value in the message."""
    with pytest.raises(ValueError, match="amount") as caught:
        to_cents(text)
    assert not text.strip("-.") or text not in str(caught.value)
