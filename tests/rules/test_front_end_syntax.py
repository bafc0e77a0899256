from __future__ import annotations

import pytest

from edi.archived import bytes_reader
from edi.scanner import scan
from rules.acceptance import AcceptanceProfile, judge
from rules.front_end.syntax import refusals
from tests.rules.claim_files import CLEAN, Damage, damaged_claims

LENIENT = AcceptanceProfile("x", claim_syntax="accept_with_errors")
SERVICE = "SV1*HC:99213*100*UN*1***1"


def returned(damage: Damage) -> list[str]:
    """The statuses of the refused claims of a file of three, of which the second is damaged."""
    data = damaged_claims(CLEAN, damage, CLEAN)
    return [statuses for _, _, statuses in refusals(judge(scan(data), LENIENT, bytes_reader(data)))]


@pytest.mark.parametrize(
    ("damage", "statuses"),
    [
        pytest.param({SERVICE: "SV1*ZZ:99213*100*UN*1***1"}, "A3:684 A7:454", id="no such kind of code"),
        pytest.param({SERVICE: "SV1*HC*100*UN*1***1"}, "A3:684 A6:454", id="no procedure"),
        pytest.param({SERVICE: "SV1*HC:99213:X*100*UN*1***1"}, "A3:684 A7:453", id="modifier too short"),
        pytest.param({SERVICE: "SV1*HC:99213*100*QQ*1***1"}, "A3:684 A7:476", id="no such unit"),
        pytest.param({SERVICE: "SV1*HC:99213*1,0*UN*1***1"}, "A3:684 A7:178", id="charge is no number"),
        pytest.param({SERVICE: "SV1*HC:99213*100*UN*1***X"}, "A3:684 A7:477", id="pointer is no number"),
        pytest.param({"HI*ABK:J020": "HI*ABK"}, "A3:684 A6:255", id="no diagnosis"),
        pytest.param(
            {SERVICE: "SV1*HC*100*QQ*1***X", "HI*ABK:J020": "HI*ABK"}, "A3:684 A6:255 A6:454", id="the first two"
        ),
        pytest.param({"LX*1": "LX*1*9"}, "A3:684 A7:21", id="what has no status of its own: 21, not alone"),
    ],
)
def test_an_error_is_returned_as_684_and_its_own_status(damage: Damage, statuses: str) -> None:
    """domain.md 1.5; vector T19."""
    assert returned(damage) == [statuses]


def test_clean_claims_are_not_returned() -> None:
    """Nothing is said of them."""
    assert returned(CLEAN) == []
