"""Load an 837: claims with lines, diagnoses and parties, set-based, inside the file's transaction.

Everything is staged and screened first: what is rejected at the front is set aside, and the rest finds its families.
Then claim numbers are drawn, whose series stays locked until the transaction ends, and the rows go in, accepted or
rejected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, text

from edi.claim_answers import received_claims, received_lines
from edi.claim_screening import Screen
from loaders import disputes
from loaders.claim_batches import hold_batches
from loaders.claim_details import IdsByRow, ids_by_row, load_details, of_claims, of_lines
from loaders.claim_members import find_members
from loaders.claim_screening import Screening
from loaders.copy import copy_table
from loaders.corrections import join_families, screen_corrections
from loaders.numbers import draw
from loaders.staging import POSITION, analyze, compact_key, identifier_key, name_key, run, stage, storable_columns
from loaders.stays import find_missing_bases

CLAIM_DETAILS = (
    *("facility_qualifier", "provider_signature", "accepts_assignment", "benefits_assigned", "release_of_information"),
    *("patient_signature_source", "related_cause_1", "related_cause_2", "accident_state", "accident_country"),
    *("special_program", "delay_reason", "prior_authorization", "referral_number", "individual_relationship"),
    *("group_number", "group_name", "insurance_type", "currency", "patient_relationship", "patient_death_date"),
    *("patient_weight", "patient_pregnant", "statement_from", "statement_through", "admitted_at", "discharged_at"),
    *("admission_type", "admission_source", "drg_code", "patient_paid_cents", "orthodontic_months"),
    *("orthodontic_months_remaining", "orthodontic_treatment"),
)
LINE_DETAILS = (
    *("procedure_description", *(f"diagnosis_pointer_{number}" for number in range(1, 5)), "emergency", "epsdt"),
    *("family_planning", "copay_status", "noncovered_cents"),
)
PARTY_DETAILS = (
    *("other_coverage", "middle_name", "name_suffix", "provider_role", "taxonomy", "address_1", "address_2", "city"),
    *("state", "zip", "country", "country_subdivision", "birth_date", "gender", "source_start", "source_stop"),
)
"""Columns that go into the table of the same name as they are."""

CLAIM_COLUMNS = (
    *POSITION,
    "row",
    "batch_reference",
    "submitter_id",
    "kind",
    "patient_control_number",
    "charge_cents",
    "facility_code",
    "frequency_code",
    "predetermination",
    "payer_claim_control_number",
    "clearinghouse_trace",
    "filing_indicator",
    "payer_responsibility",
    "subscriber_id",
    "patient_last_name",
    "patient_first_name",
    "patient_birth_date",
    "patient_gender",
    "payer_id",
    "billing_npi",
    "billing_tin",
    "billing_name",
    "billing_taxonomy",
    "rendering_npi",
    "service_from",
    "service_through",
    "admission_date",
    "patient_status",
    "discharge_occurrence_date",
    "source_start",
    "source_stop",
    *CLAIM_DETAILS,
)
LINE_COLUMNS = (
    "line_number",
    "procedure_qualifier",
    "procedure_code",
    "modifier_1",
    "modifier_2",
    "modifier_3",
    "modifier_4",
    "revenue_code",
    "charge_cents",
    "unit",
    "quantity",
    "place_of_service",
    "service_from",
    "service_through",
    "line_control_number",
    "rendering_npi",
    "oral_cavity_areas",
    "teeth",
    "prosthesis_code",
    "source_start",
    "source_stop",
    *LINE_DETAILS,
)
DIAGNOSIS_COLUMNS = ("qualifier", "code", "present_on_admission", "source_start", "source_stop")
PARTY_COLUMNS = (
    "ordinal",
    "line_number",
    "loop",
    "entity_code",
    "entity_type",
    "last_or_organization_name",
    "first_name",
    "id_qualifier",
    "identifier",
    *PARTY_DETAILS,
)
SERIAL_DIGITS = 7
TRACKING_SERIES = "tracking"
TRACKING_DIGITS = 9

NEW_CLAIMS = """
create temporary table new_claim on commit drop as
with sequence as (
    select cast(pg_get_serial_sequence('claim', 'claim_id') as regclass) as name
), sent as (
    select c.*, l.set_key, l.is_test from staged_claim c
    join loaded_set l using (interchange, functional_group, transaction_set)
    order by c.source_start
)
select nextval((select name from sequence)) as claim_id, s.* from sent s
"""

INSERT_CLAIMS = f"""
insert into claim (claim_id, claim_number, family_id, version, version_state, state, original_claim_id,
    tracking_number, correction_problem, file_id, set_key, partner, is_test, kind, patient_control_number,
    charge_cents, facility_code, frequency_code, submission_reason, payer_claim_control_number, clearinghouse_trace,
    filing_indicator, payer_responsibility, member_id, subscriber_id, patient_last_name, patient_first_name,
    patient_birth_date, patient_gender, payer_id, billing_npi, billing_tin, billing_name, billing_taxonomy,
    rendering_npi, service_from, service_through, admission_date, patient_status, discharge_occurrence_date,
    received_date, source_start, source_stop, {", ".join(CLAIM_DETAILS)})
