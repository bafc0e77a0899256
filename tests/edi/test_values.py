from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edi.guides.library import CATALOGUE, default_library
from edi.guides.node import ElementSpecification, SegmentNode
from edi.money import to_cents
from edi.values import (
    fault_of_amount,
    fault_of_format,
    fault_of_type,
    is_date,
    is_decimal,
    is_number,
    is_time,
    measured_length,
)


@pytest.mark.parametrize(
    ("text", "right"), [("0", True), ("-12", True), ("", False), ("1.0", False), ("-", False), ("٣", False)]
)
def test_numbers_of_type_n(text: str, right: bool) -> None:
    """Digits, perhaps after a minus."""
    assert is_number(text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("1", True),
        ("-1.5", True),
        (".5", True),
        ("1.", False),
        (".", False),
        ("-", False),
        ("1e3", False),
        ("+1", False),
    ],
)
def test_numbers_of_type_r(text: str, right: bool) -> None:
    """A point only with digits after it; no exponent, no plus."""
    assert is_decimal(text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("20240229", True),
        ("20250229", False),
        ("250228", True),
        ("202502282359", True),
        ("202502282460", False),
        ("17991231", False),
        ("2025022", False),
    ],
)
def test_dates(text: str, right: bool) -> None:
    """YYMMDD, CCYYMMDD and CCYYMMDDHHMM that the calendar has, since 1800."""
    assert is_date(text) == right


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("0000", True),
        ("2359", True),
        ("2400", False),
        ("1260", False),
        ("123059", True),
        ("12305999", True),
        ("12306", False),
    ],
)
def test_times(text: str, right: bool) -> None:
    """HHMM, with seconds, with their hundredths."""
    assert is_time(text) == right


@pytest.mark.parametrize(
    ("text", "qualifier", "fault"),
    [
        ("20250101", "D8", None),
        ("20250101-20250102", "D8", "ELEMENT_DATE"),
        ("20250101-20250102", "RD8", None),
        ("20250101", "RD8", "ELEMENT_DATE"),
        ("20250101-20250132", "RD8", "ELEMENT_DATE"),
        ("202501011230", "DT", None),
        ("202501012530", "DT", "ELEMENT_DATE"),
        ("20250101", "DT", "ELEMENT_DATE"),
        ("1230", "TM", None),
        ("1290", "TM", "ELEMENT_TIME"),
        ("123015", "TM", "ELEMENT_TIME"),
        ("250101", "D6", None),
        ("anything", "XX", None),
    ],
)
def test_a_date_has_the_form_its_qualifier_names(text: str, qualifier: str, fault: str | None) -> None:
    """Data element 1251 is held to its own 1250."""
    assert fault_of_format(text, qualifier) == fault


def test_sign_and_point_of_a_number_have_no_length() -> None:
    """X12 counts the digits of a number only."""
    assert (measured_length("-12.50", "R"), measured_length("-1", "N0"), measured_length("-1.5", "AN")) == (4, 1, 4)


@pytest.mark.parametrize(
    ("text", "minimum", "fault"), [("A ", 1, "ELEMENT_CHARACTER"), ("A ", 2, None), (" A", 1, None)]
)
def test_trailing_blanks_only_fill_the_least_length(text: str, minimum: int, fault: str | None) -> None:
    """A blank at the end of a text is padding, which only a short text may need."""
    assert fault_of_type(text, "AN", minimum) == fault


@given(st.decimals(-(10**17), 10**17, allow_nan=False, places=4).map(lambda number: f"{number:f}"))
def test_an_amount_is_right_exactly_when_it_can_be_kept(text: str) -> None:
    """What passes as an amount is read as cents; nothing that passes can turn into a charge of nothing."""
    assert (fault_of_amount(text) is None) == _is_kept(text)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("150.500", None),
        ("150.505", "ELEMENT_CHARACTER"),
        ("9999999999999999.99", None),
        ("99999999999999999", "ELEMENT_LONG"),
        ("1e5", None),
    ],
)
def test_the_fault_of_an_amount(text: str, fault: str | None) -> None:
    """Fractions of a cent are not rounded, and more cents than we can count are too long; no number is no amount."""
    assert fault_of_amount(text) == fault


def _is_kept(text: str) -> bool:
    try:
        to_cents(text)
    except ValueError:
        return False
    return True


def _named_formats(elements: Sequence[ElementSpecification]) -> Iterator[str]:
    for element in elements:
        yield from _named_formats(element.components)
        if element.data_element == "1250":
            yield from element.codes


@pytest.mark.parametrize("guide_id", CATALOGUE)
def test_every_format_that_a_guide_names_is_checked(guide_id: str) -> None:
    """No code of data element 1250 in a guide leaves its date or time unchecked."""
    guide = default_library().find("00501", CATALOGUE[guide_id].functional_id, guide_id)
    assert guide
    segments = [node for node in guide.nodes if isinstance(node, SegmentNode)]
    for named in {code for node in segments for code in _named_formats(node.elements)}:
        assert fault_of_format("no date", named)
