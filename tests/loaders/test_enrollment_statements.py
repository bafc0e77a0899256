"""What an 834 says besides who is covered is on file, with its history."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path

import pytest

from edi.tables.enrollment import ENROLLMENT_INTAKE
from edi.tables.specification import Column
from loaders.person_reads import read_persons, read_statements
from loaders.providers import load_registry
from loaders.warehouse import Warehouse
from tests.loaders.intake import ACME, NOON, Intake, Row

JAN, MAR, JUN = (date(2026, month, 1) for month in (1, 3, 6))
TRACELESS = (
    "select (select count(*) from member_reference) + (select count(*) from member_date)"
    " + (select count(*) from member_contact) + (select count(*) from member_provider)"
)


@pytest.fixture
def intake(warehouse: Warehouse) -> Intake:
    """An intake into an empty warehouse."""
    return Intake(warehouse)


def member(
    maintenance: str = "021", of_coverage: Row | None = None, details: Row | None = None, **values: object
) -> Row:
    """The subscriber S1 with a gold plan, and what else is said of both."""
    coverage: Row = {"insurance_line": "HLT", "plan_code": "GOLD", "begin": JAN, "maintenance_type": maintenance}
    under = [{**coverage, "details": of_coverage or {}}]
    return {"maintenance_type": maintenance, "coverages": under, "details": details or {}, **values}


def reference(qualifier: str, value: str) -> Row:
    """A REF of the member."""
    return {"loop": "2000", "qualifier": qualifier, "value": value}


def references(intake: Intake) -> list[tuple[object, ...]]:
    """Those in force, and those that were: line, qualifier, value, and the files that said and superseded it."""
    return intake.rows(
        "select insurance_line, qualifier, value, file_id, superseded_by from member_reference order by statement_id"
    )


HEADER = "the header's, whose organisations are rows of their own: enrollment_set_detail"
ASKED = "what is asked for, not what is: it shows in what becomes of spans and members"
STANDS_IN = "stands in for a date that is not sent"
LINK = "numbers a row of the file; ours carry line, plan and ordinal instead"
ENVELOPE = "on file with the transaction set"
REASONS = {
    "enrollment_header": {
        **dict.fromkeys(("sponsor_qualifier", "sponsor_id", "payer_id"), HEADER),
        **dict.fromkeys(("control_number", "guide"), ENVELOPE),
        "maintenance_effective": "a row of enrollment_set_detail, like every date of the header",
    },
    "enrollment_member": {
        **dict.fromkeys(("master_policy", "sponsor_id"), HEADER),
        "maintenance_type": ASKED,
        "maintenance_effective": STANDS_IN,
        **dict.fromkeys(("cobra_begin", "cobra_end"), "rows of member_date"),
        "identifier_qualifier": "says whether the number is hashed (34) or kept (ZZ)",
        "name_entity": "74 says that 2100B has the old name, which is on file as a party",
    },
    "enrollment_coverage": {
        "maintenance_type": ASKED,
        "maintenance_effective": STANDS_IN,
        "plan_code": "on file as our plan",
    },
    "enrollment_date": {"time_of_day": "part of the value as sent"},
}
"""Why a column of the 834 has no column of the warehouse."""

RENAMED = {
    "enrollment_header": {"created_at": "enrollment_set.created_at"},
    "enrollment_member": {"identifier": "member.sender_number"},
    "enrollment_coverage": {
        "begin": "coverage_span.valid",
        "end": "coverage_span.valid",
        "late_enrollment": "member_trait.value",
    },
    "enrollment_organization": {
        "entity_code": "enrollment_set_detail.qualifier",
        "identifier": "enrollment_set_detail.value",
    },
    "enrollment_employment_class": {"employment_class": "member_trait.value"},
    "enrollment_race": {"race": "member_trait.value"},
    "enrollment_language": {"language": "member_trait.code", "language_name": "member_trait.name"},
    "enrollment_other_coverage_service": {"service_type": "member_other_coverage.service_types"},
    "enrollment_provider_street": {"address_1": "member_provider.address", "address_2": "member_provider.address"},
}
"""Columns that the warehouse calls otherwise."""
HOME = {
    "enrollment_header": "enrollment_set",
    "enrollment_organization": "enrollment_set_detail",
    "enrollment_control_total": "enrollment_set_detail",
    "enrollment_member": "member",
    "enrollment_coverage": "coverage_span",
    "enrollment_reference": "member_reference",
    "enrollment_date": "member_date",
    "enrollment_amount": "member_amount",
    "enrollment_party": "member_party",
    "enrollment_contact": "member_contact",
    "enrollment_employment_class": "member_trait",
    "enrollment_race": "member_trait",
    "enrollment_language": "member_trait",
    "enrollment_disability": "member_disability",
    "enrollment_reporting_category": "member_reporting_category",
    "enrollment_identification_card": "member_card",
    "enrollment_provider": "member_provider",
    "enrollment_other_coverage": "member_other_coverage",
}
"""The table of the warehouse where a column of the same name is."""
GIVEN: dict[str, Row] = {
    "enrollment_header": {"purpose": "00", **ACME},
    "enrollment_member": {
        "is_subscriber": "Y",
        "maintenance_type": "021",
        "identifier_qualifier": "ZZ",
        "gender": "F",
        **ACME,
        "birth_date": date(1980, 1, 1),
        "first_name": "ANN",
    },
    "enrollment_coverage": {
        "maintenance_type": "021",
        "insurance_line": "HLT",
        "plan_code": "GOLD",
        "begin": JAN,
        "end": JUN,
    },
    "enrollment_race": {"loop": "2100A"},
}
"""Values that have to be what they are for the row to be loaded."""
SHOWN: dict[object, str] = {"Y": "t", JAN: "2026-01-01", JUN: "2026-06-02"}
"""How a value that is not kept as it is shows."""


def target(table: str, column: str) -> str | None:
    """The column of the warehouse that holds one of the 834; None where there is a reason that none does."""
    if column.endswith("_row") or column in REASONS.get(table, {}):
        return None
    return RENAMED.get(table, {}).get(column) or f"{HOME[table]}.{column}"


def test_every_column_of_an_834_is_on_file(intake: Intake) -> None:
    """Each has a value of its own, which is found again, and every other column a reason why not."""
    numbers = count(1000)

    def value(column: Column) -> object:
        number = next(numbers)
        kinds: dict[str, object] = {
            "day": date(2001, 1, 1) + timedelta(days=number),
            "last_day": date(2001, 1, 1) + timedelta(days=number),
            "time": time(3, number % 60),
            "day_time": None,
            "quantity": Decimal(number),
            "decimal": Decimal(number),
            "row": None,
        }
        return kinds.get(column.kind, number if column.kind in {"money", "count"} else f"V{number}")

    rows = {
        table.name: {column.name: value(column) for column in table.columns} | GIVEN.get(table.name, {})
        for table in ENROLLMENT_INTAKE
    }
    details: dict[str, list[Row]] = {}
    of_coverage: dict[str, list[Row]] = {}
    for table in ENROLLMENT_INTAKE:
        if table.parent == "enrollment_member" and table.name != "enrollment_coverage":
            (of_coverage if "coverage_row" in rows[table.name] else details)[table.name] = [rows[table.name]]
        elif table.parent in {"enrollment_coverage", "enrollment_provider", "enrollment_other_coverage"}:
            of_coverage[table.name] = [rows[table.name]]
    for own in ("enrollment_reference", "enrollment_date"):
        rows[own]["loop"] = "2000"
    coverage = {**rows["enrollment_coverage"], "details": of_coverage}
    above = {name: [rows[name]] for name in ("enrollment_organization", "enrollment_control_total")}
    intake.enroll(
        {**rows["enrollment_member"], "coverages": [coverage], "details": details},
        header=rows["enrollment_header"],
        above=above,
    )
    assert intake.rows("select code from finding where severity = 'error'") == []
    for table in ENROLLMENT_INTAKE:
        for column in table.columns:
            where = target(table.name, column.name)
            if where is None:
                continue
            home, _, name = where.partition(".")
            found = " ".join(str(row[0]) for row in intake.rows(f'select cast("{name}" as text) from {home}'))
            sent = rows[table.name][column.name]
            assert str(sent) in found or SHOWN.get(sent, "?") in found, (table.name, column.name)


def test_every_reason_is_of_a_column() -> None:
    """And every home of a table."""
    columns = {table.name: {column.name for column in table.columns} for table in ENROLLMENT_INTAKE}
    for named in (REASONS, RENAMED):
        for table, of_table in named.items():
            assert set(of_table) <= columns[table], table
    assert set(HOME) | {"enrollment_other_coverage_service", "enrollment_provider_street"} == set(columns)


def test_a_statement_holds_until_another_takes_its_place(intake: Intake) -> None:
    """Of the same kind only; what is not spoken of stays, and who said what is known."""
    first = [reference("17", "DIV1"), reference("DX", "D1"), reference("DX", "D2"), reference("0F", "S1")]
    intake.enroll(member(details={"enrollment_reference": first}))
    for _ in range(2):
        intake.enroll(member(details={"enrollment_reference": [reference("DX", "D2"), reference("DX", "D3")]}))
    assert references(intake) == [
        (None, "17", "DIV1", 1, None),
        (None, "DX", "D1", 1, 2),
        (None, "DX", "D2", 1, None),
        (None, "DX", "D3", 2, None),
    ]


def test_a_repeated_file_leaves_no_trace(intake: Intake) -> None:
    """Nor does one that says nothing."""
    sent = member(
        details={
            "enrollment_reference": [reference("17", "DIV1")],
            "enrollment_date": [
                {"loop": "2000", "qualifier": "336", "value": "20200101", "first_day": date(2020, 1, 1)}
            ],
            "enrollment_contact": [{"loop": "2100A", "function": "IP", "qualifier_1": "TE", "number_1": "5550100"}],
        },
        of_coverage={"enrollment_provider": [{"entity_code": "P3", "id_qualifier": "XX", "identifier": "1999999984"}]},
    )
    intake.enroll(sent)
    assert intake.value(TRACELESS) == 4
    intake.enroll(sent)
    intake.enroll(member())
    assert intake.value(TRACELESS) == 4


def test_a_set_that_replaces_takes_away_what_it_does_not_say(intake: Intake) -> None:
    """BGN08 = RX: the roster becomes exactly this."""
    intake.enroll(member(details={"enrollment_reference": [reference("17", "DIV1"), reference("DX", "D1")]}))
    intake.enroll(member(details={"enrollment_reference": [reference("17", "DIV1")]}), header={**ACME, "action": "RX"})
    intake.enroll(member(), header={**ACME, "action": "RX"})
    assert references(intake) == [(None, "17", "DIV1", 1, 3), (None, "DX", "D1", 1, 2)]


def test_statements_of_coverages_are_of_their_line(intake: Intake) -> None:
    """A policy number of one line does not touch that of another."""
    number = {"enrollment_reference": [{"loop": "2300", "qualifier": "1L", "value": "P1"}]}
    dental: Row = {"insurance_line": "DEN", "plan_code": "D1", "begin": JAN, "maintenance_type": "021"}
    both = member(of_coverage=number)
    both["coverages"].append({**dental, "details": number})
    intake.enroll(both)
    intake.enroll(member(of_coverage={"enrollment_reference": [{"loop": "2300", "qualifier": "1L", "value": "P2"}]}))
    assert references(intake) == [
        ("HLT", "1L", "P1", 1, 2),
        ("DEN", "1L", "P1", 1, None),
        ("HLT", "1L", "P2", 2, None),
    ]


def test_of_several_rows_of_a_member_the_last_that_speaks_counts(intake: Intake) -> None:
    """Kind by kind."""
    intake.enroll(
        member(details={"enrollment_reference": [reference("17", "DIV1"), reference("DX", "D1")]}),
        member("001", details={"enrollment_reference": [reference("17", "DIV2")]}),
    )
    assert references(intake) == [(None, "DX", "D1", 1, None), (None, "17", "DIV2", 1, None)]


def test_what_a_refused_or_compared_row_says_is_not_on_file(intake: Intake) -> None:
    """Of an audit, and of a member without a name."""
    said = {"enrollment_reference": [reference("17", "DIV1")]}
    intake.enroll(member(last_name=None, details=said))
    intake.enroll(member())
    intake.enroll(member("030", details=said))
    assert references(intake) == []


def test_no_social_security_number_is_kept_anywhere(intake: Intake) -> None:
    """Of nobody whom a member names."""
    secret: Row = {"id_qualifier": "34", "identifier": "234567891"}
    intake.enroll(
        member(
            details={"enrollment_party": [{"loop": "2100G", "entity_code": "QD", **secret}]},
            of_coverage={
                "enrollment_provider": [{"entity_code": "P3", **secret}],
                "enrollment_other_coverage": [{"responsibility": "P"}],
                "enrollment_reference": [{"loop": "2320", "qualifier": "SY", "value": "234-56-7891"}],
            },
        )
    )
    hashes = {
        *intake.rows("select identifier from member_party"),
        *intake.rows("select identifier from member_provider"),
        *intake.rows("select value from member_reference"),
    }
    assert len(hashes) == 1
    assert len(str(hashes.pop()[0])) == 64


def provider(identifier: str, **values: object) -> Row:
    """A primary care provider."""
    named = {"entity_code": "P3", "last_or_organization_name": "DOC", "id_qualifier": "XX", "identifier": identifier}
    return {"enrollment_provider": [{**named, **values}]}


def chosen(intake: Intake) -> list[tuple[object, ...]]:
    """The providers in force: name, number, first day, last day."""
    return intake.rows(
        "select last_or_organization_name, identifier, cast(lower(valid) as text), cast(upper(valid) - 1 as text)"
        " from member_provider where superseded_at is null order by lower(valid), identifier"
    )


def test_providers_have_days_of_their_own(intake: Intake) -> None:
    """The first from the first day of benefits, the next from the day that PLA says; repeated, no trace."""
    intake.enroll(member(of_coverage=provider("1")))
    for _ in range(2):
        intake.enroll(member(of_coverage=provider("2", change_effective=JUN, change_reason="14")))
    assert chosen(intake) == [("DOC", "1", "2026-01-01", "2026-05-31"), ("DOC", "2", "2026-06-01", None)]
    intake.enroll(member(of_coverage=provider("2", last_or_organization_name="DOCTOR")))
    assert chosen(intake)[1] == ("DOCTOR", "2", "2026-06-01", None)
    assert intake.value("select count(*) from member_provider where superseded_at is not null") == 2


def test_a_change_of_provider_without_a_day_holds_from_the_day_received(intake: Intake) -> None:
    """Not from the first day of benefits, which would rewrite the past."""
    intake.enroll(member(of_coverage=provider("1")))
    intake.enroll(member(of_coverage=provider("2")))
    today = NOON.date()
    assert chosen(intake) == [
        ("DOC", "1", "2026-01-01", str(today - timedelta(days=1))),
        ("DOC", "2", str(today), None),
    ]


def test_a_change_before_the_first_day_takes_the_place(intake: Intake) -> None:
    """Whoever never was the member's provider is not on file as such."""
    intake.enroll(member(of_coverage=provider("1", change_effective=MAR)))
    intake.enroll(member(of_coverage=provider("2", change_effective=JAN)))
    assert chosen(intake) == [("DOC", "2", "2026-01-01", None)]


