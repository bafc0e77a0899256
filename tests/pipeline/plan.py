"""A plan for tests: the demo's configuration over an empty warehouse, with its partners' servers in memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from edi.reference.scanner import scan
from loaders import ledger
from loaders.ledger import LedgerFile
from loaders.outbox import OutboxRow
from loaders.providers import load_registry
from loaders.schema.intake import FILE_STATES
from loaders.warehouse import Warehouse
from pipeline.archive import Archive
from pipeline.configuration import Configuration, load_configuration
from pipeline.deliver import DeliverReport, deliver
from pipeline.house import House
from pipeline.process import ProcessReport, lease_batches, process_files, settle_unrecognized
from pipeline.receive import ReceiveReport, receive
from rules.expectations.catalogue import Severities
from sftp.memory import MemoryRemote, MemoryServer
from sftp.remote import RemoteFolder
from tests.loaders.snapshot import table_queries
from tests.parsers import answers_told
from tests.writers.remittances import accepted_by_pyx12

DEMO = Path(__file__).parents[2] / "examples" / "demo"
NOON = datetime(2026, 6, 1, 16, 0, tzinfo=UTC)
"""Noon at the plan, on the first day of the demo."""
MINUTE = timedelta(minutes=1)

ENROLLMENT = (DEMO / "week1/acme/enrollment.x12").read_bytes()
CLAIMS = (DEMO / "week1/clearlink/claims_professional.x12").read_bytes()
HOSPITAL_CLAIMS = (DEMO / "week1/clearlink/claims_institutional.x12").read_bytes()
CLINIC_CLAIMS = (DEMO / "week1/riverclinic/claims.x12").read_bytes()

WEEK = tuple(
    (partner, DEMO / "week1" / partner / name)
    for partner, name in (
        ("acme", "enrollment.x12"),
        ("acme", "enrollment_changes.x12"),
        ("clearlink", "claims_professional.x12"),
        ("clearlink", "claims_institutional.x12"),
        ("clearlink", "claims_dental.x12"),
        ("clearlink", "claims_truncated.x12"),
        ("clearlink", "backup_report.x12"),
        ("riverclinic", "claims.x12"),
    )
)
"""The demo's first week, in order of arrival: partner and file."""


@dataclass
class MovableClock:
    """A clock that a test sets."""

    instant: datetime = NOON

    def now(self) -> datetime:
        """The instant."""
        return self.instant


@dataclass(frozen=True, slots=True)
class MemoryHouse(House):
    """A house whose partners' servers are in memory."""

    servers: Mapping[str, MemoryServer] = field(default_factory=dict)

    def remote(self, partner_id: str) -> RemoteFolder:
        """The partner's server."""
        return MemoryRemote(self.servers[self.partner(partner_id).id])


def unmeasured(configuration: Configuration) -> Configuration:
    """Without expectations: Great Expectations takes seconds to import."""
    off: Severities = dict.fromkeys(configuration.expectations, "off")
    return replace(configuration, expectations=off)


