"""Coordination of benefits: who pays first, what the payers before us left, and what we add (domain.md 7.3).

An 837 says where we stand by SBR01 (2000B) and names the others in loops 2320, each with what it paid (AMT*D), why not
all of it (CAS), and the same by line (2430).
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from edi.claim_facts import OtherPayers
from rules.benefits import UNLIMITED
from rules.docket import LAST_DAY
from rules.left_to_patient import payments, remaining, told_of_claim
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

    `our_rank` (0 = we pay first), `our_place` (SBR01), `processed_status` (CLP02), `other_first` (enrolment knows an
    insurer before us on the day of service), `place_doubtful` (the claim does not tell whom we pay after),
    `payers_before` (how many the claim names), `places_before` (how many of the places before ours they have),
    `payers_silent` (how many of them said nothing), `first_silent` (is the first of them silent?), `payers_unbalanced`
    (how many gave what does not add up to the charge), `remaining_cents`: what the payers before us left to the
    patient; UNLIMITED where we pay first. `left_of_claim`: did the last of them tell that for the claim?
    `others_effect_cents`: what `effects` says.
    """
    found = pd.DataFrame(
        {
            "our_rank": 0,
            "our_place": PRIMARY,
            "processed_status": STATUSES[0],
            "other_first": False,
            "place_doubtful": False,
            "payers_before": 0,
            "places_before": 0,
            "payers_silent": 0,
            "first_silent": False,
            "payers_unbalanced": 0,
            "remaining_cents": UNLIMITED,
            "left_of_claim": False,
            "others_effect_cents": 0,
        },
        index=lines.index,
    )
    if others is None or lines.empty:
        return found
    found["our_place"] = lines["claim_id"].map(_places(others)).fillna("")
    found["our_rank"] = lines["claim_id"].map(_ranks(others)).fillna(0).astype("int64")
    found["processed_status"] = processed_statuses(lines["claim_id"], others)
    found["other_first"] = _other_first(lines, others.first_elsewhere)
    payers = _payers(lines, others)
    if payers.empty:
        return found
    found["place_doubtful"] = lines["claim_id"].isin(payers.loc[_doubtful(payers), "claim_id"])
    before = _before(payers)
    if len(before):
        by_claim = before.groupby("claim_id").agg(
            payers_before=("payer", "size"),
            places_before=("rank", "nunique"),
            payers_silent=("is_silent", "sum"),
            first_silent=("is_silent", "first"),
            payers_unbalanced=("is_unbalanced", "sum"),
        )
        for name in by_claim:
            found[name] = lines["claim_id"].map(by_claim[name]).fillna(0).astype(found[name].dtype)
        left = remaining(lines, before, others)
        found["remaining_cents"] = left.reindex(lines.index, fill_value=UNLIMITED)
        last = before.drop_duplicates("claim_id", keep="last")
        found["left_of_claim"] = lines["claim_id"].isin(told_of_claim(last, others))
    found["others_effect_cents"] = _effects(lines, payers, found["remaining_cents"], others)
    return found


def effects(lines: pd.DataFrame, others: OtherPayers | None) -> pd.Series:
    """What other payers have done to each line, in cents: the patient owes no denial of it, it is their OA 23.

    Their payments and adjustments before us, which is all that they did not leave to the patient; of claims whose
    payers before us are not all known, with sound results, all payments that the claim names.
    """
    payers = None if others is None or lines.empty else _payers(lines, others)
    if others is None or payers is None or payers.empty:
        return pd.Series(0, index=lines.index, dtype="int64")
    before = _before(payers)
    left = remaining(lines, before, others) if len(before) else pd.Series(dtype="int64")
    return _effects(lines, payers, left.reindex(lines.index, fill_value=UNLIMITED), others)


def _effects(lines: pd.DataFrame, payers: pd.DataFrame, left: pd.Series, others: OtherPayers) -> pd.Series:
    before = _before(payers)
    places = before.groupby("claim_id")["rank"].nunique().reindex(payers["claim_id"]).fillna(0)
    unheard = (payers["is_silent"] | payers["is_unbalanced"]) & (payers["rank"] < payers["our_rank"])
    wrong = _doubtful(payers) | (places.to_numpy() < payers["our_rank"]) | unheard
    sound = before.loc[~before["claim_id"].isin(payers.loc[wrong, "claim_id"]), "claim_id"]
    charge = lines["charge_cents"].clip(lower=0)
    of_unsound = payments(lines, payers, others)
    return (charge - left).clip(lower=0).where(lines["claim_id"].isin(sound), of_unsound)


def processed_statuses(claim_ids: pd.Series, others: OtherPayers | None) -> pd.Series:
    """CLP02 of claims that are processed, by our place among their payers (domain.md 8.1 #1)."""
    if others is None:
        return pd.Series(STATUSES[0], index=claim_ids.index, dtype="object")
    rank = claim_ids.map(_ranks(others)).fillna(0).astype("int64")
    return rank.map(STATUSES).fillna(TERTIARY)


def _places(others: OtherPayers) -> pd.Series:
    """SBR01 of ours by claim_id."""
    return others.positions.set_index("claim_id")["payer_responsibility"]


