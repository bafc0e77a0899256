"""What a rule says: which lines it touches, with what effect, and from which facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Literal, TypeVar

import numpy as np
import pandas as pd

from rules.accumulators import Account
from rules.rulebook import Rulebook

Effect = Literal["note", "deny", "pend", "void"]
Judging = TypeVar("Judging", bound=Callable[..., Iterable["Ruling"]])
Fact = str | int | pd.Series
"""The same for all lines of a ruling, or a series on their index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """One effect on some lines of the docket.

    note: the lines passed, and the facts are worth keeping. deny: the whole charge of each line is adjusted, but for
    what other payers have done to it (`rules.decisions`). pend: the claims wait for `pend_reason`. void: the claims are
    accepted voids, without money.
    """

    lines: pd.DataFrame
    effect: Effect
    rule: str | pd.Series
    text: str
    """A template over the facts; `, rule ...` is added to it."""
    facts: Mapping[str, Fact] = field(default_factory=dict)
    """Ids, dates and numbers; never a name, never an id of a person."""
    whole_claim: bool | pd.Series = False
    """Are the facts those of the claim, told once, instead of those of each line?"""
    group_code: str = ""
    reason_code: str = ""
    remark_codes: tuple[str, ...] = ()
    claim_status: str = ""
    """CLP02 of a claim denied by it: 4 only for a patient who is not recognised (domain.md 8.1 #1); empty: processed
    as the primary, secondary or tertiary payer that we are."""
    original_stays: bool = False
    """A correction denied by it leaves its original in force; decided on its merits it takes the original's place."""
    pend_reason: str = ""


@dataclass(frozen=True, slots=True)
class Judge(Generic[Judging]):
    """A function that judges, where it comes from, and when it is effective."""

    judge: Judging
    source: str
    effective_from: date | None = None
    """First day of receipt of the claims that it judges; None: since ever."""
    effective_through: date | None = None
    """Last day of receipt; None: until further notice."""

    @property
    def id(self) -> str:
        """Subject and law, such as `duplicates.not_seen_before`."""
        return f"{self.judge.__module__.rpartition('.')[2]}.{self.judge.__name__}"

    @property
    def says(self) -> str:
        """What it says, in a line: the first of its documentation."""
        return (self.judge.__doc__ or "").partition("\n")[0]

    def in_force(self, lines: pd.DataFrame) -> pd.DataFrame:
        """Those lines whose claims were received while it is effective."""
        if self.effective_from is None and self.effective_through is None:
            return lines
        received = lines["received_date"]
        kept = pd.Series(data=True, index=lines.index)
        if self.effective_from is not None:
            kept &= received >= pd.Timestamp(self.effective_from)
        if self.effective_through is not None:
            kept &= received <= pd.Timestamp(self.effective_through)
        return lines[kept]


class Rule(Judge[Callable[[pd.DataFrame, Rulebook], Iterable[Ruling]]]):
    """A rule; it sees the lines that no earlier rule has settled."""

    __slots__ = ()


class Limit(Judge[Callable[[pd.DataFrame, Rulebook, Account, pd.DataFrame], Iterable[Ruling]]]):
    """A rule that also sees what members used up, and what corrections give back."""

    __slots__ = ()


def iso_dates(days: pd.Series) -> list[str | None]:
    """Days as CCYY-MM-DD, None where there is none."""
    texts = np.datetime_as_string(days.to_numpy().astype("datetime64[D]")).tolist()
    return [None if text == "NaT" else text for text in texts]


def explanations(ruling: Ruling) -> tuple[list[int], list[dict[str, Any]]]:
    """Claim positions and JSON-able explanations of a ruling, in the order of its lines."""
    whole_claim = pd.Series(ruling.whole_claim, index=ruling.lines.index, dtype=bool)
    kept = ~whole_claim | ~ruling.lines["claim"].duplicated()
    lines = ruling.lines[kept]
    facts: dict[str, Fact] = {"rule": ruling.rule, **ruling.facts}
    names = list(facts)
    columns = [_values(fact, lines.index) for fact in facts.values()]
    text = f"{ruling.text}, rule {{rule}}"
    told: list[dict[str, Any]] = []
    numbers = lines["line_number"].tolist()
    for number, whole, values in zip(numbers, whole_claim[kept].tolist(), zip(*columns, strict=True), strict=True):
        entry = dict(zip(names, values, strict=True))
        line = {} if whole else {"line": number}
        told.append({"rule": entry.pop("rule"), **line, **entry, "text": text.format(rule=values[0], **entry)})
    return lines["claim"].tolist(), told


def _values(fact: Fact, index: pd.Index) -> list[Any]:
    if not isinstance(fact, pd.Series):
        return [fact] * len(index)
    kept = fact.loc[index]
    if kept.dtype.kind == "M":
        return iso_dates(kept)
    return [None if value is pd.NA else value for value in kept.tolist()]