select n.claim_id,
    case when n.is_accepted then :day || lpad(
        cast(:first_number - 1 + row_number() over (partition by n.is_accepted order by n.claim_id) as text),
        :serial_digits, '0') end,
    f.family_id, f.version, coalesce(f.version_state, 'refused'),
    case when n.is_accepted then 'accepted' else 'rejected' end, c.original_claim_id,
    case when n.is_correction then 'T' || lpad(
        cast(:first_tracking - 1 + row_number() over (partition by n.is_correction order by n.claim_id) as text),
        :tracking_digits, '0') end,
    c.problem, :file_id, n.set_key, :partner, n.is_test, n.kind, coalesce(n.patient_control_number, ''),
    coalesce(n.charge_cents, 0), coalesce(n.facility_code, ''), coalesce(n.frequency_code, ''),
    n.predetermination, n.payer_claim_control_number, n.clearinghouse_trace,
    n.filing_indicator, n.payer_responsibility, m.member_id, n.subscriber_id, n.patient_last_name,
    n.patient_first_name, n.patient_birth_date, n.patient_gender, n.payer_id, n.billing_npi, n.billing_tin,
    n.billing_name, n.billing_taxonomy, n.rendering_npi, n.service_from, n.service_through, n.admission_date,
    n.patient_status, n.discharge_occurrence_date, :received_date, n.source_start, n.source_stop,
    {", ".join(f"n.{name}" for name in CLAIM_DETAILS)}
