from __future__ import annotations

from edi.tables.claim_details import COMPLETE_CLAIM
from edi.tables.claims import CLAIM_LINE
from parsers.claims_837 import CLAIM_COLUMNS

DERIVED = {
    "kind",
    "patient_last_name",
    "patient_first_name",
    "patient_birth_date",
    "patient_gender",
    "patient_death_date",
    "patient_weight",
    "patient_pregnant",
    "service_from",
    "service_through",
    "discharge_occurrence_date",
}
"""Columns of a claim that no single element says."""


def test_a_claim_is_made_of_declared_columns() -> None:
    """Each is named once, and is either read from the file or one of those that the parser derives."""
    assert len(CLAIM_COLUMNS) == len(set(CLAIM_COLUMNS))
    assert set(CLAIM_COLUMNS) - {column.name for column in COMPLETE_CLAIM.columns} == DERIVED


def test_a_line_has_what_a_price_needs() -> None:
    """Whatever the kind of claim."""
    assert {"procedure_code", "revenue_code", "charge_cents", "quantity", "service_from"} <= {
        column.name for column in CLAIM_LINE.columns
    }
