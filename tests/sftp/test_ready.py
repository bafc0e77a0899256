"""The readiness rule and the instant of arrival."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sftp.ready import LEAST_GAP, arrival, readiness

NOON = datetime(2026, 6, 8, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants them naive


def test_the_first_look_never_takes_a_file() -> None:
    """Nobody knows yet whether it stands still."""
    assert readiness(NOON, NOON) == "STILL_ARRIVING"


def test_a_file_that_stood_still_between_two_looks_is_ready() -> None:
    """The second look is enough."""
    assert readiness(NOON, NOON + MINUTE) == "ready"


def test_two_looks_within_moments_are_one() -> None:
    """A task tried again at once must not mistake a stalled upload for a finished one."""
    assert readiness(NOON, NOON + LEAST_GAP / 2) == "STILL_ARRIVING"
    assert readiness(NOON, NOON + LEAST_GAP) == "ready"


def test_where_a_marker_was_agreed_it_decides_alone() -> None:
    """There at the first look: ready. Missing after many looks: not."""
    assert readiness(NOON, NOON, marked=True) == "ready"
    assert readiness(NOON, NOON + 100 * MINUTE, marked=False) == "NO_MARKER"


@pytest.mark.parametrize(
    ("mtime", "not_before", "expected"),
    [
        (NOON - MINUTE, NOON - 5 * MINUTE, NOON - MINUTE),
        (NOON - 60 * MINUTE, NOON - 5 * MINUTE, NOON - 5 * MINUTE),
        (NOON + 60 * MINUTE, NOON - 5 * MINUTE, NOON),
        (NOON - 60 * MINUTE, None, NOON - 60 * MINUTE),
        (NOON + 60 * MINUTE, None, NOON),
    ],
    ids=[
        "between the looks: as the server says",
        "an uploader that keeps old times: the look before",
        "a clock that runs ahead: this look",
        "the first look ever: as the server says",
        "the first look ever, in the future: this look",
    ],
)
def test_arrival_is_the_mtime_held_between_the_looks(
    mtime: datetime, not_before: datetime | None, expected: datetime
) -> None:
    """domain.md 4.6: the instant at which the file reached the plan's SFTP."""
    assert arrival(mtime, NOON, not_before) == expected


@given(INSTANTS, INSTANTS, st.one_of(st.none(), INSTANTS))
def test_nothing_arrives_after_it_was_seen(
    mtime: datetime, first_seen_at: datetime, not_before: datetime | None
) -> None:
    """Whatever clocks say; even when our own went backwards."""
    assert arrival(mtime, first_seen_at, not_before) <= first_seen_at
