"""Copay, deductible, coinsurance and out-of-pocket maximum: which part of the allowed amounts the member owes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from rules import common_remainder
from rules.accumulators import FAMILY, LIMIT, MEMBER, NOTHING, Account, Whole, benefit_years, turns
from rules.benefit_settings import CostShares, basis_points
from rules.rulebook import Plan, Rulebook

WHOLE = 10_000
"""Basis points of a whole."""
UNLIMITED = 2**62
DEDUCTIBLE, OUT_OF_POCKET = "deductible", "out_of_pocket"
OUT_OF_NETWORK = "_out_of_network"
SHARES = ("copay", "deductible", "coinsurance")
PURSE = ["family_key", "member_id", "plan_id", "in_network", "year_from"]
"""What one member has of one plan in a benefit year."""

TERMS = {
    "copay_cents": "int64",
    "coinsurance_basis_points": "int64",
    "deductible_cents": "int64",
    "family_deductible_cents": "int64",
    "out_of_pocket_cents": "int64",
    "family_out_of_pocket_cents": "int64",
    "deductible_after_copay": "bool",
    "year_begins": "int64",
}
ALIKE = [*PURSE, *TERMS]
"""What lines have in common whose shares may be worked out together."""


def find_benefits(lines: pd.DataFrame, rulebook: Rulebook) -> pd.DataFrame:
    """The benefits in force for the plan of each line on its day, in or out of network: TERMS, and `year_from`.

    `benefits_known` is False where the rulebook has none; `out_of_network_covered` says whether the plan pays for
    providers without a contract. Amounts without limit are UNLIMITED.
    """
    asked = lines[["plan_id", "service_day", "in_network"]]
    distinct = asked.dropna().drop_duplicates()
    terms = _terms(rulebook.plans)
    pairs = distinct.merge(terms, on=["plan_id", "in_network"])
    pairs = pairs[pairs["effective_from"] <= pairs["service_day"]]
    best = pairs.sort_values("effective_from", kind="stable").drop_duplicates(list(asked), keep="last")
    best = best.drop(columns="effective_from").assign(benefits_known=True)
    best["year_from"] = benefit_years(best["service_day"], best["year_begins"])
    found = asked.merge(best, on=list(asked), how="left").set_axis(lines.index).drop(columns=list(asked))
    for name, kind in TERMS.items():
        found[name] = found[name].astype("object").fillna(0).astype(np.dtype(kind))
    for name in ("benefits_known", "out_of_network_covered"):
        found[name] = found[name].eq(other=True)
    return found


def _terms(plans: tuple[Plan, ...]) -> pd.DataFrame:
    """A row for each dated plan and network; out of network what the plan has for it, else nothing is owed."""
    rows = [
        (
            plan.id,
            in_network,
            pd.Timestamp(plan.effective_from),
            plan.out_of_network is not None,
            *_amounts(plan.in_network if in_network else plan.out_of_network or CostShares()),
            plan.year_begins[0] * 100 + plan.year_begins[1],
        )
        for plan in plans
        for in_network in (True, False)
    ]
    names = ["plan_id", "in_network", "effective_from", "out_of_network_covered", *TERMS]
    types = {"plan_id": "str", "in_network": "bool", "effective_from": "datetime64[s]"} | TERMS
    return pd.DataFrame(rows, columns=names).astype(types | {"out_of_network_covered": "bool"})


def _amounts(shares: CostShares) -> tuple[int | bool, ...]:
    def limit(cents: int | None) -> int:
        return UNLIMITED if cents is None else cents

    return (
        shares.copay_cents,
        basis_points(shares.coinsurance_percent),
        shares.deductible_cents,
        limit(shares.family_deductible_cents),
        limit(shares.out_of_pocket_cents),
        limit(shares.family_out_of_pocket_cents),
        shares.deductible_after_copay,
    )


def share(cents: Whole, points: Whole) -> Whole:
    """So many basis points of non-negative cents, rounded half up."""
    return np.asarray((cents * points + WHOLE // 2) // WHOLE, dtype=np.int64)


def copays(lines: pd.DataFrame, rulebook: Rulebook) -> tuple[pd.Series, pd.Series]:
    """The copay that each line owes, and whether it is of a service that owes one.

    The copay is owed once a claim: by a professional claim for services at a copay place, taken from their allowed
    amounts in the order of the lines until it is used up.
    """
    allowed = lines["allowed_cents"]
    place = lines["place_of_service"].fillna(lines["facility_code"])
    owes = (lines["claim_class"] == "professional") & place.isin(rulebook.copay_places) & (allowed > 0)
    owing = allowed.where(owes, 0)
    first_owing = lines[owes].drop_duplicates("claim").set_index("claim")["copay_cents"]
    claim_copay = first_owing.reindex(lines["claim"], fill_value=0).set_axis(lines.index)
    used_before = owing.groupby(lines["claim"]).cumsum() - owing
    copay = (claim_copay - used_before).clip(lower=0)
    return copay.where(copay <= owing, owing), owes & (claim_copay > 0)


@dataclass(frozen=True, slots=True)
class _Purses:
    """The four states of each line's purse, with how far each may go."""

    states: Whole
    """By line: deductible of member and family, out of pocket of member and family; NOTHING where it has no limit."""
    limits: Whole
    group: Whole
    """Number of the family's purse: lines of different groups never share a state."""


