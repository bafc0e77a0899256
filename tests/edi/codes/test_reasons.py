"""Reasons and remarks that may be said: the plan's lists know best, and without them not just anything goes."""

from __future__ import annotations

from datetime import date

import pytest

from edi.codes.lists import ALWAYS
from edi.codes.reasons import ReasonCodes, reason_codes
from rules.decision_laws import ALERTS, FORCED_GROUPS, NEED_REMARK
from writers import reasons

TODAY = date(2026, 6, 1)
BARE = reason_codes(None)
LISTED = reason_codes(
    {
        "adjustment_reason": {"45": (ALWAYS,), "50": ((20000101, 20260531),), "400": ((20260602, ALWAYS[1]),)},
        "remark": {"N115": (ALWAYS,), "N999": (ALWAYS,)},
    }
)


@pytest.mark.parametrize(
    ("codes", "reason", "told"),
    [
        pytest.param(BARE, "45", None, id="numbered"),
        pytest.param(BARE, "B13", None, id="with a letter"),
        pytest.param(BARE, "999", "CARC 999 is unknown: say another, or load", id="beyond the numbers"),
        pytest.param(BARE, "045", "CARC 045 is unknown", id="a zero before"),
        pytest.param(LISTED, "45", None, id="in the plan's list"),
        pytest.param(LISTED, "96", "CARC 96 is in no list", id="not in it"),
        pytest.param(LISTED, "50", "CARC 50 is not valid on 2026-06-01", id="no longer valid"),
        pytest.param(LISTED, "400", "list in force: `edi codes import adjustment_reason FILE`", id="not yet"),
    ],
)
def test_reasons(codes: ReasonCodes, reason: str, told: str | None) -> None:
    """And what to do where one may not be said."""
    fault = codes.reasons.fault(reason, TODAY)
    assert fault is None if told is None else told in str(fault)


def test_remarks() -> None:
    """By the list that the guides know, until the plan brings its own."""
    assert BARE.remarks.fault("N115", TODAY) is None
    assert "edi codes import remark FILE" in str(BARE.remarks.fault("N999", TODAY))
    assert LISTED.remarks.fault("N999") is None
    assert LISTED.remarks.fault("N130") is not None


def test_what_we_say_ourselves_is_known() -> None:
    """The laws and the words of statements name no code that a person may not say."""
    said = {*reasons.ADJUSTMENTS, *FORCED_GROUPS, *NEED_REMARK}
    assert [code for code in sorted(said) if BARE.reasons.fault(code)] == []
    assert [code for code in sorted({*reasons.REMARKS, *ALERTS}) if BARE.remarks.fault(code)] == []
