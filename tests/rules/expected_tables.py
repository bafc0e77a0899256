"""Staged tables that meet every expectation, and for each expectation a row that breaks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa

from rules.expectations.catalogue import Severity

RECEIVED = date(2026, 5, 1)
HOLD: Severity = "hold"
FUTURE = date(2031, 7, 23)
DAY, NEXT_DAY = date(2003, 3, 9), date(2003, 3, 17)
QUANTITY = pa.decimal128(15, 3)
Rows = list[dict[str, Any]]

HEADER: dict[str, Any] = {
    "purpose": "00",
    "action": "RX",
    "sponsor_id": "CANARYSPONSOR",
    "as_of": None,
    "maintenance_effective": None,
    "created": date(2026, 4, 17),
}
MEMBER: dict[str, Any] = {
    "subscriber_number": "CANARYSUB7",
    "last_name": "Canarylastname",
    "first_name": "Canaryfirst",
    "birth_date": date(1911, 11, 19),
    "gender": "F",
    "is_subscriber": "Y",
    "relationship_code": "18",
    "maintenance_type": "021",
    "eligibility_begin": DAY,
    "eligibility_end": None,
    "maintenance_effective": None,
    "benefit_status": "A",
    "death_date": None,
    "identifier_qualifier": "34",
    "identifier": "123-45-6789",
    "address": "Canary Lane 99887",
    "city": "Canarytown",
    "state": "CN",
    "zip": "998877665",
}
COVERAGE: dict[str, Any] = {
    "maintenance_type": "021",
    "insurance_line": "HLT",
    "plan_code": "CANARYPLAN",
    "begin": DAY,
    "end": NEXT_DAY,
    "maintenance_effective": None,
}
CLAIM: dict[str, Any] = {
    "patient_control_number": "CANARYPCN1",
    "charge_cents": 987654321012,
    "frequency_code": "1",
    "service_from": DAY,
    "service_through": NEXT_DAY,
    "patient_birth_date": date(1911, 11, 19),
    "patient_last_name": "Canarypatient",
    "subscriber_id": "CANARYSUB8",
    "billing_npi": "1234567893",
    "billing_tin": "918273645",
}
LINE: dict[str, Any] = {
    "line_number": 1,
    "charge_cents": 987654321012,
    "procedure_code": "QX7Z1",
    "revenue_code": None,
    "unit": "UN",
    "quantity": Decimal("918273.645"),
    "service_from": DAY,
    "service_through": NEXT_DAY,
    "teeth": "14:MO 3",
    **dict.fromkeys((f"diagnosis_pointer_{number}" for number in range(1, 5)), None),
    "diagnosis_pointer_1": 1,
}
DIAGNOSIS: dict[str, Any] = {"qualifier": "ABK", "code": "CANARYDIAGNOSIS"}
DRUG: dict[str, Any] = {"qualifier": "N4", "code": "98765432109"}
SET: dict[str, Any] = {
    "received": 9_000_007,
    "accepted": 9_000_004,
    "rejected": 3,
    "paid": 9_000_001,
    "denied": 2,
    "pended": 1,
    "waiting": 0,
    "received_cents": 987654321,
    "accepted_cents": 987654320,
    "rejected_cents": 1,
    "decided_cents": 987654319,
    "paid_cents": 987654300,
    "adjusted_cents": 19,
    "unbalanced_lines": 0,
}
OTHER: dict[str, Any] = {
    "ordinal": 1,
    "payer_id": "CANARYPAYER",
    "decided_on": DAY,
    "paid_cents": 987654310000,
}
ADJUDICATION: dict[str, Any] = {
    "ordinal": 1,
    "other_coverage": 1,
    "paid_on": DAY,
    "paid_cents": 987654310000,
}
ADJUSTMENT: dict[str, Any] = {
    "other_coverage": 1,
    "line_adjudication": 1,
    "group_code": "CO",
    "reason_code": "CANARYREASON",
    "amount_cents": 11012,
}
UNDER_CLAIM = (
    "claim_line",
    "claim_diagnosis",
    "claim_line_drug",
    "claim_other_coverage",
    "claim_line_adjudication",
    "claim_adjustment",
)
PLACES: dict[str, list[int]] = {name: [0, 1] for name in ("enrollment_coverage", *UNDER_CLAIM)}
"""Two rows a table; the second row is the one that a test breaks."""

BROKEN: Mapping[str, tuple[str, dict[str, Any]]] = {
    "enrollment_member.subscriber_number_present": ("enrollment_member", {"subscriber_number": None}),
    "enrollment_member.birth_date_present": ("enrollment_member", {"birth_date": None}),
    "enrollment_member.birth_date_past": ("enrollment_member", {"birth_date": FUTURE}),
    "enrollment_member.last_name_present": ("enrollment_member", {"last_name": None}),
    "enrollment_member.first_name_present": ("enrollment_member", {"first_name": None}),
    "enrollment_header.purpose_known": ("enrollment_header", {"purpose": "CANARYPURPOSE"}),
    "enrollment_header.action_known": ("enrollment_header", {"action": "CANARYACTION"}),
    "enrollment_header.as_of_near": ("enrollment_header", {"as_of": FUTURE}),
    "enrollment_header.sponsor_id_present": ("enrollment_header", {"sponsor_id": None}),
    "enrollment_member.birth_date_plausible": ("enrollment_member", {"birth_date": date(1872, 11, 19)}),
    "enrollment_member.ssn_plausible": ("enrollment_member", {"identifier": "999999999"}),
    "enrollment_member.subscriber_has_address": ("enrollment_member", {"city": None}),
    "enrollment_member.zip_shaped": ("enrollment_member", {"zip": "CANARYZIP"}),
    "enrollment_member.benefit_status_known": ("enrollment_member", {"benefit_status": "CANARYSTATUS"}),
    "enrollment_member.death_ends_coverage": ("enrollment_member", {"death_date": NEXT_DAY}),
    "enrollment_member.maintenance_type_known": ("enrollment_member", {"maintenance_type": "CANARYTYPE"}),
    "enrollment_member.gender_known": ("enrollment_member", {"gender": "CANARYGENDER"}),
    "enrollment_member.relationship_agrees": ("enrollment_member", {"relationship_code": "CANARYREL"}),
    "enrollment_member.eligibility_in_order": (
        "enrollment_member",
        {"eligibility_begin": FUTURE, "eligibility_end": NEXT_DAY},
    ),
    "enrollment_coverage.maintenance_type_known": ("enrollment_coverage", {"maintenance_type": "CANARYTYPE"}),
    "enrollment_coverage.insurance_line_present": ("enrollment_coverage", {"insurance_line": None}),
    "enrollment_coverage.insurance_line_known": ("enrollment_coverage", {"insurance_line": "CANARYINS"}),
    "enrollment_coverage.plan_code_present": ("enrollment_coverage", {"plan_code": None}),
    "enrollment_coverage.added_from_a_day": ("enrollment_coverage", {"begin": None}),
    "enrollment_coverage.ended_on_a_day": ("enrollment_coverage", {"maintenance_type": "024", "end": None}),
    "enrollment_coverage.in_order": ("enrollment_coverage", {"begin": FUTURE}),
    "enrollment_coverage.said_once": ("enrollment_coverage", {"parent_row": 0}),
    "enrollment_coverage.line_once": ("enrollment_coverage", {"parent_row": 0, "plan_code": "CANARYOTHER"}),
    "enrollment_coverage.begin_near": ("enrollment_coverage", {"begin": FUTURE, "end": None}),
    "claim.patient_control_number_present": ("claim", {"patient_control_number": None}),
    "claim.charge_not_negative": ("claim", {"charge_cents": -987654321013}),
    "claim.charge_is_sum_of_lines": ("claim", {"charge_cents": 987654321013}),
    "claim.has_lines": ("claim_line", {"parent_row": 0}),
    "claim.frequency_code_known": ("claim", {"frequency_code": "CANARYFREQ"}),
    "claim.service_from_present": ("claim", {"service_from": None}),
    "claim.service_in_order": ("claim", {"service_from": FUTURE}),
    "claim.service_past": ("claim", {"service_through": FUTURE}),
    "claim.born_before_service": ("claim", {"patient_birth_date": FUTURE}),
    "claim.subscriber_id_present": ("claim", {"subscriber_id": None}),
    "claim.billing_npi_present": ("claim", {"billing_npi": None}),
    "claim.billing_npi_shaped": ("claim", {"billing_npi": "CANARYNPI"}),
    "claim.billing_npi_checked": ("claim", {"billing_npi": "1987654321"}),
    "claim.billing_tin_shaped": ("claim", {"billing_tin": "CANARYTIN"}),
    "claim_line.line_number_counted": ("claim_line", {"line_number": -7654321}),
    "claim_line.line_number_once": ("claim_line", {"parent_row": 0}),
    "claim_line.charge_not_negative": ("claim_line", {"charge_cents": -987654321013}),
    "claim_line.quantity_not_negative": ("claim_line", {"quantity": Decimal("-918273.546")}),
    "claim_line.service_named": ("claim_line", {"procedure_code": None}),
    "claim_line.procedure_code_shaped": ("claim_line", {"procedure_code": "CANARYPROC"}),
    "claim_line.unit_known": ("claim_line", {"unit": "CANARYUNIT"}),
    "claim_line.service_in_order": ("claim_line", {"service_from": FUTURE}),
    "claim_line.service_past": ("claim_line", {"service_through": FUTURE}),
    "claim_line.pointers_answered": ("claim_line", {"diagnosis_pointer_1": 2}),
    "claim_line.teeth_shaped": ("claim_line", {"teeth": "CANARYTEETH"}),
    "claim_line_drug.code_shaped": ("claim_line_drug", {"code": "CANARYDRUG"}),
    "claim_other_coverage.payer_id_present": ("claim_other_coverage", {"payer_id": None}),
    "claim_other_coverage.decided_past": ("claim_other_coverage", {"decided_on": FUTURE}),
    "claim_other_coverage.balanced": ("claim_other_coverage", {"paid_cents": 987654310001}),
    "claim_line_adjudication.other_coverage_present": ("claim_line_adjudication", {"other_coverage": None}),
    "claim_line_adjudication.paid_past": ("claim_line_adjudication", {"paid_on": FUTURE}),
    "claim_line_adjudication.balanced": ("claim_line_adjudication", {"paid_cents": 987654310001}),
    "claim_adjustment.group_code_known": ("claim_adjustment", {"group_code": "CANARYGROUP"}),
    "claim_adjustment.reason_code_present": ("claim_adjustment", {"reason_code": None}),
    "warehouse_set.claims_answered": ("warehouse_set", {"received": 9_000_008}),
    "warehouse_set.charges_answered": ("warehouse_set", {"rejected_cents": 0}),
    "warehouse_set.claims_decided": ("warehouse_set", {"denied": 0}),
    "warehouse_set.charges_decided": ("warehouse_set", {"adjusted_cents": 18}),
    "warehouse_set.lines_balance": ("warehouse_set", {"unbalanced_lines": 1}),
    "warehouse_set.nothing_waits": ("warehouse_set", {"pended": 0, "waiting": 1}),
}
"""What breaks each expectation, in the second row of a table."""
BOTH_ROWS = {"enrollment_coverage.said_once", "enrollment_coverage.line_once", "claim_line.line_number_once"}
"""Of two equal rows both are unexpected."""


NUMBERS = (
    *("row", "parent_row", "line_row", "line_number", "ordinal", "other_coverage", "line_adjudication"),
    *("charge_cents", "paid_cents", "amount_cents"),
    *(f"diagnosis_pointer_{number}" for number in range(1, 5)),
)


def table_of(rows: Rows) -> pa.Table:
    """Rows as a staged table, each column in its own type."""
    columns = {}
    for name in rows[0]:
        values = [row[name] for row in rows]
        kind = {
            "quantity": QUANTITY,
            **dict.fromkeys((*NUMBERS, *SET), pa.int64()),
        }.get(name)
        if kind is None:
            is_day = name.endswith(("_date", "_from", "_through", "_begin", "_end", "_effective"))
            kind = (
                pa.date32()
                if is_day or name in {"begin", "end", "as_of", "created", "decided_on", "paid_on"}
                else pa.string()
            )
        columns[name] = pa.array(values, kind)
    return pa.table(columns)


def staged_tables(broken: str | None = None) -> dict[str, pa.Table]:
    """Two rows of every table; the second breaks an expectation, if any is named."""
    models = {
        "enrollment_header": HEADER,
        "enrollment_member": MEMBER,
        "enrollment_coverage": COVERAGE,
        "claim": CLAIM,
        "claim_line": LINE,
        "claim_diagnosis": DIAGNOSIS,
        "claim_line_drug": DRUG,
        "claim_other_coverage": OTHER,
        "claim_line_adjudication": ADJUDICATION,
        "claim_adjustment": ADJUSTMENT,
        "warehouse_set": SET,
    }
    rows = {
        table: [
            {"row": at, **({"parent_row": PLACES[table][at]} if table in PLACES else {}), **model} for at in range(2)
        ]
        for table, model in models.items()
    }
    for at, row in enumerate(rows["claim_line_adjudication"]):
        row["line_row"] = at
    for at, row in enumerate(rows["claim_line_drug"]):
        row["line_row"] = at
    if broken is not None:
        table, change = BROKEN[broken]
        rows[table][1] |= change
    return {table: table_of(each) for table, each in rows.items()}


def canaries_in(tables: Mapping[str, pa.Table]) -> Iterator[str]:
    """Every value that a reader could recognise, in the forms in which a library might print it."""
    for table in tables.values():
        for name in table.column_names:
            for value in table[name].to_pylist():
                if isinstance(value, str) and len(value) > 3:
                    yield value
                elif isinstance(value, date):
                    yield from (value.isoformat(), value.strftime("%Y%m%d"), value.strftime("%m/%d/%Y"), repr(value))
                elif isinstance(value, Decimal):
                    yield from (str(value), str(int(value * 1000)))
                elif isinstance(value, int) and abs(value) > 1_000_000:
                    yield from (str(abs(value)), f"{abs(value):,}", f"{abs(value) / 100:.2f}")
