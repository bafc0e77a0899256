"""Coverage that our books lacked when the service took place, and the day on which we recorded it (domain.md 5.2)."""

from __future__ import annotations

import numpy as np
import pandas as pd

from rules.docket import DENTAL, LAST_DAY
from rules.rulebook import Rulebook

KEY = ["member_id", "service_day", "is_dental"]


def recorded_late(lines: pd.DataFrame, records: pd.DataFrame | None, rulebook: Rulebook) -> pd.Series:
    """The first day on which we knew that the member was covered on the day of service; NaT where we knew in time.

    `records` are spans in valid and recorded time (`ClaimFacts.coverage_records`), superseded ones too: what was known
    on the day of service and was lost later was known. A span recorded on the day of service is in time, and so is one
    that came with the opening of the books.
    """
    nothing = pd.Series(np.datetime64("NaT", "s"), index=lines.index, dtype="datetime64[s]")
    if records is None or records.empty:
        return nothing
    wanted = lines[["member_id", "service_day"]].assign(is_dental=lines["kind"] == DENTAL)
    asked = wanted.dropna().drop_duplicates()
    pairs = asked.merge(_known(records, rulebook), on=["member_id", "is_dental"])
    day = pairs["service_day"]
    pairs = pairs[(pairs["valid_from"] <= day) & (day <= pairs["valid_through"].fillna(LAST_DAY))]
    in_time = (pairs["recorded_on"] <= pairs["service_day"]) & (
        pairs["superseded_on"].isna() | (pairs["superseded_on"] > pairs["service_day"])
    )
    opened = rulebook.filing.books_opened_on
    if opened is not None:
        in_time |= pairs["recorded_on"] <= np.datetime64(opened, "s")
    later = pairs["recorded_on"].where(pairs["recorded_on"] > pairs["service_day"])
    answers = (
        pairs.assign(in_time=in_time, later=later).groupby(KEY).agg(in_time=("in_time", "any"), later=("later", "min"))
    )
    answers["later"] = answers["later"].mask(answers["in_time"])
    found = wanted.merge(answers[["later"]].reset_index(), on=KEY, how="left").set_axis(lines.index)
    return found["later"].astype("datetime64[s]")


def _known(records: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """Spans of medical and of dental insurance, as `is_dental` says."""
    insurance = {False: rulebook.medical_insurance_lines, True: rulebook.dental_insurance_lines}
    parts = [
        records[records["insurance_line"].isin(names)].assign(is_dental=is_dental)
        for is_dental, names in insurance.items()
    ]
    known = pd.concat(parts)
    known["member_id"] = known["member_id"].astype("Int64")
    return known
