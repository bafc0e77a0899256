"""`edi member`: coverage under a number, as of a day and as known on a day."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from loaders.coverage_reads import RecordedSpan
from loaders.warehouse import open_warehouse
from pipeline.command import main
from pipeline.member_timeline import WIDTH, draw, pointer, scale_of
from tests.loaders.enrolling import JAN, MAR_31, child, gold, member
from tests.loaders.intake import Intake

DEMO = Path(__file__).parents[2] / "examples" / "demo" / "config"

Edi = Callable[..., tuple[int, str, str]]


@pytest.fixture
def edi(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    fresh_database: Callable[[], str],
) -> Edi:
    """The program on a warehouse in which a subscriber's coverage was ended in April, and a child's was not."""
    url = fresh_database()
    monkeypatch.setenv("EDI_CONFIG", str(DEMO))
    monkeypatch.setenv("EDI_VAR", str(tmp_path / "var"))
    monkeypatch.setenv("EDI_WAREHOUSE_URL", url)
    warehouse = open_warehouse(url)
    intake = Intake(warehouse)
    intake.enroll(
        member("021", gold(JAN, tier="FAM")),
        member("021", gold(JAN), **child()),
        arrived_at=datetime(2026, 1, 5, 12, tzinfo=UTC),
    )
    intake.enroll(member("024", gold(end=MAR_31)), arrived_at=datetime(2026, 4, 5, 12, tzinfo=UTC))
    warehouse.close()

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["edi", "member", *words])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return run


def report(outcome: tuple[int, str, str]) -> dict[str, Any]:
    """What was printed for a program."""
    code, out, err = outcome
    assert (code, err) == (0, "")
    read: dict[str, Any] = json.loads(out)
    return read


@pytest.mark.parametrize(
    ("words", "covered", "superseded"),
    [
        pytest.param(("--as-known", "2026-04-04"), True, 0, id="before-the-end-was-known"),
        pytest.param(("--as-known", "2026-04-05"), False, 1, id="on-the-day-of-the-file"),
        pytest.param((), False, 1, id="now"),
        pytest.param(("--as-known", "9999-12-31"), False, 1, id="on-the-last-of-all-days"),
    ],
)
def test_a_day_is_shown_as_it_was_known(edi: Edi, words: tuple[str, ...], covered: bool, superseded: int) -> None:
    """The end of a day at the plan counts."""
    shown = report(edi("S1", "--on", "2026-06-15", *words, "--json"))
    assert (shown["subscriber_number"], shown["on"]) == ("S1", "2026-06-15")
    subscriber, dependant = shown["members"]
    assert [bool(one["covered"]) for one in (subscriber, dependant)] == [covered, covered]
    assert [len(one["superseded"]) for one in (subscriber, dependant)] == [superseded, superseded]
    assert subscriber["spans"][0]["last_day"] == (None if covered else "2026-03-31")


@pytest.mark.parametrize("columns", [40, 80, 160])
def test_no_day_is_cut_off_for_want_of_room(edi: Edi, monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    """A narrow screen gets shorter bars; where it fits into eighty columns, no line is longer."""
    monkeypatch.setenv("COLUMNS", str(columns))
    code, out, err = edi("S1", "--on", "2026-02-01")
    assert (code, err) == (0, "")
    for whole in ("2026-01-01 to 2026-03-31", "2026-01-01 to open", "by file 1", "until 2026-04-05 by file 2"):
        assert whole in out
    assert "…" not in out
    if columns >= 80:
        assert max(len(line.rstrip()) for line in out.splitlines()) <= columns


def test_people_see_a_timeline(edi: Edi, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is believed in full, what was believed before below it, and a pointer to the day."""
    monkeypatch.setenv("COLUMNS", "160")
    code, out, err = edi("S1", "--on", "2026-02-01")
    assert (code, err) == (0, "")
    assert "ANN (subscriber, group acme): covered by HLT gold FAM" in out
    assert "BEN (relationship 19, group acme): covered by HLT gold" in out
    assert out.count("█·") == 2
    assert out.count("░▶") == 2
    assert "▼ 2026-02-01" in out
    assert "until 2026-04-05 by file 2" in out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(("S9",), 4, id="nobody"),
        pytest.param(("S1", "--on", "tomorrow"), 2, id="no-day"),
        pytest.param(("S1", "--as-known", "2026-13-01"), 2, id="no-such-day"),
    ],
)
def test_what_cannot_be_shown_is_told(edi: Edi, words: tuple[str, ...], code: int) -> None:
    """By exit code."""
    assert edi(*words)[0] == code


def test_a_day_before_the_first_file_is_told_as_such(edi: Edi) -> None:
    """Somebody was enrolled under the number, later."""
    code, _, err = edi("S1", "--as-known", "2025-12-31")
    assert code == 4
    assert "on 2025-12-31" in err


def test_a_name_is_no_markup(edi: Edi) -> None:
    """Brackets and colons are shown as the file has them."""
    warehouse = open_warehouse(os.environ["EDI_WAREHOUSE_URL"])
    with warehouse.begin() as connection:
        connection.execute(text("update member set first_name = '[/b]:smile:[red]' where is_subscriber"))
    warehouse.close()
    code, out, err = edi("S1")
    assert (code, err) == (0, "")
    assert "[/b]:smile:[red] (subscriber" in out


def span(first: date, last: date | None, **values: object) -> RecordedSpan:
    """A span that is believed."""
    made: dict[str, Any] = {
        "span_id": 1,
        "member_id": 1,
        "insurance_line": "HLT",
        "plan_id": "gold",
        "tier": None,
        "is_cobra": False,
        "cobra_event": None,
        "continues_span_id": None,
        "first_day": first,
        "last_day": last,
        "recorded_at": datetime(2026, 1, 1, tzinfo=UTC),
        "file_id": 1,
        "superseded_at": None,
        "superseded_by": None,
        "is_believed": True,
    }
    return RecordedSpan(**{**made, **values})


@pytest.mark.parametrize(
    "spans",
    [
        pytest.param([], id="none"),
        pytest.param([span(JAN, JAN)], id="one-day"),
        pytest.param([span(date.min, None), span(JAN, date.max, is_cobra=True)], id="all-time"),
        pytest.param([span(JAN, MAR_31, is_believed=False), span(MAR_31, None)], id="two"),
    ],
)
@pytest.mark.parametrize("on", [JAN, date.min, date.max])
def test_a_bar_always_has_its_width(spans: list[RecordedSpan], on: date) -> None:
    """Whatever the days."""
    scale = scale_of(spans, on)
    rows = list(draw(spans, on, scale))
    assert [len(row.bar) for row in rows] == [WIDTH] * len(spans)
    assert "▼" in pointer(on, scale)
    assert len(pointer(on, scale)) <= WIDTH
    assert all(set(row.bar) - {"·"} for row in rows)
