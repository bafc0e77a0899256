"""Decisions as frames: outcome and money of claims, and the lines, adjustments and remarks that carry it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from rules.frequency_codes import REPLACEMENT, VOID
from rules.pend_reasons import NO_LINES
from rules.proceedings import Proceedings, Told
from rules.ruling import Ruling

OTHER_PAYERS = ("OA", "23")
"""What payers before us have done to a charge."""
NOT_PROCESSED = frozenset({"16", "18", "22", "193"})
"""CARCs of a bill that lacks something, was decided before, should have gone elsewhere first, or changes nothing."""
VOIDED = "void"
"""Claim status of an accepted void: the remittance sends the reversal of its original and nothing of its own."""


@dataclass(frozen=True, slots=True)
class Decisions:
    """What was decided of each claim. Money in cents; on every line charge = paid + sum of its adjustments.

    claims: claim_id, outcome (paid, denied, pended), pend_reason, claim_status_code (empty while pended), plan_id,
    allowed_cents, paid_cents, patient_responsibility_cents (its PR adjustments), replaces_original, explanation (a
    list of JSON-able facts); one row for every claim handed in, in that order.
    lines: claim_id, line_number, charge_cents, allowed_cents, paid_cents.
    adjustments: claim_id, line_number, group_code, reason_code, amount_cents (never 0).
    remarks: claim_id, line_number, remark_code.
    accumulators: claim_id, holder, holder_id, plan_id, counter, period_from, before, taken_back, used: what the claim
    used up of benefits, after what the claim whose place it takes had used was taken back.
    Pended claims and accepted voids have no lines, adjustments or remarks.
    """

    claims: pd.DataFrame
    lines: pd.DataFrame
    adjustments: pd.DataFrame
    remarks: pd.DataFrame
    accumulators: pd.DataFrame


def replacing(claims: pd.DataFrame, proceedings: Proceedings) -> np.ndarray:
    """Which claims take the place of their original, by position: corrections and voids decided on their merits."""
    correction = claims["frequency_code"].isin([REPLACEMENT, VOID]).to_numpy(dtype=bool)
    return np.asarray(correction & ~proceedings.pended_claims & ~proceedings.original_stays_claims, dtype=bool)


def conclude(
    claims: pd.DataFrame,
    proceedings: Proceedings,
    payable: pd.DataFrame,
    money: pd.DataFrame,
    adjusted: pd.DataFrame,
    entries: pd.DataFrame,
) -> Decisions:
    """Decisions from what the rules said.

    `payable` lines, their `money` and what of it is `adjusted` are those that stayed open to the end; `entries` are
    those of the accumulators, by position of the claim.
    """
    count = proceedings.count
    docket = proceedings.lines
    without_lines = ~_positions(docket["claim"], count)
    pend_reasons = np.where(without_lines, NO_LINES, proceedings.pend_reasons)
    pended = np.asarray(pend_reasons != "", dtype=bool)
    settled = docket[~(pended | proceedings.void_claims)[docket["claim"].to_numpy()]]
    lines = pd.DataFrame(
        {
            "claim": settled["claim"],
            "claim_id": settled["claim_id"],
            "line_number": settled["line_number"],
            "charge_cents": settled["charge_cents"],
            "allowed_cents": payable["allowed_cents"].reindex(settled.index, fill_value=0),
            "paid_cents": money["paid"].reindex(settled.index, fill_value=0),
        }
    )
    adjustments = _adjustments(settled, proceedings.denials, payable, adjusted)
    paid = proceedings.void_claims | _paid(settled, payable, count)
    status = np.where(proceedings.void_claims, VOIDED, proceedings.status_codes)
    owed = adjustments[adjustments["group_code"] == "PR"]
    decided = pd.DataFrame(
        {
            "claim_id": claims["claim_id"].to_numpy(dtype="int64"),
            "outcome": pd.Series(np.where(pended, "pended", np.where(paid, "paid", "denied")), dtype=object),
            "pend_reason": _where(pended, pend_reasons),
            "claim_status_code": _where(~pended, status),
            "plan_id": _first_plan(docket, count),
            "allowed_cents": _total(lines, "allowed_cents", count),
            "paid_cents": _total(lines, "paid_cents", count),
            "patient_responsibility_cents": _total(owed, "amount_cents", count),
            "replaces_original": replacing(claims, proceedings) & ~pended,
            "explanation": _by_claim(proceedings.told, without_lines),
        }
    )
    return Decisions(
        claims=decided,
        lines=lines.drop(columns="claim").reset_index(drop=True),
        adjustments=adjustments.drop(columns="claim"),
        remarks=_remarks(settled, proceedings.denials),
        accumulators=_by_claim_id(entries, claims),
    )


def _paid(settled: pd.DataFrame, payable: pd.DataFrame, count: int) -> np.ndarray:
    """Claims with a line that stayed open, by position: one without a charge is nothing beside denied ones."""
    charged = payable[payable["charge_cents"] != 0]
    denied = settled[~settled.index.isin(payable.index) & (settled["charge_cents"] != 0)]
    uncharged = _positions(payable["claim"], count) & ~_positions(denied["claim"], count)
    return np.asarray(_positions(charged["claim"], count) | uncharged, dtype=bool)


def _adjustments(
    settled: pd.DataFrame, denials: Sequence[Ruling], payable: pd.DataFrame, adjusted: pd.DataFrame
) -> pd.DataFrame:
    """The whole charge of denied lines, the adjusted parts of payable ones; nothing for amounts of 0."""
    parts = []
    for each in denials:
        lines = settled.loc[settled.index.isin(each.lines.index)]
        parts += denied_parts(lines, each.group_code, each.reason_code, lines["others_effect_cents"])
    parts.append(payable[["claim", "claim_id", "line_number"]].join(adjusted, how="inner"))
    together = pd.concat(parts)
    order = ["claim", "line_number"]
    return together[together["amount_cents"] != 0].sort_values(order, kind="stable").reset_index(drop=True)


def _by_claim_id(entries: pd.DataFrame, claims: pd.DataFrame) -> pd.DataFrame:
    ids = claims["claim_id"].to_numpy(dtype="int64")[entries["claim"].to_numpy()]
    return entries.drop(columns="claim").assign(claim_id=ids)


def denied_parts(lines: pd.DataFrame, group: str, reason: str, effect: pd.Series) -> list[pd.DataFrame]:
    """The adjustments of denied lines: OA 23 for the `effect` of other payers (cents), the denial for the rest.

    So no patient is charged for what another payer paid or wrote off (domain.md 8.2 #18). A bill that is not decided on
    its merits (NOT_PROCESSED) is denied as a whole, and nobody charged for it.
    """
    taken = pd.Series(0, index=lines.index) if reason in NOT_PROCESSED and group != "PR" else effect
    rest = lines["charge_cents"] - taken
    return [_adjusted(lines, OTHER_PAYERS, taken), _adjusted(lines, (group, reason), rest)]


def _adjusted(lines: pd.DataFrame, code: tuple[str, str], cents: pd.Series) -> pd.DataFrame:
    columns = lines.drop(columns=lines.columns.difference(["claim", "claim_id", "line_number"]))
    coded = columns.assign(group_code=code[0], reason_code=code[1], amount_cents=cents.astype("int64"))
    return coded.astype({"group_code": object, "reason_code": object})


def _remarks(settled: pd.DataFrame, denials: Sequence[Ruling]) -> pd.DataFrame:
    names = ["claim", "claim_id", "line_number"]
    parts = [settled.loc[[], names].assign(remark_code="")]
    for each in denials:
        lines = settled.loc[settled.index.isin(each.lines.index), names]
        parts += [lines.assign(remark_code=code) for code in each.remark_codes]
    together = pd.concat(parts).astype({"remark_code": object})
    order = ["claim", "line_number"]
    return together.sort_values(order, kind="stable").drop(columns="claim").reset_index(drop=True)


def _where(condition: np.ndarray, texts: np.ndarray) -> pd.Series:
    """The texts where the condition holds, None elsewhere."""
    chosen = np.full(len(texts), None, dtype=object)
    chosen[condition] = texts[condition]
    return pd.Series(chosen, dtype=object)


def _positions(claims: pd.Series, count: int) -> np.ndarray:
    found = np.zeros(count, dtype=bool)
    found[claims.to_numpy()] = True
    return found


def _total(lines: pd.DataFrame, name: str, count: int) -> np.ndarray:
    return lines.groupby("claim")[name].sum().reindex(range(count), fill_value=0).to_numpy()


def _first_plan(docket: pd.DataFrame, count: int) -> pd.Series:
    """The plan of the first line that has one."""
    found = docket[["claim", "plan_id"]].dropna().drop_duplicates("claim")
    plans = np.full(count, None, dtype=object)
    plans[found["claim"].to_numpy()] = found["plan_id"].to_numpy(dtype=object)
    return pd.Series(plans, dtype=object)


def _by_claim(told: Sequence[Told], without_lines: np.ndarray) -> pd.Series:
    """Explanations gathered by claim, in the order in which the rules spoke."""
    gathered: list[list[dict[str, Any]]] = [[] for _ in without_lines]
    for claims, entries in told:
        for claim, entry in zip(claims, entries, strict=True):
            gathered[claim].append(entry)
    for claim in np.flatnonzero(without_lines).tolist():
        gathered[claim].append({"rule": "LINES-PRESENT", "text": "no service line, rule LINES-PRESENT"})
    return pd.Series(gathered, dtype=object)
