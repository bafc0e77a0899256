"""An intake for the loaders' tests: files delivered and committed without a scanner, from rows written by hand."""

from __future__ import annotations

import itertools
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import MappingProxyType
from typing import Any

import pyarrow as pa
from sqlalchemy import text

from edi.findings import Finding
from edi.tables.enrollment import ENROLLMENT_INTAKE
from edi.tables.schema import table_schema
from edi.verdict import FileVerdict, GroupVerdict, InterchangeVerdict, SetVerdict
from loaders.commit import CommitResult, commit_file
from loaders.group_map import EnrollmentGroup, GroupMap
from loaders.ledger import Delivery, LedgerFile, move, read_file, record_delivery
from loaders.warehouse import Warehouse

TEXT, COUNT, DAY, CENTS = pa.string(), pa.int64(), pa.date32(), pa.int64()
IDENTITY_KEY = b"a key for tests, not a secret at all"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

PARENTS = {declared.name: declared.parent for declared in ENROLLMENT_INTAKE}

START = [("interchange", pa.int32()), ("functional_group", pa.int32()), ("transaction_set", pa.int32())]
START += [("row", pa.int64()), ("parent_row", pa.int64())]
STOP = [("source_start", pa.int64()), ("source_stop", pa.int64())]

SCHEMAS: Mapping[str, pa.Schema] = {declared.name: table_schema(declared) for declared in ENROLLMENT_INTAKE} | {
    name: pa.schema([*START, *((column, kind) for kind, columns in parts for column in columns.split()), *STOP])
    for name, parts in {
        "claim": (
            (TEXT, "kind batch_reference submitter_id patient_control_number facility_code facility_qualifier"),
            (TEXT, "frequency_code predetermination delay_reason payer_claim_control_number clearinghouse_trace"),
            (TEXT, "prior_authorization"),
            (TEXT, "filing_indicator payer_responsibility individual_relationship subscriber_id"),
            (TEXT, "subscriber_last_name subscriber_first_name patient_last_name patient_first_name patient_gender"),
            (TEXT, "payer_id billing_npi billing_tin billing_name billing_taxonomy rendering_npi patient_status"),
            (CENTS, "charge_cents"),
            (DAY, "subscriber_birth_date patient_birth_date service_from service_through admission_date"),
            (DAY, "discharge_occurrence_date"),
        ),
        "claim_line": (
            (COUNT, "line_number charge_cents"),
            (TEXT, "procedure_qualifier procedure_code modifier_1 modifier_2 modifier_3 modifier_4 revenue_code unit"),
            (TEXT, "place_of_service line_control_number rendering_npi oral_cavity_areas teeth prosthesis_code"),
            (pa.decimal128(15, 3), "quantity"),
            (DAY, "service_from service_through"),
        ),
        "claim_diagnosis": ((COUNT, "ordinal"), (TEXT, "qualifier code present_on_admission")),
        "claim_party": (
            (COUNT, "ordinal line_number"),
            (TEXT, "loop entity_code entity_type last_or_organization_name first_name id_qualifier identifier"),
        ),
    }.items()
}

GROUPS = GroupMap(
    (
        EnrollmentGroup(
            "acme",
            sponsor_ids=("061111111",),
            master_policies=("ACME-1",),
            plans={("HLT", "GOLD"): "gold", ("HLT", "SILVER"): "silver", ("DEN", "D1"): "dental"},
            max_retro_term_days=366,
        ),
        EnrollmentGroup(
            "birch",
            sponsor_ids=("062222222",),
            plans={("HLT", "GOLD"): "gold", ("HLT", ""): "gold"},
            end_date_is="first_uncovered",
        ),
    )
)

Header = Mapping[str, Any]
ACME: Header = {"sponsor_id": "061111111", "master_policy": "ACME-1"}
BIRCH: Header = {"sponsor_id": "062222222", "master_policy": "BIRCH-1"}

Row = dict[str, Any]
"""Column values of a parser row; `coverages`, `lines`, `diagnoses` and `parties` hold the rows under it."""

Under = Mapping[str, Sequence[Row]]
"""Rows by table."""
NOTHING: Under = {}


