"""Claims and services that somebody else answers for, or nobody (domain.md 8.2 #12, #20)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

import numpy as np
import pandas as pd

from edi.reference_data import ReferenceFacts
from rules.reference_rows import about
from rules.rulebook import Rulebook
from rules.ruling import Ruling

NOT_OURS = "109"
USUAL: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "24": ("CO", ""),
        "96": ("PR", "N130"),
        NOT_OURS: ("OA", "N418"),
        "270": ("OA", ""),
        "280": ("OA", ""),
    }
)
"""Group and remark by reason, where the table names none."""
COLUMNS = ("exclusion_reason", "exclusion_group", "exclusion_remark")


def measure(lines: pd.DataFrame, reference: ReferenceFacts | None) -> pd.DataFrame:
    """By line the codes by which it is excluded, COLUMNS; missing where it is not. The first row of the table holds."""
    found = pd.DataFrame(
        {name: pd.Series(np.nan, index=lines.index).astype("str") for name in COLUMNS}, index=lines.index
    )
    if reference is None or lines.empty or "exclusion" not in reference.tables:
        return found
    pairs = about(lines, reference.tables["exclusion"]).sort_values("row_id").drop_duplicates("at").set_index("at")
    reason = pairs["reason_code"]
    found["exclusion_reason"] = reason.reindex(lines.index).astype("str")
    for name, place in (("group", 0), ("remark", 1)):
        usual = reason.map({code: codes[place] for code, codes in USUAL.items()})
        said = pairs[f"{name}_code"].fillna(usual)
        found[f"exclusion_{name}"] = said.reindex(lines.index).astype("str")
    return found


def sent_to_us(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """The payer that the claim names (2010BB NM109) is us, where no 277CA returns it: else OA 109 with N418."""
    named = lines["payer_id"]
    elsewhere = named.notna() & ~named.isin(rulebook.payer_ids) & bool(rulebook.payer_ids)
    yield Ruling(
        lines=lines[elsewhere],
        effect="deny",
        rule="SENT-TO-US",
        text="the claim names another payer",
        whole_claim=True,
        group_code="OA",
        reason_code=NOT_OURS,
        remark_codes=("N418",),
        original_stays=True,
    )


def answered_for(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """The plan answers for the service: else what its table `exclusion` says (domain.md 8.2 #12, #20)."""
    codes = lines[list(COLUMNS)].dropna(subset=["exclusion_reason"])
    for (reason, group, remark), of_codes in codes.groupby(list(COLUMNS)):
        chosen = lines.loc[of_codes.index]
        yield Ruling(
            lines=chosen,
            effect="deny",
            rule="ANSWERED-FOR",
            text="service {service}, plan {plan} does not answer for it",
            facts={"service": chosen["service_day"], "plan": chosen["plan_id"]},
            group_code=str(group),
            reason_code=str(reason),
            remark_codes=(str(remark),) if remark else (),
        )
