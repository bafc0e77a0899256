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
        c.family_id, c.kind, c.frequency_code, c.patient_control_number, c.service_from, c.service_through,
        count(*) over (partition by upper(trim(coalesce(m.subscriber_number, c.subscriber_id, '')))) as claims,
        c.received_date, c.claim_number
    from claim c left join member m using (member_id)
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
    patient_control_number: str | None
    service_from: date | None
    service_through: date | None


@dataclass(slots=True)
class _Round:
    """The claims of a household that are decided in its round at hand."""

    number: int = 0
    claims: list[Neighbour] = field(default_factory=list)


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
    claims of a household: all that touch are apart.
    """
    numbers: dict[int, int] = {}
    households: dict[str, _Round] = {}
    for claim in neighbours:
        at_hand = households.setdefault(claim.household, _Round())
        if any(_may_influence(before, claim) for before in at_hand.claims):
            at_hand.number += 1
            at_hand.claims.clear()
        at_hand.claims.append(claim)
        numbers[claim.claim_id] = at_hand.number
    return numbers


def _may_influence(before: Neighbour, claim: Neighbour) -> bool:
    """May what is decided of one be a fact of the other? In doubt it may.

    Versions of a claim; and of one patient what corrects, continues or adds to a bill, hospital bills, which may be of
    one stay, bills of one account, and those of a kind that have a day in common.
    """
    if before.family_id == claim.family_id:
        return True
    if before.member_id != claim.member_id or claim.member_id is None:
        return False
    corrects = before.frequency_code != ORIGINAL or claim.frequency_code != ORIGINAL
    account = claim.patient_control_number
    if corrects or (account is not None and before.patient_control_number == account):
        return True
    if before.kind != claim.kind:
        return False
    return claim.kind == INSTITUTIONAL or _touch(before, claim)


def _touch(one: Neighbour, other: Neighbour) -> bool:
    """Have they a day in common? Without days they may."""
    first, last = one.service_from, other.service_through
    if first is not None and last is not None and first > last:
        return False
    first, last = other.service_from, one.service_through
    return first is None or last is None or first <= last
