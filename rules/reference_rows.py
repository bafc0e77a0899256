"""Which rows of the plan's tables are about which lines of the docket."""

from __future__ import annotations

import pandas as pd

from rules.docket import LAST_DAY

ALIKE = (
    ("plan_id", "plan_id_rule"),
    ("kind", "kind_rule"),
    ("revenue_code", "revenue_code_rule"),
    ("place", "place_of_service"),
)
"""Columns of a line and of a row, by the names that they have side by side."""


def about(lines: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Pairs of a line, `at` being its place in the docket, and a row of a table that is in force on its day.

    Of plan, kind of claim, procedure, revenue code and place (that of the line, else of the claim) all that the row
    names are those of the line. The row's other columns keep their names.
    """
    named = ["plan_id", "kind", "revenue_code", "place_of_service"]
    rows = table.rename(columns={name: f"{name}_rule" for name in named if name != "place_of_service"})
    at = lines[["plan_id", "kind", "procedure_code", "revenue_code", "service_day"]].assign(
        at=lines.index, place=lines["place_of_service"].fillna(lines["facility_code"])
    )
    of_any = rows[rows["procedure_code"].isna()].drop(columns="procedure_code")
    pairs = pd.concat(
        [
            at.merge(rows[rows["procedure_code"].notna()], on="procedure_code"),
            at.merge(of_any, how="cross"),
        ],
        ignore_index=True,
    )
    fits = in_force(pairs)
    for mine, its in ALIKE:
        if its in pairs:
            fits &= pairs[its].isna() | (pairs[its] == pairs[mine])
    found: pd.DataFrame = pairs[fits]
    return found


def in_force(pairs: pd.DataFrame) -> pd.Series:
    """Is the row of each pair in force on the line's day of service?"""
    day = pairs["service_day"]
    through = pairs["effective_through"].astype("datetime64[s]").fillna(LAST_DAY)
    return (pairs["effective_from"].astype("datetime64[s]") <= day) & (day <= through)


def has_word(texts: pd.Series, words: pd.Series) -> pd.Series:
    """Is each word one of those that the text beside it has, with blanks between? Missing ones are not."""
    both = zip(texts.fillna("").tolist(), words.tolist(), strict=True)
    return pd.Series([isinstance(word, str) and word in text.split() for text, word in both], texts.index, dtype="bool")
