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
    """Claims with a combination that is not listed: `claim_id` and `law`, in the form of `broken_laws`.

    `on` is the day of each claim (by claim_id) on which a combination must be in force.
    """
    listed = None if reference is None else reference.tables.get("core_combination")
    return unlisted_lines(decisions, listed, on)[["claim_id", "law"]].drop_duplicates()


def unlisted_lines(decisions: Decisions, listed: pd.DataFrame | None, on: pd.Series) -> pd.DataFrame:
    """Where a combination is not listed: `claim_id`, `line_number` (0: the claim itself) and `law`, each once.

    A remark that is an alert takes no part. Of a line with several remarks, one listed with the reason is enough.
    """
    line = ["claim_id", "line_number"]
    if listed is None:
        return pd.DataFrame({name: pd.Series(dtype="int64") for name in line} | {"law": pd.Series(dtype="object")})
    day = on.astype("datetime64[s]")
    told = decisions.adjustments[decisions.adjustments["reason_code"].isin(listed["reason_code"])]
    remarks = decisions.remarks[~decisions.remarks["remark_code"].isin(ALERTS)]
    said = told.merge(remarks, on=line, how="left").assign(at=lambda each: each["claim_id"].map(day))
    pairs = said.merge(listed, on=["group_code", "reason_code"], suffixes=("", "_listed"))
    through = pairs["effective_through"].astype("datetime64[s]").fillna(LAST_DAY)
    in_force = (pairs["effective_from"].astype("datetime64[s]") <= pairs["at"]) & (pairs["at"] <= through)
    same = pairs["remark_code"].fillna("") == pairs["remark_code_listed"].fillna("")
    good = pd.MultiIndex.from_frame(pairs.loc[in_force & same, [*line, "group_code", "reason_code"]])
    bad = told[~pd.MultiIndex.from_frame(told[[*line, "group_code", "reason_code"]]).isin(good)]
    return bad[line].astype("int64").assign(law=LAW).drop_duplicates()
