"""The laws that every decision keeps, whoever made it: X12's and CMS's on groups, reasons, remarks and status.

They are domain.md 8.1. A decision that breaks one would be an 835 that its receiver may refuse, so it waits for a
person instead of going out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple

import pandas as pd

from rules.decisions import OTHER_PAYERS, VOIDED, Decisions

GROUPS = frozenset({"CO", "OA", "PI", "PR"})
FORCED_GROUPS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        **dict.fromkeys(("18", "23", "133", "136", "209"), frozenset({"OA"})),
        **dict.fromkeys(("85", "100", "201", "238", "275"), frozenset({"PR"})),
        **dict.fromkeys(("139", "249", "281"), frozenset({"CO"})),
        "29": frozenset({"CO", "OA", "PI"}),
        "45": frozenset({"PR", "CO"}),
        "278": frozenset({"CO", "PI"}),
    }
)
"""Groups that a CARC allows: by its text (domain.md 8.1 #3), or because nobody may bill the patient for it (5.6)."""
NEED_REMARK = frozenset({"16", "96", "129", "148", "201", "226", "227", "234", "237", "250", "251", "252", "267"})
"""CARCs that say nothing without a remark that is no alert (domain.md 8.1 #4)."""
ALERTS = frozenset({"N1", "N185", "N202", "N210", "N211", "MA67"})
"""Remarks whose text begins with Alert: they inform, and never explain an adjustment."""
STATUSES = frozenset({"1", "2", "3", "4", "19", "20", "21", "23", "25", VOIDED})
"""CLP02 of a decision; 22 is a reversal, and 5 is gone from 5010 (domain.md 8.1 #1)."""
UNKNOWN_PATIENT = "4"
UNKNOWN_REASON = "31"
PENDING_LINE = "133"
WHOLE_CLAIM = 0
"""Line number of what is said of a claim as a whole."""


class Law(NamedTuple):
    """A law."""

    id: str
    says: str


@cache
def laws() -> tuple[Law, ...]:
    """Every law, in the order in which they are looked at."""
    no_text, no_number = pd.Series(dtype="object"), pd.Series(dtype="int64")
    line = {"claim_id": no_number, "line_number": no_number}
    nothing = Decisions(
        claims=pd.DataFrame(
            {
                **dict.fromkeys(("claim_id", "patient_responsibility_cents"), no_number),
                **dict.fromkeys(("outcome", "claim_status_code"), no_text),
            }
        ),
        lines=pd.DataFrame({**line, **dict.fromkeys(("charge_cents", "paid_cents"), no_number)}),
        adjustments=pd.DataFrame({**line, "group_code": no_text, "reason_code": no_text, "amount_cents": no_number}),
        remarks=pd.DataFrame({**line, "remark_code": no_text}),
        accumulators=pd.DataFrame(),
    )
    return tuple(law for law, _ in _looked_at(nothing))


def broken_laws(decisions: Decisions) -> pd.DataFrame:
    """Every law that a decision breaks: `claim_id` and `law`, in the order of the claims, each law once a claim."""
    found = broken_lines(decisions)[["claim_id", "law"]].drop_duplicates()
    order = pd.Series(range(len(decisions.claims)), index=decisions.claims["claim_id"])
    return (
        found.assign(at=found["claim_id"].map(order))
        .sort_values(["at", "law"])
        .drop(columns="at")
        .reset_index(drop=True)
    )


def broken_lines(decisions: Decisions) -> pd.DataFrame:
    """Where laws are broken: `claim_id`, `line_number` (0: the claim itself) and `law`, each once."""
    parts = [where.astype("int64").assign(law=law.says) for law, where in _looked_at(decisions)]
    return pd.concat(parts, ignore_index=True).drop_duplicates(ignore_index=True)


def _looked_at(decisions: Decisions) -> Iterator[tuple[Law, pd.DataFrame]]:
    """Each law, and the claims and lines that break it."""
    heads = decisions.claims[decisions.claims["outcome"] != "pended"]
    yield from _of_adjustments(decisions)
    yield from _of_lines(decisions)
    for law, ids in _of_claims(heads, decisions.adjustments):
        yield law, pd.DataFrame({"claim_id": ids, "line_number": WHOLE_CLAIM})


def _of_adjustments(decisions: Decisions) -> Iterator[tuple[Law, pd.DataFrame]]:
    adjusted = decisions.adjustments
    line = ["claim_id", "line_number"]
    where, group, reason = adjusted[line], adjusted["group_code"], adjusted["reason_code"]
    yield Law("GROUP-KNOWN", "the group is CO, OA, PI or PR"), where[~group.isin(GROUPS)]
    for code, groups in FORCED_GROUPS.items():
        allowed = " or ".join(sorted(groups))
        yield (
            Law(f"GROUP-OF-{code}", f"reason {code} goes with group {allowed}"),
            where[(reason == code) & ~group.isin(groups)],
        )
    repeated = adjusted.duplicated([*line, "group_code", "reason_code"])
    yield Law("REASON-ONCE", "a group and reason stands once on a line"), where[repeated]
    remarked = decisions.remarks.loc[~decisions.remarks["remark_code"].isin(ALERTS), line].drop_duplicates()
    explained = adjusted[line].merge(remarked.assign(explained=True), on=line, how="left")["explained"].notna()
    unexplained = reason.isin(NEED_REMARK) & ~explained.to_numpy()
    yield Law("REASON-REMARKED", "a reason that says nothing alone has a remark that is no alert"), where[unexplained]
    yield Law("NOTHING-PENDING", "no line is left pending in a decided claim"), where[reason == PENDING_LINE]
    yield Law("ADJUSTMENT-POSITIVE", "no adjustment is of nothing"), where[adjusted["amount_cents"] <= 0]
    charges = decisions.lines[[*line, "charge_cents"]]
    whole = charges.groupby("claim_id", as_index=False)["charge_cents"].sum().assign(line_number=WHOLE_CLAIM)
    charge = adjusted[line].merge(pd.concat([charges, whole[charges.columns]]), on=line, how="left")["charge_cents"]
    taken = (reason == "45").to_numpy() & (adjusted["amount_cents"].to_numpy() >= charge.to_numpy())
    yield Law("WRITE-OFF-IN-PART", "reason 45 never takes the whole charge"), where[taken]


def _of_lines(decisions: Decisions) -> Iterator[tuple[Law, pd.DataFrame]]:
    lines = decisions.lines
    line = ["claim_id", "line_number"]
    total = decisions.adjustments.groupby(line)["amount_cents"].sum().reset_index()
    taken = lines[line].merge(total, on=line, how="left")["amount_cents"].fillna(0).astype("int64").to_numpy()
    unbalanced = lines["charge_cents"].to_numpy() != lines["paid_cents"].to_numpy() + taken
    yield Law("CHARGE-BALANCED", "charge = paid + adjustments"), lines.loc[unbalanced, line]
    yield Law("PAYMENT-NOT-NEGATIVE", "no line is paid less than nothing"), lines.loc[lines["paid_cents"] < 0, line]


def _of_claims(heads: pd.DataFrame, adjusted: pd.DataFrame) -> Iterator[tuple[Law, pd.Series]]:
    ids, status = heads["claim_id"], heads["claim_status_code"]
    yield Law("STATUS-KNOWN", "the status is one that a decision may have"), ids[~status.isin(STATUSES)]
    known = adjusted.loc[~adjusted["reason_code"].isin([UNKNOWN_REASON, OTHER_PAYERS[1]]), "claim_id"]
    unknown = (status == UNKNOWN_PATIENT) & (ids.isin(known) | (heads["outcome"] != "denied"))
    yield Law("STATUS-4-PATIENT-UNKNOWN", "status 4 is of a patient who is not recognised"), ids[unknown]
    owed = adjusted[adjusted["group_code"] == "PR"].groupby("claim_id")["amount_cents"].sum()
    share = ids.map(owed).fillna(0).astype("int64")
    yield (
        Law("PATIENT-SHARE-BALANCED", "patient responsibility = sum of PR"),
        ids[share != heads["patient_responsibility_cents"]],
    )
