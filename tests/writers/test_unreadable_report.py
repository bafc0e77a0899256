"""A letter says what happened and what to do, and quotes nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from edi.finding_codes import CODES
from tests.writers.remittances import PAYER
from writers.unreadable_report import unreadable_report

DAY = date(2026, 6, 1)


def test_the_whole_letter() -> None:
    """For a file that is no X12."""
    payer = replace(PAYER, name="HEALTH PLAN", technical_contact_name="EDI DESK", technical_contact_phone="5550100100")
    assert unreadable_report("NOT_X12", 7, DAY, payer).decode("ascii").split("\r\n") == [
        "HEALTH PLAN: a file could not be read",
        "",
        "Our reference   file 7",
        "Received        2026-06-01",
        "Reason          no ISA segment where one must start",
        "Code            NOT_X12",
        "",
        "Nothing of it was processed, and no TA1 or 999 could be written because it has no header that can be",
        "answered. Its arrival does not count as receipt of any claim in it.",
        "",
        "What to do: check that the file is a whole X12 interchange, beginning with ISA and ending with IEA,",
        "then send it again under a new interchange control number.",
        "Questions: EDI DESK, telephone 5550100100.",
        "",
    ]


def test_one_interchange_among_others_is_named_by_its_place() -> None:
    """The rest of the file was read: the letter is not about it."""
    lines = unreadable_report("INTERCHANGE_HEADER_BROKEN", 7, DAY, PAYER, 2).decode("ascii").split("\r\n")
    assert lines[0].endswith(": an interchange could not be read")
    assert lines[2] == "Our reference   file 7, interchange 2 in it"


@pytest.mark.parametrize("code", [code for code, about in CODES.items() if about.level == "interchange"])
def test_every_fault_of_an_interchange_can_be_told(code: str) -> None:
    """In plain ASCII lines of a width that every mail program shows."""
    lines = unreadable_report(code, 123456, DAY, PAYER).decode("ascii").split("\r\n")
    assert max(map(len, lines)) <= 110
    assert any(code in line for line in lines)


def test_same_arguments_same_bytes() -> None:
    """A repeated run sends what it sent before."""
    assert unreadable_report("NOT_X12", 7, DAY, PAYER) == unreadable_report("NOT_X12", 7, DAY, PAYER)