def cost_shares(lines: pd.DataFrame, rulebook: Rulebook, account: Account, taken_back: pd.DataFrame) -> pd.DataFrame:
    """What the member owes of each payable line, in cents, SHARES, and the plan's `benefit`.

    The copay goes first. Services that owe none owe the deductible (others only where the plan says so), until the
    member or the family has met it; coinsurance is a share of the rest. All of it ends where the out-of-pocket maximum
    of the member or the family is reached. After another payer the plan pays at most what that left to the patient
    (`remaining_cents`), and the patient owes what is left of it then (domain.md 7.3); `rules.common_remainder` says of
    which lines that is worked out together.

    Lines are taken in the order of the claims and count in `account`, after what the claim's original had used was
    taken back from it.
    """
    copay, has_copay = copays(lines, rulebook)
    rest = lines["allowed_cents"] - copay
    exempt = has_copay & ~lines["deductible_after_copay"]
    owed = {
        "allowed": lines["allowed_cents"].to_numpy(),
        "copay": copay.to_numpy(),
        "rest": rest.to_numpy(),
        "subject": rest.where(~exempt, 0).to_numpy(),
        "remaining": lines["remaining_cents"].to_numpy(),
    }
    together = common_remainder.heads(lines, ALIKE)
    owed = {name: common_remainder.gathered(amounts, together) for name, amounts in owed.items()}
    benefits = np.zeros(len(lines), dtype=np.int64)
    points = lines["coinsurance_basis_points"].to_numpy()
    shares = np.zeros((len(lines), len(SHARES)), dtype=np.int64)
    purses = _purses(lines, account)
    claims = lines["claim"].to_numpy(dtype=np.int64)
    events = _events(lines, purses, account, taken_back)
    for turn in turns(events["group"]):
        back = turn[events["line"][turn] < 0]
        if len(back):
            account.take_back(events["claim"][back], events["state"][back], events["amount"][back])
        at = events["line"][turn[events["line"][turn] >= 0]]
        left = purses.limits[at] - account.amounts[purses.states[at]]
        left = np.maximum(left, 0)
        room = left[:, 2:].min(axis=1)
        copaid = np.minimum(owed["copay"][at], room)
        room = room - copaid
        deducted = np.minimum(np.minimum(owed["subject"][at], left[:, :2].min(axis=1)), room)
        room = room - deducted
        coinsured = np.minimum(share(owed["rest"][at] - deducted, points[at]), room)
        # what an earlier payer left is all that the patient owes, and we pay of it first
        benefit = owed["allowed"][at] - copaid - deducted - coinsured
        due = np.maximum(owed["remaining"][at] - benefit, 0)
        copaid = np.minimum(copaid, due)
        deducted = np.minimum(deducted, due - copaid)
        coinsured = np.minimum(coinsured, due - copaid - deducted)
        shares[at] = np.column_stack([copaid, deducted, coinsured])
        benefits[at] = np.minimum(benefit, owed["remaining"][at])
        _count(account, claims[at], purses.states[at], deducted, copaid + deducted + coinsured)
    found = common_remainder.spread(lines, np.column_stack([benefits, shares]), together)
    return pd.DataFrame(found, columns=["benefit", *SHARES], index=lines.index)


