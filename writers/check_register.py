"""The check register: what the plan's bank pays checks by (positive pay), as a CSV file.

A check that is presented under another number or amount is not paid. The check's number is TRN02 of its 835; money is
written with a point and two decimals.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from writers.spreadsheet import printable

COLUMNS = ("account_number", "check_number", "issue_date", "amount", "payee")


@dataclass(frozen=True, slots=True)
class Check:
    """One check."""

    check_number: str
    """TRN02."""
    issued_on: date
    """BPR16."""
    amount_cents: int
    payee_name: str


def write_check_register(checks: Sequence[Check], account_number: str) -> bytes:
    """A header and one row a check, in the order given; `account_number` is the plan's own (BPR09)."""
    place = io.StringIO(newline="")
    rows = csv.writer(place, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows(
        (
            account_number,
            check.check_number,
            check.issued_on,
            f"{check.amount_cents // 100}.{check.amount_cents % 100:02d}",
            printable(check.payee_name),
        )
        for check in checks
    )
    return place.getvalue().encode()
