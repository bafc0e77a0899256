"""What members and families have used up of their benefits, kept while claims are decided one after the other.

An accumulator counts for a member or a family, in a plan, from the first day of a benefit year (or of a lifetime). The
`counter` says what: `deductible`, `out_of_pocket`, both also with `_out_of_network`, or `limit:` and a limit's id.
A correction or void first takes back what the claim whose place it takes had used (domain.md 6.5).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

KEY = ["holder", "holder_id", "plan_id", "counter", "period_from"]
ENTRY = ["claim", *KEY, "before", "taken_back", "used"]
MEMBER, FAMILY = "member", "family"
LIMIT = "limit:"
LIFETIME = date(1900, 1, 1)
"""First day of the one period of a lifetime."""

NOTHING = 0
"""The state of what is not counted."""

Whole = npt.NDArray[np.int64]


class Account:
    """Amounts by state, a state being the number of a key; and what each claim did to them."""

    def __init__(self, known: pd.DataFrame | None) -> None:
        """Open it with what is `known`: the columns of KEY, and `amount`."""
        nobody = pd.DataFrame([("", 0, "", "", LIFETIME)], columns=KEY)
        self._keys = typed_keys(nobody if known is None else pd.concat([nobody, known[KEY]]))
        self.amounts: Whole = np.zeros(1, dtype=np.int64)
        if known is not None:
            self.amounts = np.concatenate([self.amounts, known["amount"].to_numpy(dtype="int64")])
        self._log: list[tuple[Whole, Whole, Whole, Whole, Whole]] = []

    def states(self, wanted: pd.DataFrame) -> Whole:
        """The state of each row of KEY columns; what was never counted starts at nothing."""
        wanted = typed_keys(wanted)
        known = self._keys.assign(state=np.arange(len(self._keys), dtype="int64"))
        found = wanted.merge(known, on=KEY, how="left")["state"]
        missing = found.isna().to_numpy()
        if missing.any():
            added = wanted[missing].drop_duplicates()
            self._keys = pd.concat([self._keys, added], ignore_index=True)
            self.amounts = np.concatenate([self.amounts, np.zeros(len(added), dtype="int64")])
            return self.states(wanted)
        return found.to_numpy(dtype="int64")

    def use(self, claims: Whole, states: Whole, amounts: Whole) -> None:
        """Count amounts that claims use."""
        self._log.append((claims, states, self.amounts[states], np.zeros_like(amounts), amounts))
        np.add.at(self.amounts, states, amounts)

    def take_back(self, claims: Whole, states: Whole, amounts: Whole) -> None:
        """Take back amounts that the originals of these claims had used."""
        self._log.append((claims, states, self.amounts[states], amounts, np.zeros_like(amounts)))
        np.subtract.at(self.amounts, states, amounts)

    def entries(self) -> pd.DataFrame:
        """What each claim did: ENTRY columns, one row a claim and accumulator, in the order of the claims.

        `before` is the amount before the claim; after it there is `before - taken_back + used`.
        """
        none = np.empty(0, dtype=np.int64)
        columns = [np.concatenate([none, *(part[place] for part in self._log)]) for place in range(5)]
        log = pd.DataFrame(
            dict(zip(("claim", "state", "before", "taken_back", "used"), columns, strict=True)), dtype="int64"
        )
        log = log[(log["taken_back"] != 0) | (log["used"] != 0)]
        moved = log.groupby(["claim", "state"], as_index=False).agg(
            before=("before", "first"), taken_back=("taken_back", "sum"), used=("used", "sum")
        )
        keys = self._keys.iloc[moved["state"].to_numpy()].reset_index(drop=True)
        together = pd.concat([moved.drop(columns="state"), keys], axis=1)
        return together[ENTRY].sort_values(["claim", *KEY], kind="stable").reset_index(drop=True)


def empty_keys() -> pd.DataFrame:
    """No rows of KEY."""
    return pd.DataFrame({name: pd.Series(dtype="object") for name in KEY})


def typed_keys(frame: pd.DataFrame) -> pd.DataFrame:
    """The KEY columns in the types by which they are compared."""
    types = {"holder": "str", "holder_id": "int64", "plan_id": "str", "counter": "str", "period_from": "datetime64[s]"}
    typed: pd.DataFrame = frame[KEY].astype(types)
    return typed.reset_index(drop=True)


def match_families(lines: pd.DataFrame, families: pd.DataFrame | None) -> pd.Series:
    """`family_key` of each line's member; one who belongs to none is a family of his own, under a negative key."""
    alone = -lines["member_id"].fillna(0).astype("int64")
    if families is None:
        return alone.rename("family_key")
    keys = families.set_index("member_id")["family_key"].astype("int64")
    return lines["member_id"].map(keys).astype("Int64").fillna(alone).astype("int64").rename("family_key")


def returned(taken_back: pd.DataFrame | None, claim_ids: pd.Series, replacing: npt.NDArray[np.bool_]) -> pd.DataFrame:
    """What is to be taken back: KEY, `amount` and `claim`, the position of a claim that replaces its original.

    `taken_back` has KEY, `claim_id` (of the correction) and `amount` (what its original used).
    """
    if taken_back is None or taken_back.empty:
        return empty_keys().assign(amount=pd.Series(dtype="int64"), claim=pd.Series(dtype="int64"))
    claim = pd.Index(claim_ids).get_indexer(pd.Index(taken_back["claim_id"]))
    kept = taken_back.assign(claim=claim.astype("int64"), amount=taken_back["amount"].astype("int64"))
    kept = kept[(claim >= 0) & replacing[claim]]
    ordered: pd.DataFrame = kept.sort_values(["claim", *KEY], kind="stable")
    return ordered.reset_index(drop=True)


def benefit_years(days: pd.Series, begins: pd.Series) -> pd.Series:
    """First day of the benefit year that each day lies in; `begins` is the year's first day as month * 100 + day."""
    month_day = days.dt.month * 100 + days.dt.day
    year = days.dt.year - (month_day < begins).astype("int64")
    parts = pd.DataFrame({"year": year, "month": begins // 100, "day": begins % 100})
    return pd.to_datetime(parts).astype("datetime64[s]")


def turns(groups: Whole) -> Iterator[Whole]:
    """Positions of the first event of each group, then of the second of each, until no group has more.

    What a claim uses up depends on the claims before it, but only on those of its own group. Inside a turn no group
    comes twice, and a group's events come in the order of their positions: as many turns as the longest group is long.
    """
    if not len(groups):
        return
    turn = pd.Series(groups).groupby(groups).cumcount().to_numpy()
    order = np.argsort(turn, kind="stable").astype(np.int64)
    yield from np.split(order, np.cumsum(np.bincount(turn))[:-1])
