"""Prior claims, which an earlier system decided and paid: what must hold of their file besides what its decisions say.

The decisions are judged as any other import (`rules.imported_decisions`). The form is in docs/operations.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pandas as pd

from edi.import_problems import ImportProblem, ImportRefused

OF_CLAIM = (
    *("first_claim_number", "version", "version_state", "kind", "patient_control_number", "facility_code"),
    *("frequency_code", "subscriber_id", "patient_last_name", "patient_first_name", "patient_birth_date"),
    *("billing_npi", "billing_tin", "rendering_npi", "admission_date", "received_on", "remitted_on"),
)
FORMER = "replaced"
VOID = "void"


def complete(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows with what their form lets them leave out, and a column `modifier_...` for each modifier."""
    modifiers = rows["modifiers"].str.split(expand=True).reindex(columns=range(4))
    return rows.assign(
        first_claim_number=rows["first_claim_number"].fillna(rows["claim_number"]),
        version=rows["version"].fillna(1),
        version_state=rows["version_state"].fillna("active"),
        service_through=rows["service_through"].fillna(rows["service_from"]),
        **{f"modifier_{number + 1}": modifiers[number].astype("str") for number in range(4)},
    )


def check(rows: pd.DataFrame, today: date) -> None:
    """Is each claim told once and alike in its rows, are its days in order, and do the versions make families?

    `rows` are those of `complete`.

    Raises:
        ImportRefused: with everything that is wrong.
    """
    problems = [*_of_rows(rows, today), *_of_versions(rows.drop_duplicates("claim_number"))]
    if problems:
        raise ImportRefused(problems)


def _of_rows(rows: pd.DataFrame, today: date) -> Iterator[ImportProblem]:
    by_claim = rows.groupby("claim_number", sort=False)
    for name in OF_CLAIM:
        differs = by_claim[name].transform(lambda each: each.nunique(dropna=False)) > 1
        yield from _at(rows, differs, f"{name} is not the same in all rows of the claim")
    yield from _at(rows, rows.duplicated(["claim_number", "line_number"]), "the line was told before")
    yield from _at(rows, ~rows["line_number"].between(1, 999), "line_number is from 1 to 999")
    yield from _at(rows, rows["charge_cents"].fillna(0) < 0, "charge_cents is negative")
    yield from _at(rows, rows["paid_cents"].fillna(0) < 0, "paid_cents is negative")
    nameless = rows["procedure_code"].isna() & rows["revenue_code"].isna()
    yield from _at(rows, nameless, "procedure_code or revenue_code is wanted")
    yield from _at(rows, rows["outcome"] == VOID, "outcome is paid or denied; a voided claim has version_state voided")
    for earlier, later in (
        ("service_from", "service_through"),
        ("received_on", "decided_on"),
        ("decided_on", "remitted_on"),
    ):
        yield from _at(rows, rows[earlier] > rows[later], f"{later} is before {earlier}")
    yield from _at(rows, rows["remitted_on"] > pd.Timestamp(today), "remitted_on is yet to come")


def _of_versions(claims: pd.DataFrame) -> Iterator[ImportProblem]:
    """Versions count from the first up; the last one is in force or voided, all before it were replaced."""
    by_family = claims.groupby("first_claim_number", sort=False)["version"]
    last = claims["version"] == by_family.transform("max")
    yield from _at(claims, claims["version"] < 1, "version is from 1")
    yield from _at(claims, claims.duplicated(["first_claim_number", "version"]), "the version was told before")
    yield from _at(claims, ~last & (claims["version_state"] != FORMER), "a later version is there, so it was replaced")
    yield from _at(claims, last & (claims["version_state"] == FORMER), "it was replaced, and no later version is there")


def _at(rows: pd.DataFrame, where: pd.Series, text: str) -> Iterator[ImportProblem]:
    for row in rows.loc[where.astype("bool"), "row"].tolist():
        yield ImportProblem(int(row), text)