def test_a_provider_whom_the_registry_does_not_have_is_told_and_dropped(intake: Intake, tmp_path: Path) -> None:
    """Once there is a registry; the member is loaded."""
    providers, payees = tmp_path / "providers.csv", tmp_path / "payees.csv"
    providers.write_text(
        "npi,tin,name,taxonomy,contract_from,contract_through,payee_id\n"
        "1999999984,061234567,DOC,207Q00000X,2026-01-01,,P1\n"
    )
    payees.write_text(
        "payee_id,name,address,city,state,zip,npi,tin,remittance_partner,statement_partner,payment_method,"
        "routing_number,account_number\nP1,DOC,1 ELM ST,AVON,CT,06001,1999999984,061234567,a,a,CHK,,\n"
    )
    with intake.warehouse.begin() as conn:
        load_registry(conn, providers, payees, NOON)
    intake.enroll(member(of_coverage=provider("1234567893")))
    assert intake.findings() == ["ENROLLMENT_PROVIDER_UNKNOWN"]
    intake.enroll(member(of_coverage=provider("1999999984")))
    assert [row[1] for row in chosen(intake)] == ["1999999984"]


def test_what_was_known_of_a_member_can_still_be_read(intake: Intake) -> None:
    """Person and statements, on any instant; later files do not change what was known."""
    first = reference("DX", "D1")
    intake.enroll(member(details={"enrollment_reference": [first]}))
    later = NOON + timedelta(days=30)
    second = {"enrollment_reference": [reference("DX", "D2")]}
    intake.enroll(member("001", city="AVON", details=second), arrived_at=later)

    def known(at: datetime) -> tuple[list[str], list[str]]:
        with intake.warehouse.begin() as conn:
            people = read_persons(conn, [1], at)
            said = read_statements(conn, "member_reference", [1], at)
        return people["city"].to_list(), said["value"].to_list()

    assert known(NOON) == ([], [])
    assert known(NOON + timedelta(days=1)) == (["HARTFORD"], ["D1"])
    assert known(later + timedelta(days=1)) == (["AVON"], ["D2"])
    with intake.warehouse.begin() as conn, pytest.raises(ValueError, match="no statements"):
        read_statements(conn, "member", [1], NOON)
