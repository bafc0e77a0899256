"""The forms of files that are imported by hand, as docs/operations.md tells them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from edi.import_problems import ImportProblem, ImportRefused
from parsers.import_forms import PARQUET, FormColumn

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

UNITS = r"\d{1,8}(\.\d{1,3})?"
WEIGHT = r"\d{1,5}(\.\d{1,4})?"
ADJUSTMENT = rf"(CO|PR|OA|PI):(\d{{1,3}}|[ABPWY]\d{{1,3}}):-?\d{{1,12}}(:{UNITS})?"
REMARK = r"(M\d{1,3}|MA\d{1,3}|N\d{1,3})"

DECISIONS = (
    FormColumn("claim_number", "text", required=True, pattern=r"[0-9A-Z]{1,30}"),
    FormColumn("line_number", "number"),
    FormColumn("outcome", "text", required=True, pattern="paid|denied|void"),
    FormColumn("decided_on", "day", required=True),
    FormColumn("charge_cents", "number"),
    FormColumn("allowed_cents", "number"),
    FormColumn("paid_cents", "number"),
    FormColumn("adjustments", "text", pattern=rf"{ADJUSTMENT}( {ADJUSTMENT})*"),
    FormColumn("remark_codes", "text", pattern=rf"{REMARK}( {REMARK})*"),
    FormColumn("claim_status_code", "text", pattern="1|2|3|4|19|20|21|23|25"),
    FormColumn("plan_id", "text", pattern=r"[A-Za-z0-9_-]{1,60}"),
    FormColumn("interest_cents", "number"),
    FormColumn("replaces_original", "flag"),
    FormColumn("procedure", "text", pattern=r"(AD|ER|HC|HP|IV|N4|NU|WK):[0-9A-Z]{1,48}"),
    FormColumn("paid_units", "text", pattern=UNITS),
    FormColumn("policy_number", "text", pattern=r"[!-~]([ -~]{0,48}[!-~])?"),
    FormColumn("drg_code", "text", pattern="[0-9A-Z]{1,4}"),
    FormColumn("drg_weight", "text", pattern=WEIGHT),
    FormColumn("discharge_fraction", "text", pattern=WEIGHT),
)
LATER = ("procedure", "paid_units", "policy_number", "drg_code", "drg_weight", "discharge_fraction")
"""Columns that the form did not always have: a content without them is the one that it was."""

OPENING_CLAIMS = (
    FormColumn("claim_number", "text", required=True, pattern=r"[0-9A-Z]{1,30}"),
    FormColumn("first_claim_number", "text", pattern=r"[0-9A-Z]{1,30}"),
    FormColumn("version", "number"),
    FormColumn("version_state", "text", pattern="active|replaced|voided"),
    FormColumn("kind", "text", required=True, pattern="[PID]"),
    FormColumn("patient_control_number", "text", required=True, pattern=".{1,38}"),
    FormColumn("facility_code", "text", required=True, pattern="[0-9A-Z]{2}"),
    FormColumn("frequency_code", "text", required=True, pattern="[0-579Q]"),
    FormColumn("subscriber_id", "text", required=True, pattern=".{1,80}"),
    FormColumn("patient_last_name", "text"),
    FormColumn("patient_first_name", "text"),
    FormColumn("patient_birth_date", "day", required=True),
    FormColumn("billing_npi", "text", required=True, pattern=r"\d{10}"),
    FormColumn("billing_tin", "text", required=True, pattern=r"\d{9}"),
    FormColumn("rendering_npi", "text", pattern=r"\d{10}"),
    FormColumn("admission_date", "day"),
    FormColumn("received_on", "day", required=True),
    FormColumn("remitted_on", "day", required=True),
    FormColumn("line_number", "number", required=True),
    FormColumn("procedure_qualifier", "text", pattern="[A-Z0-9]{2}"),
    FormColumn("procedure_code", "text", pattern="[A-Z0-9]{1,48}"),
    FormColumn("modifiers", "text", pattern=r"[A-Z0-9]{2}( [A-Z0-9]{2}){0,3}"),
    FormColumn("revenue_code", "text", pattern=r"\d{3,4}"),
    FormColumn("unit", "text", pattern="UN|MJ|DA"),
    FormColumn("quantity", "text", pattern=r"\d{1,8}(\.\d{1,3})?"),
    FormColumn("place_of_service", "text", pattern="[0-9A-Z]{2}"),
    FormColumn("service_from", "day", required=True),
    FormColumn("service_through", "day"),
    FormColumn("teeth", "text"),
    *(
        one
        for one in DECISIONS
        if one.name not in ("claim_number", "line_number", "interest_cents", "replaces_original", *LATER)
    ),
)
"""Prior claims: the bill, and what an earlier system decided and paid."""

OPENING_BALANCES = (
    FormColumn("holder", "text", required=True, pattern="member|family"),
    FormColumn("subscriber_id", "text", required=True, pattern=".{1,80}"),
    FormColumn("group_id", "text", pattern=".{1,80}"),
    FormColumn("patient_first_name", "text"),
    FormColumn("patient_birth_date", "day"),
    FormColumn("plan_id", "text", required=True, pattern=r"[A-Za-z0-9_-]{1,60}"),
    FormColumn(
        "counter",
        "text",
        required=True,
        pattern=r"(deductible|out_of_pocket)(_out_of_network)?|limit:[A-Za-z0-9_-]{1,60}",
    ),
    FormColumn("period_from", "day", required=True),
    FormColumn("used", "number", required=True),
)
"""What members and families had used of their benefits."""

ACCOUNT_ENTRIES = (
    FormColumn("payee_id", "text", required=True, pattern=r"[A-Za-z0-9_-]{1,30}"),
    FormColumn("reason_code", "text", required=True, pattern="[0-9A-Z]{2}"),
    FormColumn("reference", "text", required=True, pattern=r"[A-Za-z0-9 ._/#-]{1,50}"),
    FormColumn("amount_cents", "number", required=True),
    FormColumn("due_from", "day"),
)
"""What payments take or add beside claims."""


def read_bytes(path: Path) -> bytes:
    """A file's bytes; raises ImportRefused where it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ImportRefused([ImportProblem(0, f"the file cannot be read: {error.strerror}")]) from None


def suffix_of(data: bytes) -> str:
    """How an archived file of this content is called."""
    return "parquet" if data.startswith(PARQUET) else "csv"


def content_sha256(rows: pd.DataFrame) -> str:
    """The hash of what a file says, whatever its kind and the order of its rows."""
    unsaid = [name for name in LATER if name in rows and rows[name].isna().all()]
    told = rows.drop(columns=["row", *unsaid])
    lines = sorted(told.to_csv(index=False, header=False, lineterminator="\n", date_format="%Y-%m-%d").splitlines())
    return hashlib.sha256("\n".join([",".join(told.columns), *lines]).encode()).hexdigest()
