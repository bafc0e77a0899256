"""Keep a run of payments as it is sent, row by row: later reversals are made from these rows, never recomputed."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from sqlalchemy import Connection, insert, text

from edi.payment_run import INTEREST, WHOLE_CLAIM
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
    *("interest_cents", "pooled_cents", "interest_rule", "days_late", "filing_indicator", "facility_code"),
    *("frequency_code", "drg_code", "drg_weight", "discharge_fraction", "remark_codes"),
)
SERVICE = (
    *("remittance_claim_id", "line_number", "procedure_qualifier", "procedure_code", "modifiers", "revenue_code"),
    *("charge_cents", "paid_cents", "units", "billed_units", "submitted_qualifier", "submitted_code"),
    *("service_from", "service_through", "line_control_number", "allowed_cents", "remark_codes"),
)
ADJUSTMENT = ("remittance_claim_id", "line_number", "group_code", "reason_code", "amount_cents", "quantity")
NAME = (
    *("remittance_claim_id", "ordinal", "entity_code", "entity_type", "last_name", "first_name", "middle_name"),
    *("suffix", "id_qualifier", "identifier"),
)
DETAIL = (
    *("remittance_claim_id", "ordinal", "line_number", "segment", "qualifier", "value", "day", "amount_cents"),
    "quantity",
)
PROVIDER_ADJUSTMENT = ("remittance_id", "ordinal", "reason_code", "reference", "amount_cents", "entry_id")
LINE_CONTROL = "6R"
MODIFIERS = ("modifier_1", "modifier_2", "modifier_3", "modifier_4")

NO_LONGER = """
update remittance_claim p set stands = false
from remittance_claim r join remittance m using (remittance_id)
where m.remittance_run_id = :run and r.entry = 'reversal' and p.decision_id = r.decision_id and p.entry = 'payment'
"""


def begin_run(conn: Connection, through: date, now: datetime) -> int:
    """Enter a run; its id. The unique keys refuse a day that is settled."""
    new = insert(remittance_run).values(through_date=through, composed_at=now)
    return int(conn.execute(new.returning(remittance_run.c.remittance_run_id)).scalar_one())


def store_run(conn: Connection, run_id: int, run: PaymentRun, entry_ids: pa.Array) -> None:
    """Keep what a run pays. The unique keys refuse whatever would be paid twice.

    `entry_ids` are those of the run's provider adjustments, null where none is settled.
    """
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
        .append_column("remark_codes", _claim_remarks(run))
        .append_column("claim_status_code", claims["status_code"]),
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
    _copy(conn, "remittance_name", _numbered(run.names, claim_ids), NAME)
    _copy(conn, "remittance_detail", _numbered(_details(run), claim_ids), DETAIL)
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


def _ids(conn: Connection, table: str, key: str, count: int) -> np.ndarray:
    """New keys of a table, in order."""
    # the sequence is looked up once, not for each of its numbers
    series = "(select cast(pg_get_serial_sequence(:table, :key) as regclass))"
    query = f"select nextval({series}) from generate_series(1, :count)"  # noqa: S608 - our own text
    found = conn.execute(text(query), {"table": table, "key": key, "count": count}).scalars().all()
    return np.sort(np.array(found, np.int64))


def _copy(conn: Connection, name: str, rows: pa.Table, columns: tuple[str, ...]) -> None:
    copy_table(conn, storable_columns(rows.select(list(columns))), name)


def _of_claims(children: pa.Table, claim_ids: np.ndarray) -> pa.Array:
    return pa.array(claim_ids[children["claim"].to_numpy().astype(np.int64)])


def _numbered(children: pa.Table, claim_ids: np.ndarray) -> pa.Table:
    """Children with the key of their claim, and their number in it from 1; in the order given."""
    claim = children["claim"].to_numpy().astype(np.int64)
    number = np.arange(len(claim)) - np.searchsorted(claim, claim) + 1
    return children.append_column("remittance_claim_id", _of_claims(children, claim_ids)).append_column(
        "ordinal", pa.array(number)
    )


def _details(run: PaymentRun) -> pa.Table:
    """REF, DTM, AMT and QTY by claim, without what has a column of its own, or is not said of a reversal."""
    own_line = pc.and_(
        pc.not_equal(run.references["line_number"], WHOLE_CLAIM), pc.equal(run.references["qualifier"], LINE_CONTROL)
    )
    of_claim = pc.equal(run.amounts["line_number"], WHOLE_CLAIM)
    other = pc.and_(of_claim, pc.not_equal(run.amounts["qualifier"], INTEREST))
    amounts = run.amounts.rename_columns(
        ["amount_cents" if name == "cents" else name for name in run.amounts.column_names]
    )
    parts = (
        ("REF", run.references.filter(pc.invert(own_line))),
        ("DTM", run.dates),
        ("AMT", amounts.filter(other)),
        ("QTY", run.quantities),
    )
    tables = [part.append_column("segment", pa.array([name] * part.num_rows, pa.string())) for name, part in parts]
    together = pa.concat_tables(tables, promote_options="default")
    claim = together["claim"].to_numpy().astype(np.int64)
    return together.take(pa.array(np.argsort(claim, kind="stable")))


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


def _claim_remarks(run: PaymentRun) -> pa.ChunkedArray:
    """MIA or MOA codes of each claim, joined by ' '."""
    whole = run.remarks.filter(pc.equal(run.remarks["line_number"], WHOLE_CLAIM))
    codes = whole.group_by("claim", use_threads=False).aggregate([("remark_code", "list")])
    joined = pc.binary_join(codes["remark_code_list"], " ")
    found = pc.index_in(pa.array(np.arange(run.claims.num_rows)), codes["claim"])
    return pc.fill_null(joined.take(found), "")
