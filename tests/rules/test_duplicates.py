"""The same bill twice is paid once."""

from __future__ import annotations

from tests.rules.bills import CORRECTION, decide_one


def test_an_exact_duplicate_is_denied() -> None:
    """OA 18 on an original claim that equals a finalised one."""
    decided = decide_one({"is_duplicate": True, "received_date": "2030-01-01"})
    assert (decided.outcome, decided.codes) == ("denied", ["OA 18"])


def test_a_correction_is_no_duplicate() -> None:
    """A 7 is compared with its own family by its fingerprint, not as a duplicate."""
    assert decide_one(CORRECTION | {"is_duplicate": True}).outcome == "paid"
