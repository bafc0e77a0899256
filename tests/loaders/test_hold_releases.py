"""A release allows what was seen, as it was or less of it."""

from __future__ import annotations

from typing import Any

import pytest

from loaders.hold_releases import is_allowed

RETRO = {"group": "G", "members": 3, "earliest_end": "2026-01-31", "received": "2026-06-01", "max_retro_term_days": 60}
SWING = {"group": "G", "members": 50, "last_members": 100}
ABSENT = {"group": "G", "active": 100, "absent": 12}


@pytest.mark.parametrize(
    ("code", "seen", "change", "allowed"),
    [
        pytest.param("RETRO_TERMINATION", RETRO, {}, True, id="the-same"),
        pytest.param("RETRO_TERMINATION", RETRO, {"members": 2, "earliest_end": "2026-02-28"}, True, id="less"),
        pytest.param("RETRO_TERMINATION", RETRO, {"members": 4}, False, id="more-members"),
        pytest.param("RETRO_TERMINATION", RETRO, {"earliest_end": "2025-12-31"}, False, id="further-back"),
        pytest.param("RETRO_TERMINATION", RETRO, {"group": "H"}, False, id="another-group"),
        pytest.param("RETRO_TERMINATION", RETRO, {"claims": 1}, False, id="a-figure-that-nobody-saw"),
        pytest.param("COUNT_SWING", SWING, {"members": 40}, False, id="fewer-is-another-swing"),
        pytest.param("COUNT_SWING", SWING, {"last_members": 101}, False, id="measured-by-another-roster"),
        pytest.param("ABSENCE_THRESHOLD", ABSENT, {"absent": 11, "active": 90}, True, id="fewer-absent"),
        pytest.param("ABSENCE_THRESHOLD", ABSENT, {"absent": 13, "active": 900}, False, id="more-absent-of-many"),
    ],
)
def test_what_a_release_allows(code: str, seen: dict[str, Any], change: dict[str, Any], *, allowed: bool) -> None:
    """Figures of now against those that were seen."""
    assert is_allowed(code, {**seen, **change}, [("SPONSOR_UNKNOWN", seen), (code, seen)]) == allowed


def test_no_code_allows_another() -> None:
    """Whatever the figures."""
    assert not is_allowed("RETRO_TERMINATION", RETRO, [("ABSENCE_THRESHOLD", RETRO)])
