"""Keep a run of payments as it is sent, row by row: later reversals are made from these rows, never recomputed."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, insert, text

from loaders.copy import copy_table
from loaders.schema.remittance import remittance_run
from loaders.staging import storable_columns

if TYPE_CHECKING:
    from edi.payment_run import PaymentRun

REMITTANCE = (
    *("remittance_run_id", "remittance_id", "payee_id", "registry_version", "trace_number", "payment_method"),
    *("payment_cents", "production_date", "payment_date"),
)
CLAIM = (
    *("remittance_id", "remittance_claim_id", "ordinal", "entry", "claim_id", "decision_id", "claim_number"),
    *("patient_control_number", "claim_status_code", "charge_cents", "paid_cents", "patient_responsibility_cents"),
    "interest_cents",
)
SERVICE = (
    *("remittance_claim_id", "line_number", "procedure_qualifier", "procedure_code", "modifiers", "revenue_code"),
    *("charge_cents", "paid_cents", "units", "service_from", "service_through", "line_control_number"),
    *("allowed_cents", "remark_codes"),
)
ADJUSTMENT = ("remittance_claim_id", "line_number", "group_code", "reason_code", "amount_cents")
PROVIDER_ADJUSTMENT = ("remittance_id", "ordinal", "reason_code", "reference", "amount_cents", "entry_id")
MODIFIERS = ("modifier_1", "modifier_2", "modifier_3", "modifier_4")

NO_LONGER = """
update remittance_claim p set stands = false
from remittance_claim r join remittance m using (remittance_id)
where m.remittance_run_id = :run and r.entry = 'reversal' and p.decision_id = r.decision_id and p.entry = 'payment'
"""


def store_run(conn: Connection, run: PaymentRun, entry_ids: pa.Array, through: date, now: datetime) -> int:
    """Keep the run; its id. The unique keys refuse a day that is settled, and whatever would be paid twice.

    `entry_ids` are those of the run's provider adjustments, null where none is settled.
    """
    new = insert(remittance_run).values(through_date=through, composed_at=now)
    run_id = int(conn.execute(new.returning(remittance_run.c.remittance_run_id)).scalar_one())
    payments, claims = run.payments, run.claims
    remittance_ids = _ids(conn, "remittance", "remittance_id", payments.num_rows)
    claim_ids = _ids(conn, "remittance_claim", "remittance_claim_id", claims.num_rows)
    paid_by = claims["payment"].to_numpy().astype(np.int64)
    _copy(
        conn,
        "remittance",
        payments.append_column("remittance_run_id", pa.array(np.full(payments.num_rows, run_id))).append_column(
            "remittance_id", pa.array(remittance_ids)
        ),
        REMITTANCE,
    )
    starts = np.searchsorted(paid_by, paid_by)
    _copy(
        conn,
        "remittance_claim",
        claims.append_column("remittance_id", pa.array(remittance_ids[paid_by]))
        .append_column("remittance_claim_id", pa.array(claim_ids))
        .append_column("ordinal", pa.array(np.arange(claims.num_rows) - starts + 1))
        .rename_columns(
            ["claim_status_code" if name == "status_code" else name for name in claims.column_names]
            + ["remittance_id", "remittance_claim_id", "ordinal"]
        ),
        CLAIM,
    )
    services = run.services
    _copy(
        conn,
        "remittance_service",
        services.append_column("remittance_claim_id", _of_claims(services, claim_ids))
        .append_column("modifiers", _joined(services))
        .append_column("remark_codes", _remarks(run))
        .append_column("units", services["paid_units"]),
        SERVICE,
    )
    adjustments = run.adjustments
    _copy(
        conn,
        "remittance_adjustment",
        adjustments.append_column("remittance_claim_id", _of_claims(adjustments, claim_ids)),
        ADJUSTMENT,
    )
    provider = run.provider_adjustments
    booked_by = provider["payment"].to_numpy().astype(np.int64)
    _copy(
        conn,
        "remittance_provider_adjustment",
        provider.append_column("remittance_id", pa.array(remittance_ids[booked_by]))
        .append_column("ordinal", pa.array(np.arange(len(booked_by)) - np.searchsorted(booked_by, booked_by) + 1))
        .append_column("entry_id", entry_ids),
        PROVIDER_ADJUSTMENT,
    )
    conn.execute(text(NO_LONGER), {"run": run_id})
    return run_id


def _ids(conn: Connection, table: str, key: str, count: int) -> np.ndarray:
    """New keys of a table, in order."""
    query = "select nextval(pg_get_serial_sequence(:table, :key)) from generate_series(1, :count)"
    found = conn.execute(text(query), {"table": table, "key": key, "count": count}).scalars().all()
    return np.sort(np.array(found, np.int64))


def _copy(conn: Connection, name: str, rows: pa.Table, columns: tuple[str, ...]) -> None:
    copy_table(conn, storable_columns(rows.select(list(columns))), name)


def _of_claims(children: pa.Table, claim_ids: np.ndarray) -> pa.Array:
    return pa.array(claim_ids[children["claim"].to_numpy().astype(np.int64)])


def _joined(services: pa.Table) -> pa.ChunkedArray:
    """SVC01-3 to 6, joined by ':'; modifiers that are none are left out."""
    parts = [pc.fill_null(services[name], "") for name in MODIFIERS]
    joined = pc.binary_join_element_wise(*parts, pa.scalar(":", pa.string()))
    return pc.utf8_trim(pc.replace_substring_regex(joined, ":+", ":"), ":")


def _remarks(run: PaymentRun) -> pa.ChunkedArray:
    """LQ codes of each service, joined by ' '."""
    keys = ["claim", "line_number"]
    codes = run.remarks.group_by(keys, use_threads=False).aggregate([("remark_code", "list")])
    joined = codes.select(keys).append_column("codes", pc.binary_join(codes["remark_code_list"], " "))
    places = run.services.select(keys).append_column("place", pa.array(np.arange(run.services.num_rows)))
    found = places.join(joined, keys=keys, join_type="left outer").sort_by("place")
    return pc.fill_null(found["codes"], "")
