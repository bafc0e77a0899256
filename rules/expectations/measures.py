"""The frames that Great Expectations sees: the columns that an expectation is about, and nothing else of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from edi.trouble import Final
from rules.expectations.catalogue import (
    ADJUDICATION,
    ADJUSTMENT,
    CLAIM,
    COVERAGE,
    DIAGNOSIS,
    DRUG,
    HEADER,
    LINE,
    MEMBER,
    OTHER,
    SET,
)
from rules.expectations.frames import TYPES, frame_of
from rules.expectations.other_payer_measures import measure_lines, measure_payers

LINKS = {
    "parent_row": {COVERAGE: MEMBER, **dict.fromkeys((LINE, DIAGNOSIS, DRUG, OTHER, ADJUDICATION, ADJUSTMENT), CLAIM)}
}
LINKS["line_row"] = {ADJUDICATION: LINE, DRUG: LINE}
"""By column and table: the table whose rows are numbered in it."""
KEPT: Mapping[str, tuple[str, ...]] = {
    HEADER: ("purpose", "action", "sponsor_id"),
    MEMBER: (
        *("subscriber_number", "birth_date", "last_name", "first_name", "maintenance_type", "gender"),
        *("benefit_status", "zip", "eligibility_begin", "eligibility_end"),
    ),
    COVERAGE: ("parent_row", "maintenance_type", "insurance_line", "plan_code", "begin", "end"),
    CLAIM: (
        *("patient_control_number", "charge_cents", "frequency_code", "service_from", "service_through"),
        *("patient_birth_date", "subscriber_id", "billing_npi", "billing_tin"),
    ),
    LINE: (
        *("parent_row", "line_number", "charge_cents", "procedure_code", "unit"),
        *("service_from", "service_through", "teeth"),
    ),
    DRUG: ("code",),
    OTHER: ("payer_id", "decided_on"),
    ADJUDICATION: ("other_coverage", "paid_on"),
    ADJUSTMENT: ("group_code", "reason_code"),
    SET: (),
}
BESIDE = (DIAGNOSIS,)
"""Tables that are only looked into for others."""
POINTED_AT = ("ABK", "ABF", "BK", "BF")
POINTERS = tuple(f"diagnosis_pointer_{number}" for number in range(1, 5))
THOUSANDTHS = 1000
NPI_PREFIX_SUM = 24
"""What the prefix 80840 of the card issuer adds to the Luhn sum of an NPI."""


class UnjoinedTables(Final):
    """Tables of several files were put together without keeping their rows apart; `together` does it."""


def together(files: Sequence[Mapping[str, pa.Table]]) -> dict[str, pa.Table]:
    """The tables of several files as those of one: rows are numbered on, and still name their parents."""
    joined: dict[str, list[pa.Table]] = {name: [] for name in (*KEPT, *BESIDE)}
    rows = dict.fromkeys(joined, 0)
    for tables in files:
        before = dict(rows)
        for name, found in joined.items():
            if name not in tables:
                continue
            table = tables[name]
            if "row" in table.column_names:
                table = _shift(table, "row", before[name])
            for column, links in LINKS.items():
                if name in links:
                    table = _shift(table, column, before[links[name]])
            found.append(table)
            rows[name] += table.num_rows
    return {name: pa.concat_tables(tables, promote_options="permissive") for name, tables in joined.items() if tables}


def measured(tables: Mapping[str, pa.Table]) -> dict[str, pd.DataFrame]:
    """Frames by table: the columns kept, and what is computed from others.

    Raises:
        UnjoinedTables: rows of different files have the same number.
    """
    for name in (MEMBER, CLAIM):
        if name in tables and not np.array_equal(tables[name]["row"].to_numpy(), np.arange(tables[name].num_rows)):
            raise UnjoinedTables(f"the rows of {name} are not numbered from 0")
    frames = {name: frame_of(tables[name], columns) for name, columns in KEPT.items() if name in tables}
    for name, add in COMPUTED.items():
        if name in frames:
            frames[name] = frames[name].assign(**add(tables))
    return frames


def _header(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    days = frame_of(tables[HEADER], ("as_of", "maintenance_effective", "created"))
    return {"day": days["as_of"].fillna(days["maintenance_effective"]).fillna(days["created"])}


def _member(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    """Dependants live where their subscriber does, unless they say otherwise."""
    facts = frame_of(
        tables[MEMBER],
        (
            *("is_subscriber", "relationship_code", "maintenance_type", "death_date"),
            *("identifier_qualifier", "identifier", "address", "city", "state"),
        ),
    )
    has_address = facts[["address", "city", "state"]].notna().all(axis="columns")
    return {
        "relationship_agrees": (facts["is_subscriber"] == "Y") == (facts["relationship_code"] == "18"),
        "ssn_plausible": (facts["identifier_qualifier"] != "34") | ssn_plausible(facts["identifier"]),
        "subscriber_has_address": (facts["is_subscriber"] != "Y") | has_address,
        "death_ends_coverage": facts["death_date"].isna() | (facts["maintenance_type"] == "024"),
    }


def _coverage(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    """A termination may have its end at the member (DTP*357) or as the day of the change (DTP*303)."""
    facts = frame_of(tables[COVERAGE], ("parent_row", "maintenance_type", "begin", "end", "maintenance_effective"))
    of_member = frame_of(tables[MEMBER], ("eligibility_end", "maintenance_effective")).iloc[
        facts["parent_row"].to_numpy()
    ]
    ends = facts["end"].notna() | facts["maintenance_effective"].notna()
    ends |= of_member.notna().any(axis="columns").to_numpy()
    return {
        "addition_has_begin": (facts["maintenance_type"] != "021") | facts["begin"].notna(),
        "termination_has_end": (facts["maintenance_type"] != "024") | ends,
    }


def _claim(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    claims = frame_of(tables[CLAIM], ("charge_cents", "billing_npi"))
    lines = frame_of(tables[LINE], ("parent_row", "charge_cents"))
    by_claim = lines.groupby("parent_row")["charge_cents"]
    every = range(len(claims))
    totals = by_claim.sum().reindex(every, fill_value=0).set_axis(claims.index)
    return {
        "charge_is_sum_of_lines": (claims["charge_cents"] == totals).fillna(value=False).astype("bool"),
        "lines": by_claim.size().reindex(every, fill_value=0).set_axis(claims.index),
        "billing_npi_checked": npi_checked(claims["billing_npi"]),
    }


def _line(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    facts = frame_of(tables[LINE], ("procedure_code", "revenue_code"))
    thousandths = pc.multiply(tables[LINE]["quantity"], pa.scalar(THOUSANDTHS, pa.decimal128(5)))
    return {
        "pointers_answered": _pointers_answered(tables),
        "service_named": facts["procedure_code"].notna() | facts["revenue_code"].notna(),
        "quantity_thousandths": thousandths.cast(pa.int64()).to_pandas(types_mapper=TYPES.get),
    }


def _pointers_answered(tables: Mapping[str, pa.Table]) -> pd.Series:
    """Pointers count the diagnoses of the claim, without admitting ones, reasons for the visit and external causes."""
    lines = frame_of(tables[LINE], ("parent_row", *POINTERS))
    counted = pd.Series(0, index=lines.index)
    if DIAGNOSIS in tables:
        diagnoses = frame_of(tables[DIAGNOSIS], ("parent_row", "qualifier"))
        of_claim = diagnoses[diagnoses["qualifier"].isin(POINTED_AT)].groupby("parent_row").size()
        counted = lines["parent_row"].map(of_claim).fillna(0)
    answered = [lines[name].isna() | lines[name].between(1, counted) for name in POINTERS]
    return pd.concat(answered, axis="columns").fillna(value=True).all(axis="columns").astype("bool")


def _set(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    """Counts and cents do not leave: only whether they agree."""
    facts = tables[SET].to_pandas()
    decided = facts["paid"] + facts["denied"] + facts["pended"] + facts["waiting"]
    return {
        "claims_answered": facts["received"] == facts["accepted"] + facts["rejected"],
        "charges_answered": facts["received_cents"] == facts["accepted_cents"] + facts["rejected_cents"],
        "claims_decided": facts["accepted"] == decided,
        "charges_decided": facts["decided_cents"] == facts["paid_cents"] + facts["adjusted_cents"],
        "lines_balance": facts["unbalanced_lines"] == 0,
        "nothing_waits": facts["waiting"] == 0,
    }


COMPUTED: Mapping[str, Callable[[Mapping[str, pa.Table]], dict[str, pd.Series]]] = {
    HEADER: _header,
    MEMBER: _member,
    COVERAGE: _coverage,
    CLAIM: _claim,
    LINE: _line,
    OTHER: measure_payers,
    ADJUDICATION: measure_lines,
    SET: _set,
}


def ssn_plausible(numbers: pd.Series) -> pd.Series:
    """May these be social security numbers? Not 000, 666 or 9xx, nor one digit only. True where nothing is sent."""
    digits = numbers.str.replace("-", "", regex=False)
    fits = digits.str.fullmatch(r"(?!000|666|9)(?!(\d)\1{8})\d{3}(?!00)\d{2}(?!0000)\d{4}")
    return numbers.isna() | fits.fillna(value=False).astype("bool")


def npi_checked(numbers: pd.Series) -> pd.Series:
    """Is the last digit the Luhn check digit over 80840 and the others? True for what is no NPI by its shape."""
    shaped = numbers.str.fullmatch(r"\d{10}").fillna(value=False).astype("bool")
    digits = numbers.where(shaped, "0" * 10)
    total = pd.Series(NPI_PREFIX_SUM, index=numbers.index)
    for place in range(10):
        digit = digits.str[place].astype("int64")
        doubled = digit * 2 if place % 2 == 0 else digit
        total += doubled // 10 + doubled % 10
    return ~shaped | (total % 10 == 0)


def _shift(table: pa.Table, column: str, by: int) -> pa.Table:
    return table.set_column(table.schema.get_field_index(column), column, pc.add(table[column], by))
