"""Paperwork that services need, by the plan's tables `attachment_rule` and `attachment` (domain.md 4.1, 8.2 #37).

A claim announces paperwork that comes apart from it (PWK), by a number that the plan records when it comes.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from edi.reference_data import ReferenceFacts
from rules.pend_reasons import ATTACHMENT_AWAITED
from rules.reference_rows import about, has_word
from rules.rulebook import Rulebook
from rules.ruling import Ruling

AT_THE_PROVIDER = "AA"
"""PWK02: available on request, which is not sending it."""
NOT_NEEDED, ABSENT, ANNOUNCED, RECEIVED = "", "absent", "announced", "received"


def measure(lines: pd.DataFrame, reference: ReferenceFacts | None) -> pd.DataFrame:
    """By line what there is of the paperwork that it needs, `attachment`, and the remark for what is missing.

    Of several rules for a line the one with the least counts, then the first of the table.
    """
    found = pd.DataFrame(
        {
            "attachment": pd.Series(NOT_NEEDED, index=lines.index, dtype="str"),
            "attachment_remark": pd.Series(np.nan, index=lines.index).astype("str"),
        },
        index=lines.index,
    )
    if reference is None or lines.empty or "attachment_rule" not in reference.tables:
        return found
    needed = about(lines, reference.tables["attachment_rule"]).reset_index(drop=True)
    if needed.empty:
        return found
    sent = _sent(lines.loc[needed["at"].unique()], reference)
    pairs = needed.reset_index(names="need")[["need", "at", "report_types"]].merge(sent, on="at")
    fits = pairs["report_types"].isna() | has_word(pairs["report_types"], pairs["report_type"])
    got = pairs[fits].groupby("need")["state"].max()
    needed["state"] = got.reindex(needed.index).fillna(0).astype("int64")
    worst = needed.sort_values(["state", "row_id"]).drop_duplicates("at").set_index("at")
    names = np.array([ABSENT, ANNOUNCED, RECEIVED], dtype=object)
    found.loc[worst.index, "attachment"] = names[worst["state"].to_numpy()]
    found.loc[worst.index, "attachment_remark"] = worst["remark_code"]
    return found


def _sent(lines: pd.DataFrame, reference: ReferenceFacts) -> pd.DataFrame:
    """What each line or its claim announces: `at`, `report_type` and `state`, 1 announced, 2 received."""
    none = pd.DataFrame({"at": pd.Series(dtype="int64"), "report_type": "", "state": pd.Series(dtype="int64")})
    work = reference.paperwork
    if work is None or work.empty:
        return none
    at = lines[["claim_id", "line_number", "billing_npi"]].assign(at=lines.index)
    pairs = at.merge(work.astype({"claim_id": "int64"}), on="claim_id", suffixes=("", "_sent"))
    mine = pairs["line_number_sent"].isna() | (pairs["line_number_sent"] == pairs["line_number"]).fillna(value=False)
    pairs = pairs[mine.astype("bool") & (pairs["transmission"] != AT_THE_PROVIDER)].reset_index(drop=True)
    came = reference.tables.get("attachment")
    received = pd.Series(data=False, index=pairs.index)
    if came is not None and len(came):
        numbers = pairs[["control_number", "billing_npi"]].reset_index(names="pair").dropna(subset=["control_number"])
        matched = numbers.merge(came, on="control_number")
        fits = matched["provider_npi"].isna() | (matched["provider_npi"] == matched["billing_npi"])
        received = pd.Series(pairs.index.isin(matched.loc[fits, "pair"]), index=pairs.index)
    return pairs[["at", "report_type"]].assign(state=received.astype("int64") + 1)


def supplied(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """Paperwork that is needed is announced and comes: else CO 252, or CO 226 where it was announced and never came.

    Both with the remark of the table. What was announced is waited for `attachment_days` after the claim's receipt.
    """
    state = lines["attachment"]
    late = (state == ANNOUNCED) & (lines["waited_days"] > rulebook.attachment_days)
    for at, reason, told in (
        (state == ABSENT, "252", "needs paperwork, and none is announced"),
        (late, "226", "paperwork was announced and did not come in {days} days"),
    ):
        for remark in sorted(lines.loc[at, "attachment_remark"].unique()):
            yield Ruling(
                lines=lines[at & (lines["attachment_remark"] == remark)],
                effect="deny",
                rule="ATTACHMENT-SUPPLIED",
                text=f"service {{service}}: {told}",
                facts={"service": lines["service_day"], "days": lines["waited_days"]},
                group_code="CO",
                reason_code=reason,
                remark_codes=(str(remark),),
            )
    yield Ruling(
        lines=lines[(state == ANNOUNCED) & ~late],
        effect="pend",
        rule="ATTACHMENT-SUPPLIED",
        text="service {service}: paperwork was announced, and waited for {limit_days} days",
        facts={"service": lines["service_day"], "limit_days": rulebook.attachment_days},
        pend_reason=ATTACHMENT_AWAITED,
    )