def _ranks(others: OtherPayers) -> pd.Series:
    """Our place among the payers of each claim (by claim_id), 0 = first."""
    return _places(others).map(RANKS).astype("float64").fillna(0)


def _other_first(lines: pd.DataFrame, known: pd.DataFrame) -> pd.Series:
    """Was the member insured elsewhere first on the day of service, as far as enrolment knows?"""
    asked = lines[["member_id", "service_day"]].assign(at=lines.index).dropna()
    pairs = asked.merge(known.astype({"member_id": "Int64"}), on="member_id")
    day = pairs["service_day"]
    first = pairs["first_day"].astype("datetime64[s]").fillna(pd.Timestamp("1800-01-01"))
    last = pairs["last_day"].astype("datetime64[s]").fillna(LAST_DAY)
    return pd.Series(lines.index.isin(pairs.loc[(first <= day) & (day <= last), "at"]), index=lines.index)


def _payers(lines: pd.DataFrame, others: OtherPayers) -> pd.DataFrame:
    """The other payers that claims name, claim by claim in the order of payment, with what they said in all.

    `rank` is missing where their place is unknown; `our_rank` is ours, and `our_code` SBR01. `total_paid` in cents.
    `is_silent`: neither a payment nor an adjustment nor a line. `is_unbalanced`: payment and adjustments do not add up
    to the charge of the claim (domain.md 2, COB balance).
    """
    key = ["claim_id", "payer"]
    claims = lines.drop_duplicates("claim_id")[["claim_id", "claim_charge_cents"]]
    payers = others.payers.astype({"claim_id": "int64", "payer": "int64"}).merge(claims, on="claim_id")
    payers["our_code"] = payers["claim_id"].map(_places(others)).fillna("")
    payers["our_rank"] = payers["claim_id"].map(_ranks(others)).fillna(0).astype("int64")
    payers["rank"] = payers["payer_responsibility"].map(RANKS).astype("float64")
    payers = payers.sort_values(["claim_id", "rank", "payer"], kind="stable")
    for name, frame, amount in (
        ("line_paid", others.line_results, "paid_cents"),
        ("adjusted", others.adjustments, "amount_cents"),
    ):
        total = frame.groupby(key)[amount].sum().rename(name).reset_index().astype("int64")
        payers = payers.merge(total, on=key, how="left")
    paid = payers["paid_cents"].astype("Int64").fillna(payers["line_paid"].astype("Int64"))
    payers["is_silent"] = paid.isna() & payers["adjusted"].isna()
    payers["total_paid"] = paid.fillna(0).astype("int64")
    told = payers["total_paid"] + payers["adjusted"].fillna(0).astype("int64")
    payers["is_unbalanced"] = ~payers["is_silent"] & (told != payers["claim_charge_cents"])
    return payers.astype({"is_silent": "bool", "is_unbalanced": "bool"})


def _before(payers: pd.DataFrame) -> pd.DataFrame:
    """Those before us."""
    kept: pd.DataFrame = payers[payers["rank"] < payers["our_rank"]]
    return kept


def _doubtful(payers: pd.DataFrame) -> pd.Series:
    """Payers by whom a claim does not tell whom we pay after.

    Any where our own place is unknown (SBR01 U), one that has ours (SBR01 but U stands once in a claim), and one of an
    unknown place that has paid, or where we are not the first, has decided.
    """
    unknown = ~payers["our_code"].isin(list(RANKS))
    decided = ~payers["is_silent"] & (payers["our_rank"] > 0)
    return (
        unknown
        | (payers["rank"] == payers["our_rank"])
        | payers["rank"].isna() & (decided | (payers["total_paid"] > 0))
    )


def order_of_payers(lines: pd.DataFrame, rulebook: Rulebook) -> Iterator[Ruling]:
    """Who is to pay before us is told and has been asked: else CO (or OA) 22 (domain.md 7.3, 8.2 #17).

    With MA83 where the claim does not tell whom we pay after; with N4 where enrolment knows an insurer before us and
    the bill comes as if there were none; with MA92 where not everybody is named who pays before us.
    """
    doubtful = lines["place_doubtful"]
    yield Ruling(
        lines=lines[doubtful],
        effect="deny",
        rule="OTHER-PAYER-FIRST",
        text="the claim does not tell whom we pay after: our place is {place}, that of another payer the same or none",
        facts={"place": lines["our_place"].mask(lines["our_place"] == "", "not given")},
        whole_claim=True,
        group_code=rulebook.other_payer_group,
        reason_code="22",
        remark_codes=("MA83",),
    )
    claimed_first = (lines["our_rank"] == 0) & lines["other_first"]
    yield Ruling(
        lines=lines[claimed_first & ~doubtful],
        effect="deny",
        rule="OTHER-PAYER-FIRST",
        text="service {service}, enrolment knows another insurer that pays first; the claim names us as primary",
        facts={"service": lines["service_day"]},
        group_code=rulebook.other_payer_group,
        reason_code="22",
        remark_codes=("N4",),
    )
    yield Ruling(
        lines=lines[(lines["places_before"] < lines["our_rank"]) & ~doubtful],
        effect="deny",
        rule="OTHER-PAYER-FIRST",
        text="{places} payers come before us, and the claim names {named} of them",
        facts={"places": lines["our_rank"], "named": lines["places_before"]},
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
