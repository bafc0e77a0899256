"""Is a procedure medically necessary for its diagnoses, by the plan's table `coverage_policy` (domain.md 8.2 #32)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from edi.reference_data import ReferenceFacts
from rules.reference_rows import about, has_word
from rules.rulebook import Rulebook
from rules.ruling import Ruling
from rules.service_rules import BEYOND, MODIFIERS


def measure(lines: pd.DataFrame, reference: ReferenceFacts | None) -> pd.DataFrame:
    """`unnecessary_group` of each line: CO, or PR where the patient agreed to pay; missing where it is necessary.

    `unnecessary_remark` is the remark that the first row for the procedure names, or empty. A line is for the diagnoses
    that it points to (SV107), without pointers for all of its claim.
    """
    found = pd.DataFrame(
        {
            "unnecessary_group": pd.Series(np.nan, index=lines.index).astype("str"),
            "unnecessary_remark": pd.Series("", index=lines.index, dtype="str"),
        },
        index=lines.index,
    )
    if reference is None or lines.empty or "coverage_policy" not in reference.tables:
        return found
    policies = about(lines, reference.tables["coverage_policy"])
    had = policies[["at", "row_id", "lowest", "highest"]].merge(_diagnoses(lines, reference), on="at")
    fits = (had["lowest"] <= had["code"]) & (had["code"] <= had["highest"].fillna(had["lowest"]) + BEYOND)
    without = policies[~policies["at"].isin(had.loc[fits, "at"])].sort_values(["at", "row_id"])
    if without.empty:
        return found
    waived = pd.Series(data=False, index=without.index)
    for name in MODIFIERS:
        waived |= has_word(without["waiver_modifiers"], lines[name].reindex(without["at"]).set_axis(without.index))
    first = without.drop_duplicates("at").set_index("at")
    found.loc[first.index, "unnecessary_group"] = "CO"
    found.loc[without.loc[waived, "at"].unique(), "unnecessary_group"] = "PR"
    found.loc[first.index, "unnecessary_remark"] = first["remark_code"].fillna("")
    return found


def _diagnoses(lines: pd.DataFrame, reference: ReferenceFacts) -> pd.DataFrame:
    """The diagnoses that each line is for: `at` and `code`."""
    at = pd.DataFrame({"at": lines.index, "claim_id": lines["claim_id"], "line_number": lines["line_number"]})
    of_claim = reference.diagnoses[["claim_id", "ordinal", "code"]].dropna().astype({"claim_id": "int64"})
    each = at.merge(of_claim, on="claim_id")
    if reference.pointers is None or reference.pointers.empty:
        return each[["at", "code"]]
    pointed = at.merge(reference.pointers.astype("int64"), on=["claim_id", "line_number"])
    chosen = each.astype({"ordinal": "int64"}).merge(pointed[["at", "ordinal"]], on=["at", "ordinal"])
    return pd.concat([chosen[["at", "code"]], each.loc[~each["at"].isin(pointed["at"]), ["at", "code"]]])


def necessary(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """CO 50, or PR 50 where a modifier says that the patient agreed to pay for it himself."""
    codes = lines[["unnecessary_group", "unnecessary_remark"]].dropna()
    for (group, remark), of_codes in codes.groupby(["unnecessary_group", "unnecessary_remark"]):
        chosen = lines.loc[of_codes.index]
        yield Ruling(
            lines=chosen,
            effect="deny",
            rule="MEDICALLY-NECESSARY",
            text="service {service}: no diagnosis of the line is one that the plan covers the procedure for",
            facts={"service": chosen["service_day"]},
            group_code=str(group),
            reason_code="50",
            remark_codes=(str(remark),) if remark else (),
        )
