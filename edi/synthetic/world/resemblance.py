"""Two bills of a world that resemble each other are so by design, never by chance (docs/domain.md 7.1)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from edi.synthetic.model import Claim, Patient, Subscriber

Key = tuple[object, ...]


class BillsOfPeople:
    """What each person was billed for so far, as far as a plan compares bills."""

    def __init__(self) -> None:
        self._billed: set[Key] = set()

    def take(self, kind: str, subscriber: Subscriber, patient: Patient | None, claim: Claim) -> bool:
        """Remember the claim and say True; False where an earlier one of this person resembles it.

        Institutional bills do if they share a day, others if they share a code on a day.
        """
        person = (subscriber.member_id, (patient or subscriber).person.first, (patient or subscriber).person.born)
        keys = {(*person, *key) for key in _keys(kind, claim)}
        if keys & self._billed:
            return False
        self._billed |= keys
        return True


def _keys(kind: str, claim: Claim) -> Iterator[Key]:
    if claim.stay is not None:
        for number in range((claim.stay.statement_through - claim.stay.statement_from).days + 1):
            yield kind, claim.stay.statement_from + timedelta(days=number)
    else:
        for line in claim.lines:
            yield kind, line.code, line.day