from (
    select n.*, exists (select from new_family f where f.claim_id = n.claim_id) as is_accepted,
        coalesce(n.frequency_code in ('7', '8'), false) as is_correction
    from new_claim n
) n
left join new_family f using (claim_id)
left join correction c using (claim_id)
left join claim_member m using (claim_id)
order by n.claim_id
"""  # noqa: S608 - our own names

CORRECTIONS = "select count(*) from new_claim where frequency_code in ('7', '8')"

ANSWERED = """
select n.row, n.source_start, c.claim_number, c.tracking_number
from new_claim n join claim c using (claim_id) order by n.claim_id
"""
ANSWERED_TYPES = pa.schema(
    {"row": pa.int64(), "source_start": pa.int64(), "claim_number": pa.string(), "tracking_number": pa.string()}
)


@dataclass(frozen=True, slots=True)
class ClaimsLoaded:
    """What an 837 brought."""

    claims: int
    """Accepted ones."""
    rejected: int
    """Those that the 277CA rejects."""
    corrections: int
    """Replacements and voids among both, refused ones too."""
    refused_corrections: int
    """Those that adjudication will deny for what they name."""
    answered: pa.Table
    """Every claim: row, source_start, claim_number (null where rejected) and tracking_number (of corrections)."""
    found: pa.Table
    """What the edits found in them, as `edi.claim_screening.found_schema` says."""


def load_claims(
    conn: Connection,
    file_id: int,
    tables: Mapping[str, pa.Table],
    partner: str,
    received_date: date,
    screen: Screen | None = None,
    identity_key: bytes | None = None,
    suffix_digits: int = 0,
    *,
    is_rehearsal: bool = False,
) -> ClaimsLoaded | None:
    """Insert the claims of the sets in `loaded_set`; `tables` are those of `parsers.claims_837`.

    `screen` says which are rejected; without one all are accepted. None where there was nothing to load.
    Social security numbers of members are stored as their hashes under `identity_key`, without it not at all. Claims of
    a member may be named by the last `suffix_digits` of their numbers (`loaders.corrections`). A rehearsal
    (`loaders.claim_rehearsal`) is held for nobody.

    Raises:
        FileHeld: a batch came before, or has too many claims.
    """
    stage(conn, "staged_claim", _claims(received_claims(tables)))
    run(conn, NEW_CLAIMS)
    analyze(conn, "new_claim")
    claims = conn.execute(text("select count(*) from new_claim")).scalar_one()
    if not claims:
        return None
    if screen is not None and not is_rehearsal:
        hold_batches(conn, file_id, tables, screen)
    lines = received_lines(tables)
    line_numbers = lines["line_number"]
    find_members(conn, "new_claim")
    screening = Screening(conn, tables, received_date, screen)
    screening.take_refused()
    screening.screen_claims()
    screen_corrections(conn, suffix_digits)
    find_missing_bases(conn)
    screening.screen_corrections()
    refused = join_families(conn)
    rejected = screening.put_back()
    numbers = _draw_numbers(conn, received_date, claims - rejected)
    run(conn, INSERT_CLAIMS, file_id=file_id, partner=partner, received_date=received_date, **numbers)
    by_row = ids_by_row(conn)
    _load_lines(conn, lines, by_row)
    _load_diagnoses(conn, tables["claim_diagnosis"], by_row)
    _load_parties(conn, tables["claim_party"], by_row, line_numbers)
    load_details(conn, tables, by_row, line_numbers, identity_key)
    disputes.suspect(conn)
    screening.store()
    return ClaimsLoaded(
        claims - rejected,
        rejected,
        conn.execute(text(CORRECTIONS)).scalar_one(),
        refused,
        _answered(conn),
        screening.found,
    )


def _claims(table: pa.Table) -> pa.Table:
    """Claims with their keys for matching."""
    staged = table.select(CLAIM_COLUMNS)
    staged = staged.append_column("subscriber_key", identifier_key(table["subscriber_id"]))
    staged = staged.append_column("first_name_key", name_key(table["patient_first_name"]))
    staged = staged.append_column("original_key", compact_key(table["payer_claim_control_number"]))
    return staged.append_column("tin_key", compact_key(table["billing_tin"]))


def _load_lines(conn: Connection, lines: pa.Table, by_row: IdsByRow) -> None:
    """Service lines; one without a charge charges nothing."""
    place = lines.schema.get_field_index("charge_cents")
    lines = lines.set_column(place, "charge_cents", pc.fill_null(lines["charge_cents"], 0))
    _copy(conn, of_claims(lines, by_row), "claim_line", LINE_COLUMNS)


def _load_diagnoses(conn: Connection, diagnoses: pa.Table, by_row: IdsByRow) -> None:
    """Diagnoses with qualifier and code, numbered in each claim."""
    told = pc.and_(pc.is_valid(diagnoses["qualifier"]), pc.is_valid(diagnoses["code"]))
    rows = of_claims(diagnoses.filter(told), by_row).sort_by([("claim_id", "ascending"), ("row", "ascending")])
    claim_ids = rows["claim_id"].to_numpy()
    ordinal = np.arange(len(claim_ids)) - np.searchsorted(claim_ids, claim_ids) + 1
    place = rows.schema.get_field_index("ordinal")
    rows = rows.drop_columns(["ordinal"]) if place >= 0 else rows
    rows = rows.append_column("ordinal", pa.array(ordinal, pa.int64()))
    _copy(conn, rows, "claim_diagnosis", ("ordinal", *DIAGNOSIS_COLUMNS))


def _load_parties(conn: Connection, parties: pa.Table, by_row: IdsByRow, line_numbers: pa.ChunkedArray) -> None:
    """Everybody named, with a loop and an entity code."""
    told = pc.and_(pc.is_valid(parties["loop"]), pc.is_valid(parties["entity_code"]))
    rows = of_lines(of_claims(parties.filter(told), by_row), line_numbers)
    _copy(conn, rows, "claim_party", PARTY_COLUMNS)


def _copy(conn: Connection, rows: pa.Table, name: str, columns: Sequence[str]) -> None:
    """Columns of the same names on both sides, and the claim's id."""
    copy_table(conn, storable_columns(rows.select(["claim_id", *columns])), name)


def _draw_numbers(conn: Connection, received_date: date, accepted: int) -> dict[str, object]:
    """Claim numbers (YYDDD of receipt and seven digits) and tracking numbers, as parameters of INSERT_CLAIMS."""
    day = received_date.strftime("%y%j")
    corrections = conn.execute(text(CORRECTIONS)).scalar_one()
    return {
        "day": day,
        # always in this order: two transactions must not wait for each other
        "first_number": draw(conn, f"claim:{day}", accepted) if accepted else 0,
        "first_tracking": draw(conn, TRACKING_SERIES, corrections) if corrections else 0,
        "serial_digits": SERIAL_DIGITS,
        "tracking_digits": TRACKING_DIGITS,
    }


def _answered(conn: Connection) -> pa.Table:
    """What the 277CA needs to know of each claim besides what it said."""
    rows = conn.execute(text(ANSWERED)).all()
    columns = zip(*rows, strict=True) if rows else ([] for _ in ANSWERED_TYPES)
    arrays = [pa.array(values, field.type) for values, field in zip(columns, ANSWERED_TYPES, strict=True)]
    return pa.Table.from_arrays(arrays, schema=ANSWERED_TYPES)
