"""Claims of a batch dealt into rounds: what one claim decides another may depend on is decided and stored before it.

The facts of a claim are read from the warehouse: which bills are like it, what was paid on its day, which bill of a
stay it follows, what became of its original. Of two claims that may be such a fact of each other the later one is
decided in a later round, whose facts are read after the round before was stored. How many claims are decided together
therefore changes no decision. Accumulators are moved in the order of the claims inside of a round, so that all claims
of a household come in that order: none is in an earlier round than one before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, text

from loaders.id_lists import id_list

# Households by number, as `claim_facts.deal_by_family` deals them into lanes. Of those with one claim there is no more
# to know than that.
NEIGHBOURS = """
select * from (
    select c.claim_id, upper(trim(coalesce(m.subscriber_number, c.subscriber_id, ''))) as household, c.member_id,
        c.family_id, c.kind, c.frequency_code, c.admission_date,
        -- a correction is of the days of its original too
        case when c.service_from is not null then least(c.service_from, o.service_from) end as days_from,
        case when c.service_through is not null then greatest(c.service_through, o.service_through) end as days_through,
        count(*) over (partition by upper(trim(coalesce(m.subscriber_number, c.subscriber_id, '')))) as claims,
        c.received_date, c.claim_number
    from claim c left join member m on m.member_id = c.member_id left join claim o on o.claim_id = c.original_claim_id
    where c.claim_id = any(:claim_ids)
) each
where claims > 1
order by received_date, claim_number
"""

ORIGINAL, INSTITUTIONAL = "1", "I"


class Neighbour(NamedTuple):
    """What is compared of a claim whose household has others in the batch."""

    claim_id: int
    household: str
    member_id: int | None
    family_id: int
    kind: str
    frequency_code: str | None
    admission_date: date | None
    days_from: date | None
    days_through: date | None
    """With its original's, of a correction."""


@dataclass(slots=True)
class _Round:
    """The claims of a household that are decided in its round at hand."""

    number: int = 0
    families: set[int] = field(default_factory=set)
    of_patient: dict[int, list[Neighbour]] = field(default_factory=dict)

    def influences(self, claim: Neighbour) -> bool:
        """May what is decided of one of them be a fact of this claim?"""
        if claim.family_id in self.families:
            return True
        if claim.member_id is None:
            return False
        return any(_may_influence(before, claim) for before in self.of_patient.get(claim.member_id, ()))

    def begin_next(self) -> None:
        self.number += 1
        self.families.clear()
        self.of_patient.clear()

    def add(self, claim: Neighbour) -> None:
        self.families.add(claim.family_id)
        if claim.member_id is not None:
            self.of_patient.setdefault(claim.member_id, []).append(claim)


def deal(conn: Connection, claim_ids: Sequence[int]) -> list[list[int]]:
    """The claims in rounds, in each of them in the order given; the caller has locked and matched them."""
    rows = conn.execute(text(NEIGHBOURS), {"claim_ids": id_list(claim_ids)})
    numbers = rounds_of(Neighbour(*row[: len(Neighbour._fields)]) for row in rows)
    dealt: list[list[int]] = [[] for _ in range(max(numbers.values(), default=0) + 1)]
    for claim_id in claim_ids:
        dealt[numbers.get(claim_id, 0)].append(claim_id)
    return [id_list(each) for each in dealt]


def rounds_of(neighbours: Iterable[Neighbour]) -> dict[int, int]:
    """The round of each claim, 0 being the first; they come in the order in which they are decided.

    One after the other, for when a household's next round begins depends on who is in the one at hand. A round has few
    claims of a patient: all that touch are apart.
    """
    numbers: dict[int, int] = {}
    households: dict[str, _Round] = {}
    for claim in neighbours:
        at_hand = households.setdefault(claim.household, _Round())
        if at_hand.influences(claim):
            at_hand.begin_next()
        at_hand.add(claim)
        numbers[claim.claim_id] = at_hand.number
    return numbers


def _may_influence(before: Neighbour, claim: Neighbour) -> bool:
    """May what is decided of one be a fact of the other, of the same patient and not a version of it? In doubt it may.

    Hospital bills may be of one stay: those of one admission, and whatever continues, adds to or corrects a bill. Else
    those that have a day in common, of a kind; or of any, if one is a correction, whose original may be of the other's.
    """
    originals = before.frequency_code == claim.frequency_code == ORIGINAL
    if before.kind == claim.kind == INSTITUTIONAL:
        if not originals:
            return True
        if before.admission_date is not None and before.admission_date == claim.admission_date:
            return True
    return (before.kind == claim.kind or not originals) and _touch(before, claim)


def _touch(one: Neighbour, other: Neighbour) -> bool:
    """Have they a day in common? Without days they may."""
    return not _is_before(one, other) and not _is_before(other, one)


def _is_before(one: Neighbour, other: Neighbour) -> bool:
    last, first = one.days_through, other.days_from
    return last is not None and first is not None and last < first
