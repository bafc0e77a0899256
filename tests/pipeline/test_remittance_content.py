"""What an 835 says of claims, from the tables of the warehouse to the segments, and once more when it is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from sqlalchemy import Table, insert, text, update

from edi.payment_run import PaymentRun
from edi.scanner import scan
from loaders.payments import store_run
from loaders.payments_due import read_due
from loaders.schema import claim_details, claims, enrollment
from loaders.warehouse import Warehouse
from rules.payments.compose import PaymentTerms, compose
from rules.payments.content import RemittanceContent
from tests.loaders.desk import FRIDAY, NOON, SUNDAY, Desk
from tests.writers.remittances import PAYER, accepted_by_pyx12
from writers.remittance_files import Receiver, Sending, write_remittances

CONTENT = RemittanceContent(inpatient_bill_types=frozenset({"11"}))


@dataclass
class Weeks:
    """Weeks of a warehouse: each is read, composed, written and kept."""

    desk: Desk
    content: RemittanceContent = CONTENT
    number: int = 0
    runs: list[PaymentRun] = field(default_factory=list)

    def settle(self) -> list[bytes]:
        """The files of the next week."""
        through = SUNDAY + timedelta(days=7 * self.number)
        self.number += 1
        terms = PaymentTerms(
            production_date=through + timedelta(days=1),
            payment_date=through + timedelta(days=3),
            first_trace_number=100 * self.number,
            filing_indicators={"gold": "12"},
            lines_of_business={},
            content=self.content,
        )
        with self.desk.warehouse.begin() as conn:
            composed = compose(read_due(conn, through, ()), terms)
            receivers = {"clearinghouse_one": Receiver("ZZ", "CLRHOUSE01", "CLRHOUSE01")}
            sending = Sending(1, "P", datetime(2026, 6, 24, 6, tzinfo=UTC))
            files = list(write_remittances(composed.run, PAYER, receivers, sending))
            entries = pa.array(composed.entry_ids, pa.int64(), from_pandas=True)
            store_run(conn, composed.run, entries, through, NOON)
        self.runs.append(composed.run)
        for content in files:
            assert scan(content, snip=5).findings == []
        return files


@pytest.fixture
def weeks(warehouse: Warehouse) -> Weeks:
    """A warehouse with a registry, a member and a file."""
    return Weeks(Desk(warehouse).open())


def loops(content: bytes) -> list[list[str]]:
    """The claim loops of an 835, each from its CLP on."""
    found: list[list[str]] = []
    for segment in content.decode("ascii").split("~"):
        name = segment.split("*")[0]
        if name == "CLP":
            found.append([])
        if name in {"PLB", "SE"}:
            break
        if found:
            found[-1].append(segment)
    return found


def add(weeks: Weeks, table: Table, **values: Any) -> None:
    """A row."""
    with weeks.desk.warehouse.begin() as conn:
        conn.execute(insert(table).values(source_start=0, source_stop=1, **values))


def test_smoke(weeks: Weeks) -> None:
    weeks.desk.decide(weeks.desk.claim(), 8000, ("PR", "3", 2000))
    (content,) = weeks.settle()
    print(content.decode().replace("~", "\n"))
    assert 0
