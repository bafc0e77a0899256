from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.business.forms import FORMS, SHAPES, Shape, is_npi, read_shape


@pytest.mark.parametrize("number", ["1234567893", "1245319599", "1003000126", "2000000002"])
def test_a_right_npi_is_taken(number: str) -> None:
    """The published example 1234567893, and others whose check digit was worked out by hand."""
    assert is_npi(number)


@pytest.mark.parametrize(
    "number",
    ["1234567890", "123456789", "12345678933", "3234567899", "0234567894", "123456789A", "", "123456789\uff13"],
)
def test_a_wrong_npi_is_not(number: str) -> None:
    """Wrong check digit, length, first digit, or no digits."""
    assert not is_npi(number)


@given(st.integers(100_000_000, 299_999_999))
def test_of_ten_last_digits_one_is_right(first_nine: int) -> None:
    """Luhn: for any nine digits there is exactly one check digit."""
    assert sum(is_npi(f"{first_nine}{digit}") for digit in range(10)) == 1


@given(st.integers(100_000_000, 299_999_999), st.integers(0, 9), st.integers(1, 9))
def test_any_one_wrong_digit_is_noticed(first_nine: int, place: int, change: int) -> None:
    """A single slip never makes another right number."""
    right = next(f"{first_nine}{digit}" for digit in range(10) if is_npi(f"{first_nine}{digit}"))
    wrong = f"{right[:place]}{(int(right[place]) + change) % 10}{right[place + 1 :]}"
    assert not is_npi(wrong)


RIGHT = {
    "tax id": ("123456780",),
    "routing number": ("011000015", "021000021"),
    "forward range": ("20250101-20250101", "20250101-20250102", "20250101", "nothing-like-a-range"),
    "taxonomy": ("207Q00000X", "363LF0000X", "203BF0100Y"),
    "postal code": ("62701", "627010001"),
    "ICD-10-CM": ("J45909", "I10", "U071", "S93401A", "C7A00", "M1A00X0"),
    "ICD-9-CM": ("4019", "25000", "V700", "E8859", "042"),
    "ICD-10-PCS": ("0DTJ4ZZ", "02703DZ"),
    "ICD-9 procedure": ("4709", "99"),
    "HCPCS": ("99213", "0001F", "J1885", "G0008", "0042T"),
    "CPT": ("99213", "0001F"),
    "HCPCS level II": ("J1885",),
    "CDT": ("D2150",),
    "HIPPS": ("AAA00", "1AFKS"),
    "revenue code": ("0120", "0001"),
    "NDC": ("00093005801",),
    "DRG": ("470", "7201"),
    "two": ("A1", "42", "GT"),
    "two digits": ("01",),
    "one": ("1", "A"),
    "adjustment reason": ("1", "45", "253", "A1", "B22", "P12"),
    "remark": ("M1", "MA130", "N130", "N822"),
    "tooth": ("1", "09", "32", "A", "T", "51", "82", "AS"),
    "oral cavity": ("00", "10", "1", "L"),
    "language": ("ES", "spa"),
}
WRONG = {
    "tax id": ("12-3456780", "000000000", "12345678"),
    "routing number": ("011000016", "01100001"),
    "forward range": ("20250102-20250101",),
    "taxonomy": ("207Q", "207Q000001"),
    "postal code": ("6270", "62701-0001", "A1B2C3"),
    "ICD-10-CM": ("J45.909", "4019", "J4", "J459099X"),
    "ICD-9-CM": ("401.9", "J45909", "40"),
    "ICD-10-PCS": ("0DTJ4ZO", "0DTJ4Z", "0DTJ4ZI"),
    "ICD-9 procedure": ("47.09", "47091"),
    "HCPCS": ("9921", "992133", "9921-"),
    "CPT": ("J1885",),
    "HCPCS level II": ("99213",),
    "CDT": ("02150", "D215"),
    "HIPPS": ("AAA0", "AAA00-"),
    "revenue code": ("120", "00120"),
    "NDC": ("0009300580", "00093-0058-01"),
    "DRG": ("47", "A70"),
    "two": ("A", "A1A", "a1"),
    "two digits": ("1", "0A"),
    "one": ("11", "-"),
    "adjustment reason": ("CO45", "1234", "A", "PR1"),
    "remark": ("130", "X130", "MB1", "N"),
    "tooth": ("0", "33", "50", "83", "U", "A1"),
    "oral cavity": ("100", "X"),
    "language": ("E", "ES-MX"),
}


@pytest.mark.parametrize("name", [name for name in FORMS if name != "npi"])
def test_a_form_takes_its_own_and_no_other(name: str) -> None:
    """Codes of each set, and what senders write instead."""
    assert all(FORMS[name](text) for text in RIGHT[name])
    assert not any(FORMS[name](text) for text in WRONG[name])


@pytest.mark.parametrize("text", [text for texts in SHAPES.values() for text in texts])
def test_a_shape_reads_as_the_regular_expression_that_it_is(text: str) -> None:
    """What the compiled scanner is given means the same: at each place the same characters, and as many places."""
    shape = read_shape(text)
    pattern = re.compile(text)
    for length in range(1, len(shape.characters) + 2):
        first = "".join(min(characters) for characters in shape.characters[:length])
        last = "".join(max(characters) for characters in shape.characters[:length])
        for example in (first, last, first + "!"):
            assert _fits(shape, example) == (pattern.fullmatch(example) is not None)


@pytest.mark.parametrize("text", ["[A-Z]?[0-9]", "(", "A|B", "[0-9]{1,2}X"])
def test_what_is_no_shape_is_refused(text: str) -> None:
    """A place that must be filled never stands behind one that may be empty."""
    with pytest.raises(ValueError, match="no shape"):
        read_shape(text)


def _fits(shape: Shape, text: str) -> bool:
    if not shape.least <= len(text) <= len(shape.characters):
        return False
    return all(character in characters for character, characters in zip(text, shape.characters, strict=False))