def _count(account: Account, claims: Whole, states: Whole, deducted: Whole, owed: Whole) -> None:
    for place, amounts in enumerate((deducted, deducted, owed, owed)):
        counted = (states[:, place] != NOTHING) & (amounts > 0)
        account.use(claims[counted], states[counted, place], amounts[counted])


def _purses(lines: pd.DataFrame, account: Account) -> _Purses:
    """States of every purse that the lines draw on."""
    limits = np.column_stack(
        [
            lines[name].to_numpy(dtype=np.int64)
            for name in (
                "deductible_cents",
                "family_deductible_cents",
                "out_of_pocket_cents",
                "family_out_of_pocket_cents",
            )
        ]
    )
    counted = (limits < UNLIMITED) & (lines["allowed_cents"].to_numpy() > 0)[:, None]
    # a deductible of nothing is met by everybody, so the family's share of it is not counted either
    counted[:, :2] &= limits[:, :1] > 0
    purse = lines.groupby(PURSE, dropna=False).ngroup().to_numpy(dtype=np.int64)
    group = lines.groupby([name for name in PURSE if name != "member_id"], dropna=False).ngroup()
    first = pd.Series(purse).drop_duplicates().index.to_numpy()
    number = np.empty(len(first), dtype=np.int64)
    number[purse[first]] = np.arange(len(first))
    owners = lines.iloc[first]
    states = np.full((len(first), 4), NOTHING, dtype=np.int64)
    # any of its lines may be the first that draws on it: one may be without charge, or of earlier terms
    drawn = np.zeros((len(first), 4), dtype=bool)
    np.logical_or.at(drawn, number[purse], counted)
    for place, (holder, counter) in enumerate(
        ((MEMBER, DEDUCTIBLE), (FAMILY, DEDUCTIBLE), (MEMBER, OUT_OF_POCKET), (FAMILY, OUT_OF_POCKET))
    ):
        wanted = drawn[:, place]
        found = account.states(_keys(owners[wanted], holder, counter))
        states[wanted, place] = found
    by_line = states[number[purse]] if len(lines) else states
    # what draws on nothing waits for nobody
    alone = len(lines) + np.arange(len(lines))
    groups = np.where(counted.any(axis=1), group.to_numpy(dtype=np.int64), alone)
    return _Purses(np.where(counted, by_line, NOTHING), limits, groups)


def _keys(owners: pd.DataFrame, holder: str, counter: str) -> pd.DataFrame:
    suffix = owners["in_network"].map({True: "", False: OUT_OF_NETWORK})
    return pd.DataFrame(
        {
            "holder": holder,
            "holder_id": owners["member_id"] if holder == MEMBER else owners["family_key"],
            "plan_id": owners["plan_id"],
            "counter": counter + suffix,
            "period_from": owners["year_from"],
        }
    )


def _events(
    lines: pd.DataFrame, purses: _Purses, account: Account, taken_back: pd.DataFrame
) -> dict[str, npt.NDArray[np.int64]]:
    """Lines that may owe something, and what is taken back before the lines of a claim, in their order.

    `line` is the position of the line, -1 for what is taken back.
    """
    back = taken_back[~taken_back["counter"].str.startswith(LIMIT)]
    states = account.states(back)
    # what no line draws on makes a group of its own
    group_of_state = 2 * len(lines) + np.arange(len(account.amounts), dtype=np.int64)
    for place in range(purses.states.shape[1]):
        counted = purses.states[:, place] != NOTHING
        group_of_state[purses.states[counted, place]] = purses.group[counted]
    groups = group_of_state[states]
    some = np.flatnonzero(lines["allowed_cents"].to_numpy() > 0)
    parts = pd.DataFrame(
        {
            "claim": np.concatenate([back["claim"].to_numpy(dtype=np.int64), lines["claim"].to_numpy()[some]]),
            "line": np.concatenate([np.full(len(back), -1), some]),
            "group": np.concatenate([groups, purses.group[some]]),
            "state": np.concatenate([states, np.full(len(some), NOTHING)]),
            "amount": np.concatenate([back["amount"].to_numpy(dtype=np.int64), np.zeros(len(some), dtype=np.int64)]),
        }
    )
    ordered = parts.sort_values(["claim", "line"], kind="stable")
    return {str(name): ordered[name].to_numpy(dtype=np.int64) for name in ordered}
