"""The letter about a file that was read, and of which nothing was applied."""

from __future__ import annotations

from datetime import date

from pipeline.configuration import load_configuration
from tests.pipeline.plan import DEMO
from writers.refused_report import OTHER, REASONS, WIDTH, refused_report

RECEIVED = date(2026, 6, 1)


def test_each_reason_is_told_once_in_short_lines_of_ascii() -> None:
    """With our number of the file, and whom to call."""
    payer = load_configuration(DEMO / "config").payer
    letter = refused_report(["ROSTER_OUT_OF_ORDER", *REASONS], 7, RECEIVED, payer).decode("ascii")
    assert letter.count("- It is a full roster older") == 1
    assert letter.count("\r\n- ") == len(REASONS)
    assert all(len(line) <= WIDTH + len("- ") for line in letter.split("\r\n"))
    assert "Our reference   file 7\r\nReceived        2026-06-01\r\n" in letter
    assert payer.technical_contact_phone in letter


def test_a_reason_of_our_own_is_not_told() -> None:
    """What only we understand becomes a request to call."""
    payer = load_configuration(DEMO / "config").payer
    assert OTHER.encode() in refused_report(["SOMETHING_ELSE"], 7, RECEIVED, payer)