@dataclass
class Intake:
    """Delivers files to a warehouse and commits them."""

    warehouse: Warehouse
    groups: GroupMap = GROUPS
    serial: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def deliver(self, kind: str, partner: str = "north", arrived_at: datetime = NOON) -> LedgerFile:
        """Put a new file into the ledger, ready to be committed."""
        number = next(self.serial)
        delivery = Delivery(
            partner=partner,
            remote_path=f"/in/{number}.x12",
            remote_size=number,
            remote_mtime=arrived_at,
            sha256=f"{number:064x}",
            content_sha256=f"{number:064x}",
            size_bytes=number,
            arrived_at=arrived_at,
            received_date=arrived_at.date(),
            archive_path=f"{number}",
            kind=kind,
            usage="P",
            state="checked",
        )
        with self.warehouse.begin() as conn:
            file = read_file(conn, record_delivery(conn, delivery, arrived_at))
        assert file is not None
        return file

    def commit(
        self,
        file: LedgerFile,
        verdict: FileVerdict,
        tables: Mapping[str, pa.Table],
        *,
        findings: Sequence[Finding] = (),
        now: datetime | None = None,
        look_back_days: int = 30,
        accept_test: bool = False,
        refuse_enrollment: bool = False,
    ) -> CommitResult:
        """Commit a file and move its ledger state, as the pipeline does."""
        moment = now or file.arrived_at + timedelta(minutes=5)
        with self.warehouse.begin() as conn:
            result = commit_file(
                conn,
                file,
                verdict,
                findings,
                tables,
                self.groups,
                moment,
                look_back_days=look_back_days,
                accept_test=accept_test,
                refuse_enrollment=refuse_enrollment,
                identity_key=IDENTITY_KEY,
            )
            if not result.already_committed:
                move(conn, file.file_id, "held" if result.holds else "committed", moment)
        return result

    def enroll(
        self,
        *members: Row,
        arrived_at: datetime = NOON,
        purpose: str = "00",
        header: Header = ACME,
        totals: Mapping[str, int] = MappingProxyType({}),
        above: Under = NOTHING,
    ) -> CommitResult:
        """Deliver and commit an 834 of one transaction set."""
        file = self.deliver("834", arrived_at=arrived_at)
        tables = enrollment(*members, purpose=purpose, header=header, totals=totals, above=above)
        return self.commit(file, self.next_verdict("834"), tables)

    def claim(self, *claims: Row, arrived_at: datetime = NOON) -> CommitResult:
        """Deliver and commit an 837 of one transaction set."""
        file = self.deliver("837", arrived_at=arrived_at)
        return self.commit(file, self.next_verdict("837"), claims_tables(*claims))

    def next_verdict(self, transaction: str) -> FileVerdict:
        """A verdict with an interchange control number not used before."""
        return accepted(transaction, control_number=f"{next(self.serial):09d}")

    def rows(self, query: str, **parameters: object) -> list[tuple[Any, ...]]:
        """What a query gives."""
        with self.warehouse.begin() as conn:
            return [tuple(row) for row in conn.execute(text(query), parameters)]

    def value(self, query: str, **parameters: object) -> object:
        """The one value that a query gives."""
        (row,) = self.rows(query, **parameters)
        return row[0]

    def spans(self, subscriber: str | None = None) -> list[tuple[str, str, str | None, str, str | None]]:
        """Coverage as it is believed now, of all or of one number: first name, plan, tier, first day, last day."""
        return self.rows(
            "select first_name, plan_id, tier, cast(lower(valid) as text), cast(upper(valid) - 1 as text)"
            " from coverage_span join member using (member_id)"
            " where superseded_at is null and subscriber_number = coalesce(:subscriber, subscriber_number)"
            " order by first_name, lower(valid), plan_id, subscriber_number, member_id, valid, tier",
            subscriber=subscriber,
        )

    def findings(self) -> list[str]:
        """Codes of all findings, in the order of the file."""
        return [code for (code,) in self.rows("select code from finding order by file_id, source_start, code")]


def accepted(
    transaction: str = "837", *, control_number: str = "000000001", usage: str = "P", interchanges: int = 1
) -> FileVerdict:
    """The verdict on a file whose interchanges hold one accepted set each; they are numbered up from control_number."""
    return FileVerdict(
        tuple(
            interchange(ordinal, transaction, f"{int(control_number) + ordinal - 1:09d}", usage)
            for ordinal in range(1, interchanges + 1)
        )
    )


def interchange(ordinal: int, transaction: str, control_number: str, usage: str) -> InterchangeVerdict:
    """An accepted interchange of one set."""
    guide = "005010X220A1" if transaction == "834" else "005010X222A1"
    one_set = SetVerdict(1, transaction, "0001", guide, "A", (), (), 10, 212, 900, "B1")
    identifier = "BE" if transaction == "834" else "HC"
    group = GroupVerdict(1, identifier, "NORTH", "PLAN", "1", guide, "A", (), 1, (one_set,), 106, 950)
    return InterchangeVerdict(
        ordinal=ordinal,
        sender_qualifier="ZZ",
        sender_id="NORTH",
        receiver_qualifier="ZZ",
        receiver_id="PLAN",
        date="260302",
        time="1200",
        control_number=control_number,
        version="00501",
        usage=usage,
        acknowledgment_requested=False,
        code="A",
        note="000",
        groups=(group,),
        source_start=0,
        source_stop=1000,
    )