class Plan:
    """The house, and what a test does in it."""

    def __init__(self, warehouse: Warehouse, var: Path, configuration: Configuration | None = None) -> None:
        configuration = configuration or unmeasured(load_configuration(DEMO / "config"))
        self.clock = MovableClock()
        self.servers = {partner: MemoryServer() for partner in configuration.partners}
        self.house: House = MemoryHouse(
            configuration, warehouse, self.clock, Archive(var / "archive"), var, servers=self.servers
        )

    def change(self, **changes: object) -> None:
        """Change the configuration from now on."""
        self.house = replace(self.house, configuration=replace(self.house.configuration, **changes))  # type: ignore[arg-type] # fields by name

    def change_limits(self, **changes: int) -> None:
        """Change limits of the configuration."""
        self.change(limits=replace(self.house.configuration.limits, **changes))

    def load_registry(self) -> None:
        """Load the demo's providers."""
        configuration = self.house.configuration
        with self.house.warehouse.begin() as connection:
            load_registry(connection, configuration.providers_csv, configuration.payees_csv, self.clock.now())

    def upload(self, partner: str, name: str, content: bytes, folder: str = "in") -> None:
        """A partner's upload, finished now."""
        self.servers[partner].drop(f"{folder}/{name}", content, self.clock.now())

    def look_once(self, *partners: str) -> dict[str, ReceiveReport]:
        """A look into partners' folders, all of them by default, and what the fetch task does after it."""
        reports = {}
        for partner in partners or self.house.delivering_partners():
            reports[partner] = receive(self.house, partner, self.clock.now())
            settle_unrecognized(self.house, partner)
        return reports

    def look(self) -> dict[str, ReceiveReport]:
        """Two looks, so that what stands still is taken."""
        self.clock.instant += MINUTE
        self.look_once()
        self.clock.instant += MINUTE
        return self.look_once()

    def process(self) -> ProcessReport:
        """Lease and process 834 and 837 files, as the DAGs do."""
        together = ProcessReport()
        for kind in ("834", "837"):
            for batch in lease_batches(self.house, kind, owner="test"):
                report = process_files(self.house, batch)
                together.states += report.states
                together.rows += report.rows
        return together

    def deliver(self) -> DeliverReport:
        """Send what waits."""
        return deliver(self.house, self.clock.now())

    def take_in(self, partner: str, *contents: bytes) -> list[int]:
        """Files that a partner uploaded a minute apart, in the ledger; their ids."""
        for place, content in enumerate(contents):
            self.upload(partner, f"{self.clock.now():%H%M}_{place}.x12", content)
            self.clock.instant += MINUTE
        before = {file.file_id for file in self.files()}
        for _ in range(2):
            self.clock.instant += MINUTE
            receive(self.house, partner, self.clock.now())
        return [file.file_id for file in self.files() if file.file_id not in before]

    def files(self) -> list[LedgerFile]:
        """The ledger, in order of file ids."""
        with self.house.warehouse.begin() as connection:
            return sorted(ledger.list_files(connection, FILE_STATES), key=lambda file: file.file_id)

    def states(self) -> list[str]:
        """The state of each file of the ledger."""
        return [file.state for file in self.files()]

    def state(self, file_id: int) -> str:
        """The state of a file."""
        return next(file.state for file in self.files() if file.file_id == file_id)

    def outbox(self) -> list[OutboxRow]:
        """Everything that was put into the outbox, in order."""
        return [OutboxRow(**row) for row in self.rows("select * from outbox order by outbox_id")]

    def answers(self) -> list[OutboxRow]:
        """The same without the reports of what became of members, which go beside the 999 of an 834."""
        return [row for row in self.outbox() if row.kind not in MEMBER_REPORTS]

    def rows(self, query: str) -> list[dict[str, Any]]:
        """Rows of a query, as mappings."""
        with self.house.warehouse.begin() as connection:
            return [dict(row) for row in connection.execute(text(query)).mappings()]

    def count(self, table: str) -> int:
        """Rows of a table."""
        return int(self.rows(f"select count(*) as rows from {table}")[0]["rows"])

    def execute(self, statement: str) -> None:
        """Change the warehouse behind everybody's back."""
        with self.house.warehouse.begin() as connection:
            connection.execute(text(statement))

    def next_numbers(self) -> dict[str, int]:
        """The next number of each series of ours."""
        rows = self.rows("select name, next_number from number_series")
        return {row["name"]: row["next_number"] for row in rows}

    def content(self) -> dict[str, list[str]]:
        """Every row of every table without keys and instants that we make up, and how the rows belong together."""
        queries = table_queries() | BELONGING
        return {name: sorted(str(row["row"]) for row in self.rows(query)) for name, query in queries.items()}


MEMBER_REPORTS = {"MEMBERS_CSV", "MEMBERS_HTML"}
BELONGING = {
    "files of interchanges": "select row(remote_path, ordinal, ta1_code) as row from interchange join file"
    " using (file_id)",
    "files of answers": "select row(file.remote_path, o.file_name) as row from outbox o join file using (file_id)",
    "files of findings": "select row(remote_path, code, source_start) as row from finding join file using (file_id)",
    "files of claims": "select row(claim_number, remote_path) as row from claim join file using (file_id)",
    "lines of claims": "select row(claim_number, l.line_number) as row from claim_line l join claim using (claim_id)",
    "claims of members": "select row(claim_number, subscriber_number) as row from claim join member using (member_id)",
    "spans of members": "select row(subscriber_number, valid) as row from coverage_span join member using (member_id)",
    "decisions of claims": "select row(claim_number, sequence, paid_cents) as row from decision join claim"
    " using (claim_id)",
}


def told(row: OutboxRow) -> str:
    """What a file of ours says: `TA1 R 023`, `999 P (IK5 A, R: 5)`, or REPORT for a letter."""
    if row.kind == "REPORT":
        return "REPORT"
    return answers_told.told(row.content)


def check_answers(rows: Iterable[OutboxRow]) -> None:
    """Every X12 answer scans clean, and every 999 is accepted by pyx12."""
    for row in rows:
        if row.kind in {"TA1", "999"}:
            assert scan(row.content).findings == [], row.file_name
        if row.kind == "999":
            assert accepted_by_pyx12(row.content), row.file_name
