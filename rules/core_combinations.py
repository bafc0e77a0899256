"""CAQH CORE's uniform-use rule: inside its scenarios only the listed combinations of codes may go out (domain.md 8.3).

The list is copyrighted and revised several times a year; a plan loads its own copy as `core_combination`. A CARC that
is in no scenario is free.
"""

from __future__ import annotations

import pandas as pd

from edi.reference_data import ReferenceFacts
from rules.decision_laws import ALERTS
from rules.decisions import Decisions

LAW = "the combination of group, reason and remark is one that CORE lists"
LAST_DAY = pd.Timestamp("9999-12-31").as_unit("s")


def unlisted(decisions: Decisions, reference: ReferenceFacts | None, on: pd.Series) -> pd.DataFrame:
    """Claims with a combination that is not listed: `claim_id` and `law`, in the form of `broken_laws`."""
    return unlisted_codes(decisions.adjustments, decisions.remarks, reference, on)


def unlisted_codes(
    adjustments: pd.DataFrame, remarks: pd.DataFrame, reference: ReferenceFacts | None, on: pd.Series
) -> pd.DataFrame:
    """The same of adjustments and remarks, in the columns that `Decisions` has.

    `on` is the day of each claim (by claim_id) on which a combination must be in force. A remark that is an alert takes
    no part. Of a line with several remarks, one listed with the reason is enough.
    """
    nothing = pd.DataFrame({"claim_id": pd.Series(dtype="int64"), "law": pd.Series(dtype="object")})
    if reference is None or "core_combination" not in reference.tables:
        return nothing
    listed = reference.tables["core_combination"]
    day = on.astype("datetime64[s]")
    line = ["claim_id", "line_number"]
    told = adjustments[adjustments["reason_code"].isin(listed["reason_code"])]
    telling = remarks[~remarks["remark_code"].isin(ALERTS)]
    said = told.merge(telling, on=line, how="left").assign(at=lambda each: each["claim_id"].map(day))
    pairs = said.merge(listed, on=["group_code", "reason_code"], suffixes=("", "_listed"))
    through = pairs["effective_through"].astype("datetime64[s]").fillna(LAST_DAY)
    in_force = (pairs["effective_from"].astype("datetime64[s]") <= pairs["at"]) & (pairs["at"] <= through)
    same = pairs["remark_code"].fillna("") == pairs["remark_code_listed"].fillna("")
    good = pd.MultiIndex.from_frame(pairs.loc[in_force & same, [*line, "group_code", "reason_code"]])
    bad = told[~pd.MultiIndex.from_frame(told[[*line, "group_code", "reason_code"]]).isin(good)]
    return pd.DataFrame({"claim_id": bad["claim_id"].astype("int64"), "law": LAW}).drop_duplicates()
