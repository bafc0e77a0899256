"""What keeps a run from being released, told by claim number and line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd
import pytest

from edi.payment_run import PaymentRun
from rules.payments.compose import compose
from rules.payments.faults import faults
from tests.rules.payments.weeks import TERMS, Row, adjusted, claim, due, line, worked_example

NUMBER = 26170000001
RECEIVED = "2026-06-01"


def week(*adjustments: Row, remarks: Sequence[Row] = (), **other: object) -> PaymentRun:
    """A claim of two lines of 100.00, adjusted so and otherwise paid."""
    taken = [sum(each["amount_cents"] for each in adjustments if each["line_number"] == place) for place in (0, 1, 2)]
    share = sum(each["amount_cents"] for each in adjustments if each["group_code"] == "PR")
    lines = [line(NUMBER, "99213", RECEIVED, 10_000, 10_000 - taken[place], None, f"L{place}") for place in (1, 2)]
    made = claim(NUMBER, "A", RECEIVED, 20_000, 20_000 - sum(taken), share) | other
    return compose(due([made], lines, adjustments, remarks), TERMS).run


def told(run: PaymentRun, listed: pd.DataFrame | None = None) -> list[tuple[str, str, int]]:
    """Laws with claim numbers and lines."""
    return [(each.law, each.claim_number, each.line_number) for each in faults(run, listed)]


def combinations(*rows: tuple[str, str, str | None], through: str | None = None) -> pd.DataFrame:
    """CORE's list, as it is loaded."""
    listed = pd.DataFrame(rows, columns=["group_code", "reason_code", "remark_code"])
    day = pd.Series(pd.Timestamp("2026-01-01"), listed.index).astype("datetime64[s]")
    last = pd.Series(pd.Timestamp(through) if through else pd.NaT, listed.index).astype("datetime64[s]")
    return listed.assign(effective_from=day, effective_through=last)


def remark(place: int, code: str) -> Row:
    """A remark."""
    return {"claim_id": NUMBER, "line_number": place, "remark_code": code}


@pytest.mark.parametrize(
    ("adjustments", "remarks", "expected"),
    [
        ([(2, "CO 18", 500)], [], [("reason 18 goes with group OA", 2)]),
        ([(1, "CO 16", 10_000)], [], [("a reason that says nothing alone has a remark that is no alert", 1)]),
        (
            [(1, "CO 16", 10_000)],
            [(1, "N210")],
            [("a reason that says nothing alone has a remark that is no alert", 1)],
        ),
        ([(1, "CO 16", 10_000)], [(1, "N56")], []),
        ([(2, "CO 45", 10_000)], [], [("reason 45 never takes the whole charge", 2)]),
        ([(0, "CO 45", 20_000)], [], [("reason 45 never takes the whole charge", 0)]),
        ([(0, "CO 45", 15_000)], [], []),
        ([(0, "CO 252", 100)], [(0, "N479")], []),
        ([(1, "OA 133", 100)], [], [("no line is left pending in a decided claim", 1)]),
    ],
)
def test_codes_are_looked_at_line_by_line(
    adjustments: list[tuple[int, str, int]], remarks: list[tuple[int, str]], expected: list[tuple[str, int]]
) -> None:
    """Groups that a reason forces, remarks that it needs: domain.md 8.1; of line 0 those of the whole claim."""
    run = week(
        *(adjusted(NUMBER, place, codes, cents) for place, codes, cents in adjustments),
        remarks=[remark(*each) for each in remarks],
    )
    assert told(run) == [(law, str(NUMBER), place) for law, place in expected]


def test_combinations_are_those_that_core_lists_on_the_day_of_production() -> None:
    """domain.md 8.3: a reason outside the list is free, an alert takes no part."""
    law = "the combination of group, reason and remark is one that CORE lists"
    run = week(
        adjusted(NUMBER, 1, "CO 16", 10_000),
        adjusted(NUMBER, 2, "PR 2", 100),
        remarks=[remark(1, "N56"), remark(1, "N211")],
    )
    assert told(run, combinations(("CO", "16", "N56"))) == []
    assert told(run, combinations(("CO", "16", "M76"))) == [(law, str(NUMBER), 1)]
    assert told(run, combinations(("PI", "16", "N56"))) == [(law, str(NUMBER), 1)]
    day = TERMS.production_date
    assert told(run, combinations(("CO", "16", "N56"), through=day.isoformat())) == []
    assert told(run, combinations(("CO", "16", "N56"), through=date(day.year, day.month, day.day - 1).isoformat()))


def test_a_reversal_repeats_codes_that_nobody_may_use_any_more() -> None:
    """RFI 2442: the original groups and reasons; only the correction is looked at."""
    old = NUMBER - 1
    corrected = claim(NUMBER, "A", RECEIVED, 10_000, 10_000, 0, reverses=old, original_claim_number=str(old))
    run = compose(
        due(
            [corrected],
            [line(NUMBER, "99213", RECEIVED, 10_000, 10_000, None, "L1")],
            [],
            sent=(
                [claim(old, "A", RECEIVED, 10_000, 0, 0)],
                [line(old, "99213", RECEIVED, 10_000, 0, None, "L1")],
                [adjusted(old, 1, "CO 45", 10_000)],
            ),
        ),
        TERMS,
    ).run
    assert told(run, combinations(("CO", "45", "N56"))) == []


def test_a_week_in_order_has_none_and_the_laws_of_money_are_asked_too() -> None:
    """The worked example may be released; a law of `edi.payment_balance` that is broken is told beside the others."""
    assert faults(compose(worked_example(), TERMS).run) == ()
    run = week(adjusted(NUMBER, 1, "CO 18", 500), patient_responsibility_cents=1)
    laws = {law for law, _, _ in told(run)}
    assert laws == {
        "patient responsibility = sum of PR adjustments, absent on a reversal",
        "patient responsibility = sum of PR",
        "reason 18 goes with group OA",
    }
