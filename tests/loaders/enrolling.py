"""Rows of an 834 for the tests of coverage, written short, and what is on record, read short."""

from __future__ import annotations

from datetime import date

from tests.loaders.intake import Intake, Row

JAN, FEB, MAR, APR, MAY, JUN, SEP = (date(2026, month, 1) for month in (1, 2, 3, 4, 5, 6, 9))
JAN_31, FEB_28, MAR_31, MAY_31, JUN_30 = (date(2026, *day) for day in ((1, 31), (2, 28), (3, 31), (5, 31), (6, 30)))
OPEN = None

Span = tuple[str, date | None, date | None]


def member(maintenance: str = "021", *coverages: Row, **values: object) -> Row:
    """A member loop; its coverages repeat the maintenance type unless they say otherwise."""
    under = [{"maintenance_type": maintenance, **coverage} for coverage in coverages]
    return {"maintenance_type": maintenance, "coverages": under, **values}


def gold(begin: date | None = None, end: date | None = None, **values: object) -> Row:
    """An HD of the gold health plan."""
    return {"insurance_line": "HLT", "plan_code": "GOLD", "begin": begin, "end": end, **values}


def silver(begin: date | None = None, end: date | None = None, **values: object) -> Row:
    """An HD of the silver health plan."""
    return gold(begin, end, **{"plan_code": "SILVER", **values})


def dental(begin: date | None = None, end: date | None = None, **values: object) -> Row:
    """An HD of the dental plan."""
    return {"insurance_line": "DEN", "plan_code": "D1", "begin": begin, "end": end, **values}


def child(name: str = "BEN", **values: object) -> Row:
    """The values of a child of the subscriber."""
    return {
        "is_subscriber": "N",
        "relationship_code": "19",
        "birth_date": date(2010, 5, 5),
        "first_name": name,
        **values,
    }


def spans(intake: Intake, subscriber: str = "S1") -> list[Span]:
    """Coverage under a subscriber's number now: plan with its tier, first day, last day."""
    return [
        (
            plan if tier is None else f"{plan} {tier}",
            date.fromisoformat(first),
            None if last is None else date.fromisoformat(last),
        )
        for _, plan, tier, first, last in intake.spans(subscriber)
    ]


def outcomes(intake: Intake) -> list[tuple[int | None, str]]:
    """Number and outcome of each member of the last file."""
    return [
        (row, outcome)
        for row, outcome in intake.rows(
            "select row, outcome from enrollment_outcome where file_id = (select max(file_id) from file)"
            " order by outcome_id"
        )
    ]


def last_findings(intake: Intake) -> list[str]:
    """Codes of the findings of the last file."""
    return [
        code
        for (code,) in intake.rows(
            "select code from finding where file_id = (select max(file_id) from file) order by source_start, code"
        )
    ]
