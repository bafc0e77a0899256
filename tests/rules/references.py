"""Reference data for the rules' tests: rows of the plan's tables, in force since 2020 unless they say otherwise."""

from __future__ import annotations

from typing import Any

import pandas as pd

from edi.reference_data import TABLES, ReferenceFacts

PATIENT: dict[str, Any] = {
    "claim_id": 1,
    "prior_authorization": None,
    "referral_number": None,
    "drg_code": None,
    "subscriber_id": "S0000007",
    "birth_date": "1990-06-15",
    "gender": "F",
}


def reference(
    patient: dict[str, Any] | None = None,
    diagnoses: tuple[str, ...] = ("J069",),
    **tables: list[dict[str, Any]],
) -> ReferenceFacts:
    """Tables by name, with the patient and the diagnoses of claim 1."""
    made = {name: _frame(name, rows) for name, rows in tables.items()}
    if "code" in made:
        made["code_set"] = made["code"][["code_set"]].drop_duplicates()
    claims = pd.DataFrame([PATIENT | (patient or {})]).astype({"birth_date": "datetime64[s]"})
    texts = ["prior_authorization", "referral_number", "drg_code", "subscriber_id", "gender"]
    return ReferenceFacts(
        tables=made,
        versions=dict.fromkeys(made, 1),
        claims=claims.astype(dict.fromkeys(texts, "str") | {"claim_id": "Int64"}),
        diagnoses=pd.DataFrame(
            {
                "claim_id": 1,
                "ordinal": range(1, len(diagnoses) + 1),
                "qualifier": "ABF",
                "code": list(diagnoses),
            }
        ).astype({"claim_id": "Int64", "ordinal": "Int64", "qualifier": "str", "code": "str"}),
    )


def _frame(name: str, rows: list[dict[str, Any]]) -> pd.DataFrame:
    """The rows in the types of `loaders.frames`."""
    columns: dict[str, pd.Series] = {"row_id": pd.Series(range(1, len(rows) + 1), dtype="Int64")}
    for column in TABLES[name].columns:
        values = [row.get(column.name, "2020-01-01" if column.name == "effective_from" else None) for row in rows]
        made = pd.Series(values, dtype="object")
        days = pd.to_datetime(made) if column.kind == "day" else made
        if column.kind == "text":
            columns[column.name] = days.astype("str")
        else:
            columns[column.name] = days.astype("datetime64[s]") if column.kind == "day" else days.astype("Int64")
    return pd.DataFrame(columns)
