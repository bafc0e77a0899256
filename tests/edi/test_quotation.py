from __future__ import annotations

import pytest

from edi.quotation import group_quotable, interchange_quotable, parties_quotable, quotable, set_quotable


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param("AB", True, id="as long as it must be"),
        pytest.param("A", False, id="too short"),
        pytest.param("ABCDE", False, id="too long"),
        pytest.param("ABCD   ", True, id="blanks at the end do not count"),
        pytest.param("    ", False, id="nothing but blanks"),
        pytest.param("A\nB", False, id="a control character"),
        pytest.param("A\xe9", False, id="a character beyond ASCII"),
        pytest.param("a~B", True, id="a separator, which others can stand in for"),
    ],
)
def test_a_value_fits_its_element(value: str, expected: bool) -> None:
    """Lengths without trailing blanks, printable ASCII."""
    assert quotable(value, (2, 4)) is expected


def test_parties_need_qualifier_and_id() -> None:
    """Of both sides."""
    assert parties_quotable("ZZ", "ACME", "30", "PLAN")
    assert not parties_quotable("Z", "ACME", "30", "PLAN")
    assert not parties_quotable("ZZ", "ACME", "30", " ")


def test_an_interchange_needs_date_time_and_number() -> None:
    """ISA09, ISA10, ISA13; a leap day is a date only in a leap year."""
    assert interchange_quotable("240229", "2359", "000000001")
    assert not interchange_quotable("250229", "2359", "000000001")
    assert not interchange_quotable("240229", "2360", "000000001")
    assert not interchange_quotable("240229", "2359", "1")


def test_a_group_needs_what_ak1_holds_and_somebody_to_go_to() -> None:
    """GS01 of AK101's list, GS02 and GS03, GS06 of one to nine digits, GS08."""
    right = ("HC", "SENDER", "PLAN", "17", "005010X222A1")
    assert group_quotable(*right)
    for place, wrong in enumerate(("PO", "S", "", "1234567890", "")):
        changed = list(right)
        changed[place] = wrong
        assert not group_quotable(*changed)


def test_a_set_needs_what_ak2_holds() -> None:
    """ST01 of AK201's list, ST02 of four to nine characters."""
    assert set_quotable("837", "0001")
    assert not set_quotable("850", "0001")
    assert not set_quotable("837", "001")
