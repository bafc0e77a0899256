from __future__ import annotations

import pytest

from edi.finding_codes import CODES
from edi.findings import CODE_NUMBERS
from rules.code_facts import REFUSES, SPOILS, TELLS, WARNS, code_facts, told_codes

STANDARD = {"1", "2", "3", "4", "5", "6", "7", "18", "19", "23", "I5", "I6"}


def facts_of(code: str, severity: str) -> int:
    """What one finding of this code means, where the partner calls it this."""
    return int(code_facts({code: severity}).facts[CODE_NUMBERS[code]])


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_its_meaning_under_every_severity(code: str) -> None:
    """Notes say nothing; business errors refuse no set; the IK502 told is one of the standard's."""
    known = CODES[code]
    assert facts_of(code, "note") == 0
    rejected = facts_of(code, "reject")
    assert rejected & REFUSES
    (told,) = told_codes(rejected, warnings=False)
    assert told in STANDARD
    assert known.ik502 is None or told == known.ik502
    error = facts_of(code, "error")
    if known.level == "business":
        assert error == 0
    else:
        assert bool(error & SPOILS) == (known.level != "set")
        assert bool(error & TELLS) == (known.level == "set")
        assert told_codes(error, warnings=False) == (told,)
    warning = facts_of(code, "warning")
    assert bool(warning & WARNS) == bool(known.ik304 or known.ik502)
    assert told_codes(warning, warnings=False) == ()


def test_what_is_wrong_with_the_set_comes_before_what_is_wrong_in_it() -> None:
    """IK502 to IK506: at most five, each once."""
    together = 0
    for code in ("ELEMENT_NOT_USED", "ELEMENT_CODE", "SEGMENT_COUNT_WRONG", "SET_TRAILER_MISSING", "SEGMENT_MISSING"):
        together |= facts_of(code, CODES[code].severity)
    assert told_codes(together, warnings=True) == ("2", "4", "5", "I5")
    for known in CODES.values():
        if known.level == "set":
            together |= facts_of(known.id, "reject")
    assert len(told_codes(together, warnings=True)) == 5


def test_warnings_are_told_where_they_are_wanted() -> None:
    """To partners who take sets with errors, or beside an error."""
    warned = facts_of("ELEMENT_NOT_USED", "warning") | facts_of("ELEMENT_CODE", "error")
    assert told_codes(warned, warnings=False) == ("5",)
    assert told_codes(warned, warnings=True) == ("5", "I5")
