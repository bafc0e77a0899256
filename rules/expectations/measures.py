"""The frames that Great Expectations sees: the columns that an expectation is about, and nothing else of a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from edi.trouble import Final
from rules.expectations.catalogue import CLAIM, COVERAGE, HEADER, LINE, MEMBER

PARENTS = {COVERAGE: MEMBER, LINE: CLAIM}
KEPT = {
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
        *("service_from", "service_through"),
    ),
}
THOUSANDTHS = 1000
NPI_PREFIX_SUM = 24
"""What the prefix 80840 of the card issuer adds to the Luhn sum of an NPI."""


class UnjoinedTables(Final):
    """Tables of several files were put together without keeping their rows apart; `together` does it."""


def together(files: Sequence[Mapping[str, pa.Table]]) -> dict[str, pa.Table]:
    """The tables of several files as those of one: rows are numbered on, and still name their parents."""
    joined: dict[str, list[pa.Table]] = {name: [] for name in KEPT}
    rows = dict.fromkeys(KEPT, 0)
    for tables in files:
        before = dict(rows)
        for name in KEPT:
            if name not in tables:
                continue
            table = tables[name]
            table = _shift(table, "row", before[name])
            if name in PARENTS:
                table = _shift(table, "parent_row", before[PARENTS[name]])
            joined[name].append(table)
            rows[name] += table.num_rows
    return {name: pa.concat_tables(tables) for name, tables in joined.items() if tables}


def measured(tables: Mapping[str, pa.Table]) -> dict[str, pd.DataFrame]:
    """Frames by table: the columns kept, and what is computed from others.

    Raises:
        UnjoinedTables: rows of different files have the same number.
    """
    for name in (MEMBER, CLAIM):
        if name in tables and not np.array_equal(tables[name]["row"].to_numpy(), np.arange(tables[name].num_rows)):
            raise UnjoinedTables(f"the rows of {name} are not numbered from 0")
    frames = {name: _frame(tables[name], columns) for name, columns in KEPT.items() if name in tables}
    for name, add in COMPUTED.items():
        if name in frames:
            frames[name] = frames[name].assign(**add(tables))
    return frames


def _header(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    days = _frame(tables[HEADER], ("as_of", "maintenance_effective", "created"))
    return {"day": days["as_of"].fillna(days["maintenance_effective"]).fillna(days["created"])}


def _member(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    """Dependants live where their subscriber does, unless they say otherwise."""
    facts = _frame(
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
    facts = _frame(tables[COVERAGE], ("parent_row", "maintenance_type", "begin", "end", "maintenance_effective"))
    of_member = _frame(tables[MEMBER], ("eligibility_end", "maintenance_effective")).iloc[
        facts["parent_row"].to_numpy()
    ]
    ends = facts["end"].notna() | facts["maintenance_effective"].notna()
    ends |= of_member.notna().any(axis="columns").to_numpy()
    return {
        "addition_has_begin": (facts["maintenance_type"] != "021") | facts["begin"].notna(),
        "termination_has_end": (facts["maintenance_type"] != "024") | ends,
    }


def _claim(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    claims = _frame(tables[CLAIM], ("charge_cents", "billing_npi"))
    lines = _frame(tables[LINE], ("parent_row", "charge_cents"))
    by_claim = lines.groupby("parent_row")["charge_cents"]
    every = range(len(claims))
    totals = by_claim.sum().reindex(every, fill_value=0).set_axis(claims.index)
    return {
        "charge_is_sum_of_lines": (claims["charge_cents"] == totals).fillna(value=False).astype("bool"),
        "lines": by_claim.size().reindex(every, fill_value=0).set_axis(claims.index),
        "billing_npi_checked": npi_checked(claims["billing_npi"]),
    }


def _line(tables: Mapping[str, pa.Table]) -> dict[str, pd.Series]:
    facts = _frame(tables[LINE], ("procedure_code", "revenue_code"))
    thousandths = pc.multiply(tables[LINE]["quantity"], pa.scalar(THOUSANDTHS, pa.decimal128(5)))
    return {
        "service_named": facts["procedure_code"].notna() | facts["revenue_code"].notna(),
        "quantity_thousandths": thousandths.cast(pa.int64()).to_pandas(types_mapper=TYPES.get),
    }


COMPUTED: Mapping[str, Callable[[Mapping[str, pa.Table]], dict[str, pd.Series]]] = {
    HEADER: _header,
    MEMBER: _member,
    COVERAGE: _coverage,
    CLAIM: _claim,
    LINE: _line,
}
TYPES = {pa.string(): pd.StringDtype(na_value=np.nan), pa.int64(): pd.Int64Dtype()}


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


def _frame(table: pa.Table, columns: Sequence[str]) -> pd.DataFrame:
    frame: pd.DataFrame = table.select(list(columns)).to_pandas(types_mapper=TYPES.get, date_as_object=False)
    return frame


def _shift(table: pa.Table, column: str, by: int) -> pa.Table:
    return table.set_column(table.schema.get_field_index(column), column, pc.add(table[column], by))
