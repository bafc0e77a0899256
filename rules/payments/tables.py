"""The frames of a composed run as the tables of `edi.payment_run`, each column in its own type."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd
import pyarrow as pa

from edi.payment_run import PaymentRun

TEXT, NUMBER, DAY, FLAG = pa.string(), pa.int64(), pa.date32(), pa.bool_()
MODIFIERS = ("modifier_1", "modifier_2", "modifier_3", "modifier_4")
LEFT_OUT = ("claim_id", "decision_id", "claim_number", "line_number", "law")
"""Columns of what a run leaves out."""


def _schema(**names: Iterable[str]) -> pa.Schema:
    types = {"texts": TEXT, "numbers": NUMBER, "days": DAY, "flags": FLAG}
    return pa.schema([(name, types[kind]) for kind, columns in names.items() for name in columns])


SCHEMAS: Mapping[str, pa.Schema] = {
    "payments": _schema(
        texts=(
            *("payee_id", "name", "npi", "tin", "address", "city", "state", "zip", "remittance_partner"),
            *("statement_partner", "payment_method", "routing_number", "account_number", "trace_number"),
        ),
        numbers=("registry_version", "payment_cents"),
        days=("production_date", "payment_date"),
    ),
    "claims": _schema(
        texts=(
            *("entry", "outcome", "claim_number", "patient_control_number", "status_code", "filing_indicator"),
            *("facility_code", "frequency_code", "drg_code", "drg_weight", "discharge_fraction"),
            *("original_claim_number", "kind", "tracking_number", "interest_rule"),
        ),
        numbers=(
            *("payment", "claim_id", "decision_id", "charge_cents", "paid_cents", "patient_responsibility_cents"),
            *("interest_cents", "pooled_cents", "days_late", "level"),
        ),
        days=("received_date", "service_from", "service_through"),
        flags=("member_known", "is_inpatient"),
    ),
    "services": _schema(
        texts=(
            *("procedure_qualifier", "procedure_code", *MODIFIERS, "revenue_code", "paid_units", "billed_units"),
            *("submitted_qualifier", "submitted_code", "line_control_number"),
        ),
        numbers=("claim", "line_number", "charge_cents", "paid_cents", "allowed_cents"),
        days=("service_from", "service_through"),
    ),
    "adjustments": _schema(
        texts=("group_code", "reason_code", "quantity"), numbers=("claim", "line_number", "amount_cents")
    ),
    "remarks": _schema(texts=("remark_code",), numbers=("claim", "line_number")),
    "names": _schema(
        texts=(
            *("entity_code", "entity_type", "last_name", "first_name", "middle_name", "suffix"),
            *("id_qualifier", "identifier"),
        ),
        numbers=("claim",),
    ),
    "references": _schema(texts=("qualifier", "value"), numbers=("claim", "line_number")),
    "dates": _schema(texts=("qualifier",), numbers=("claim", "line_number"), days=("day",)),
    "amounts": _schema(texts=("qualifier",), numbers=("claim", "line_number", "cents")),
    "quantities": _schema(texts=("qualifier", "quantity"), numbers=("claim", "line_number")),
    "levels": _schema(
        texts=("provider_number", "facility_code", "covered_days", "average_weight"),
        numbers=("payment", "level", "claims", "charge_cents", "discharges"),
        days=("period_end",),
    ),
    "provider_adjustments": _schema(texts=("reason_code", "reference"), numbers=("payment", "amount_cents")),
}


def payment_run(**frames: pd.DataFrame) -> PaymentRun:
    """The run of these frames; a column that a frame lacks is empty."""
    return PaymentRun(**{name: _table(frames[name], schema) for name, schema in SCHEMAS.items()})


def empty(columns: Iterable[str]) -> pd.DataFrame:
    """A frame without rows."""
    return pd.DataFrame({name: [] for name in columns})


def _table(frame: pd.DataFrame, schema: pa.Schema) -> pa.Table:
    columns = []
    for field in schema:
        if field.name not in frame or not len(frame):
            columns.append(pa.nulls(len(frame), field.type))
        elif pa.types.is_date(field.type):
            columns.append(pa.array(frame[field.name], from_pandas=True).cast(pa.date32()))
        else:
            columns.append(pa.array(frame[field.name], field.type, from_pandas=True))
    return pa.table(columns, schema=schema)
