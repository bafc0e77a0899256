"""Coordination of benefits: who pays first, what the payers before us left, and what we add (domain.md 7.3).

An 837 says where we stand by SBR01 (2000B) and names the others in loops 2320, each with what it paid (AMT*D), why not
all of it (CAS), and the same by line (2430).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from edi.claim_facts import OtherPayers
from rules.benefits import UNLIMITED
from rules.docket import LAST_DAY
from rules.rulebook import Rulebook
from rules.ruling import Ruling

PRIMARY = "P"
RANKS = {code: rank for rank, code in enumerate("PSTABCDEFGH")}
"""SBR01 in the order of payment."""
STATUSES = {0: "1", 1: "2"}
"""CLP02 of a processed claim by our rank; beyond the second all are tertiary (domain.md 8.1 #1)."""
TERTIARY = "3"


def measure(lines: pd.DataFrame, others: OtherPayers | None) -> pd.DataFrame:
    """What the rules ask of other payers, by line.

    `our_rank` (0 = we pay first), `processed_status` (CLP02), `other_first` (enrolment knows an insurer before us on
    the day of service), `payers_before` (how many the claim names), `payers_silent` (how many of them said nothing),
    `first_silent` (is the first of them silent?), `payers_unbalanced` (how many gave what does not add up to the
    charge), `remaining_cents`: what the last payer before us left to the patient; UNLIMITED where we pay first.
    """
    found = pd.DataFrame(
        {
            "our_rank": 0,
            "processed_status": STATUSES[0],
            "other_first": False,
            "payers_before": 0,
            "payers_silent": 0,
            "first_silent": False,
            "payers_unbalanced": 0,
            "remaining_cents": UNLIMITED,
        },
        index=lines.index,
    )
    if others is None or lines.empty:
        return found
    rank = _ranks(others)
    found["our_rank"] = lines["claim_id"].map(rank).fillna(0).astype("int64")
    found["processed_status"] = processed_statuses(lines["claim_id"], others)
    found["other_first"] = _other_first(lines, others.first_elsewhere)
    before = _payers_before(lines, found["our_rank"], others)
    if before.empty:
        return found
    by_claim = before.groupby("claim_id").agg(
        payers_before=("payer", "size"),
        payers_silent=("is_silent", "sum"),
        first_silent=("is_silent", "first"),
        payers_unbalanced=("is_unbalanced", "sum"),
    )
    for name in by_claim:
        found[name] = lines["claim_id"].map(by_claim[name]).fillna(0).astype(found[name].dtype)
    last = before.drop_duplicates("claim_id", keep="last")
    left = _left_to_patient(lines, last, others)
    found["remaining_cents"] = left.reindex(lines.index, fill_value=UNLIMITED)
    return found


def processed_statuses(claim_ids: pd.Series, others: OtherPayers | None) -> pd.Series:
    """CLP02 of claims that are processed, by our place among their payers (domain.md 8.1 #1)."""
    if others is None:
        return pd.Series(STATUSES[0], index=claim_ids.index, dtype="object")
    rank = claim_ids.map(_ranks(others)).fillna(0).astype("int64")
    return rank.map(STATUSES).fillna(TERTIARY)


def _ranks(others: OtherPayers) -> pd.Series:
    """Our place among the payers of each claim (by claim_id), 0 = first."""
    positions = others.positions.set_index("claim_id")["payer_responsibility"]
    return positions.map(RANKS).astype("float64").fillna(0)


def _other_first(lines: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Was the member insured elsewhere first on the day of service, as far as enrolment knows?"""
    asked = lines[["member_id", "service_day"]].assign(at=lines.index).dropna()
    pairs = asked.merge(known.astype({"member_id": "Int64"}), on="member_id")
    day = pairs["service_day"]
    first = pairs["first_day"].astype("datetime64[s]").fillna(pd.Timestamp("1800-01-01"))
    last = pairs["last_day"].astype("datetime64[s]").fillna(LAST_DAY)
    return pd.Series(lines.index.isin(pairs.loc[(first <= day) & (day <= last), "at"]), index=lines.index)


def _payers_before(lines: pd.DataFrame, our_rank: pd.Series, others: OtherPayers) -> pd.DataFrame:
    """The payers before us, claim by claim in the order of payment, with what they said in all.

    `is_silent`: neither a payment nor an adjustment nor a line. `is_unbalanced`: payment and adjustments do not add up
    to the charge of the claim (domain.md 2, COB balance).
    """
    key = ["claim_id", "payer"]
    claims = lines.assign(our_rank=our_rank).drop_duplicates("claim_id")[["claim_id", "claim_charge_cents", "our_rank"]]
    payers = others.payers.astype({"claim_id": "int64", "payer": "int64"}).merge(claims, on="claim_id")
    payers["rank"] = payers["payer_responsibility"].map(RANKS).astype("float64")
    payers = payers[payers["rank"] < payers["our_rank"]].sort_values(["claim_id", "rank", "payer"], kind="stable")
    for name, frame, amount in (
        ("line_paid", others.line_results, "paid_cents"),
        ("adjusted", others.adjustments, "amount_cents"),
    ):
        total = frame.groupby(key)[amount].sum().rename(name).reset_index().astype("int64")
        payers = payers.merge(total, on=key, how="left")
    paid = payers["paid_cents"].astype("Int64").fillna(payers["line_paid"].astype("Int64"))
    payers["is_silent"] = paid.isna() & payers["adjusted"].isna()
    told = paid.fillna(0) + payers["adjusted"].fillna(0).astype("int64")
    payers["is_unbalanced"] = ~payers["is_silent"] & (told != payers["claim_charge_cents"])
    return payers.astype({"is_silent": "bool", "is_unbalanced": "bool"})


def _left_to_patient(lines: pd.DataFrame, last: pd.DataFrame, others: OtherPayers) -> pd.Series:
    """What the last payer before us left to the patient of each line of its claims, 0 to the charge.

    That is its PR adjustments of the line, and the line's share by charge of its PR adjustments of the claim. Only of a
    payer without any it is what is said to remain (AMT*EAF) of the line, or where that is said of no line, the line's
    share of what remains of the claim: both tell the same money, and are never added up.
    """
    payer = last.set_index("claim_id")["payer"].astype("int64")
    mine = lines[lines["claim_id"].isin(payer.index)]
    asked = mine[["claim_id", "line_number", "charge_cents"]].astype({"line_number": "int64"})
    adjusted = _of_payer(others.adjustments, payer)
    owed = adjusted[adjusted["group_code"] == "PR"].rename(columns={"amount_cents": "left"})
    results = _of_payer(others.line_results, payer).rename(columns={"patient_liability_cents": "left"})
    stated = results[results["left"].notna() & ~results["claim_id"].isin(owed["claim_id"])]
    of_claim = last.rename(columns={"patient_liability_cents": "left"})
    unsaid = ~of_claim["claim_id"].isin(owed["claim_id"]) & ~of_claim["claim_id"].isin(stated["claim_id"])
    whole = owed["line_number"].isna()
    by_line = pd.concat([owed[~whole], stated])
    by_claim = pd.concat([owed[whole], of_claim[unsaid]])
    told = by_line.groupby(["claim_id", "line_number"])["left"].sum()
    left = told.reindex(pd.MultiIndex.from_frame(asked[["claim_id", "line_number"]]), fill_value=0).set_axis(
        asked.index
    )
    shared = asked["claim_id"].map(by_claim.groupby("claim_id")["left"].sum()).fillna(0).astype("object")
    total = left.astype("object") + _by_charge(asked, shared)
    charge = asked["charge_cents"].astype("object")
    return pd.Series(np.clip(total, 0, charge), index=asked.index).astype("int64")


def _of_payer(told: pd.DataFrame, payer: pd.Series) -> pd.DataFrame:
    """What one payer of each claim (`payer` by claim_id) said of it."""
    return told[told["payer"].astype("int64") == told["claim_id"].map(payer).fillna(0).astype("int64")]


def _by_charge(lines: pd.DataFrame, amounts: pd.Series) -> pd.Series:
    """An amount of the claim divided over its lines by their charges, to the cent."""
    so_far = lines.groupby("claim_id")["charge_cents"].cumsum().astype("object")
    total = lines.groupby("claim_id")["charge_cents"].transform("sum").astype("object")
    before = so_far - lines["charge_cents"].astype("object")
    whole = total.where(total > 0, 1)
    return (amounts * so_far) // whole - (amounts * before) // whole


def order_of_payers(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """Who is to pay before us has been asked: else CO (or OA) 22 (domain.md 7.3, 8.2 #17).

    With N4 where enrolment knows an insurer before us and the bill comes as if there were none; with MA92 where the
    bill says that we are not the first and names nobody who is.
    """
    claimed_first = (lines["our_rank"] == 0) & lines["other_first"]
    yield Ruling(
        lines=lines[claimed_first],
        effect="deny",
        rule="OTHER-PAYER-FIRST",
        text="service {service}, enrolment knows another insurer that pays first; the claim names us as primary",
        facts={"service": lines["service_day"]},
        group_code=rulebook.other_payer_group,
        reason_code="22",
        remark_codes=("N4",),
    )
    yield Ruling(
        lines=lines[(lines["our_rank"] > 0) & (lines["payers_before"] == 0)],
        effect="deny",
        rule="OTHER-PAYER-FIRST",
        text="we are not the first payer, and the claim names none before us",
        whole_claim=True,
        group_code=rulebook.other_payer_group,
        reason_code="22",
        remark_codes=("MA92",),
    )


def results_complete(lines: pd.DataFrame, _rulebook: Rulebook) -> Iterator[Ruling]:
    """What payers before us decided is there and adds up: else CO 16 (domain.md 8.2 #19).

    With N4 where the first of them is silent, N479 where a later one is, N48 where a result does not add up.
    """
    silent = lines["payers_silent"] > 0
    first = silent & lines["first_silent"]
    for at, remark in ((first, "N4"), (silent & ~first, "N479")):
        yield Ruling(
            lines=lines[at],
            effect="deny",
            rule="OTHER-PAYER-RESULT",
            text="{before} payers before us, {silent} of them without payment and adjustments",
            facts={"before": lines["payers_before"], "silent": lines["payers_silent"]},
            whole_claim=True,
            group_code="CO",
            reason_code="16",
            remark_codes=(remark,),
        )
    yield Ruling(
        lines=lines[~silent & (lines["payers_unbalanced"] > 0)],
        effect="deny",
        rule="OTHER-PAYER-BALANCE",
        text="charge {charge_cents} cents is not what {unbalanced} payers before us paid and adjusted",
        facts={"charge_cents": lines["claim_charge_cents"], "unbalanced": lines["payers_unbalanced"]},
        whole_claim=True,
        group_code="CO",
        reason_code="16",
        remark_codes=("N48",),
    )