def enrollment(
    *members: Row,
    purpose: str = "00",
    interchange: int = 1,
    header: Header = ACME,
    totals: Mapping[str, int] = MappingProxyType({}),
    above: Under = NOTHING,
) -> dict[str, pa.Table]:
    """Tables of an 834; a member's values default to a subscriber of ACME, born 1980-01-01.

    `totals` are its control totals: a quantity by QTY01. `details` of a member or of a coverage are rows of the other
    tables under it, by table; `above` are those of the header.
    """
    position = itertools.count(1000, 10)
    head = _placed({"purpose": purpose, **header}, 0, -1, interchange, position)
    total_rows = [
        _placed({"qualifier": qualifier, "quantity": quantity}, number, -1, interchange, position)
        for number, (qualifier, quantity) in enumerate(totals.items())
    ]
    member_rows: list[Row] = []
    rows: dict[str, list[Row]] = {declared.name: [] for declared in ENROLLMENT_INTAKE}
    coverage_rows = rows["enrollment_coverage"]
    for name, under in above.items():
        rows[name] += [_placed(row, place, -1, interchange, position) for place, row in enumerate(under)]
    for number, sent in enumerate(members):
        values = {"is_subscriber": "Y", "relationship_code": "18", "last_name": "DOE", "first_name": "ANN", **sent}
        values = {"subscriber_number": "S1", "birth_date": date(1980, 1, 1), "gender": "F", **header, **values}
        if values.get("maintenance_type") in {"021", "025"}:
            values = {**HOME, **_social_security_number(values), **values}
        coverages, details = values.pop("coverages", ()), values.pop("details", {})
        member_rows.append(_placed(values, number, -1, interchange, position))
        for name, under in details.items():
            for row in under:
                rows[name].append(_placed(row, len(rows[name]), number, interchange, position))
        for coverage in coverages:
            place = len(coverage_rows)
            of_coverage = dict(coverage)
            details = of_coverage.pop("details", {})
            coverage_rows.append(_placed(of_coverage, place, number, interchange, position))
            for name, under in details.items():
                over = PARENTS[name] or ""
                parent = number if over == "enrollment_member" else len(rows[over]) - 1
                linked = {"coverage_row": place} if "coverage_row" in SCHEMAS[name].names else {}
                for row in under:
                    rows[name].append(_placed({**linked, **row}, len(rows[name]), parent, interchange, position))
    rows["enrollment_control_total"] += total_rows
    rows |= {"enrollment_header": [head], "enrollment_member": member_rows}
    return {name: table(name, sent) for name, sent in rows.items()}


HOME: Row = {"address": "1 ELM ST", "city": "HARTFORD", "state": "CT", "zip": "06103"}


def _social_security_number(values: Row) -> Row:
    """One that only this person has, however the name is written."""
    name = "".join(filter(str.isalpha, (values["first_name"] or "").upper()))
    number = zlib.crc32(f"{values['subscriber_number']} {name}".encode()) % 10_000_000
    return {"identifier_qualifier": "34", "identifier": f"57{number:07d}"}


def claims_tables(*claims: Row, interchange: int = 1) -> dict[str, pa.Table]:
    """Tables of an 837; a claim's values default to one office visit of subscriber S1 on 2026-02-02."""
    position = itertools.count(1000, 10)
    children: dict[str, list[Row]] = {"claim_line": [], "claim_diagnosis": [], "claim_party": []}
    claim_rows = []
    for number, sent in enumerate(claims):
        values = {**CLAIM, **sent}
        lines = values.pop("lines", ({},))
        under = {
            "claim_line": [{"line_number": place, **LINE, **line} for place, line in enumerate(lines, start=1)],
            "claim_diagnosis": values.pop("diagnoses", ({"ordinal": 1, "qualifier": "ABK", "code": "J069"},)),
            "claim_party": values.pop("parties", ({"ordinal": 1, "loop": "2010AA", "entity_code": "85"},)),
        }
        claim_rows.append(_placed(values, number, -1, interchange, position))
        for name, rows in under.items():
            for row in rows:
                children[name].append(_placed(row, len(children[name]), number, interchange, position))
    return {
        "claim": table("claim", claim_rows),
        **{name: table(name, rows) for name, rows in children.items()},
    }


CLAIM: Mapping[str, Any] = {
    "kind": "P",
    "patient_control_number": "PCN1",
    "charge_cents": 12000,
    "facility_code": "11",
    "frequency_code": "1",
    "subscriber_id": "S1",
    "patient_last_name": "DOE",
    "patient_first_name": "ANN",
    "patient_birth_date": date(1980, 1, 1),
    "billing_npi": "1999999984",
    "billing_tin": "061234567",
    "service_from": date(2026, 2, 2),
    "service_through": date(2026, 2, 2),
}
LINE: Mapping[str, Any] = {
    "procedure_qualifier": "HC",
    "procedure_code": "99213",
    "charge_cents": 12000,
    "unit": "UN",
    "quantity": 1,
    "service_from": date(2026, 2, 2),
    "service_through": date(2026, 2, 2),
}


def table(name: str, rows: Sequence[Row]) -> pa.Table:
    """Rows of a parser table; what is not given is missing."""
    return pa.Table.from_pylist(list(rows), schema=SCHEMAS[name])


def _placed(values: Mapping[str, Any], row: int, parent: int, interchange: int, position: Iterator[int]) -> Row:
    """A row with its place in the file."""
    start = next(position)
    place = {"interchange": interchange, "functional_group": 1, "transaction_set": 1, "row": row, "parent_row": parent}
    return {**place, **values, "source_start": start, "source_stop": start + 9}
