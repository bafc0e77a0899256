"""What partners answer to what we sent: TA1 for our interchanges, 999 for our functional groups."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from edi.scan import Scan, TransactionSet

TRANSACTION = "999"


@dataclass(frozen=True, slots=True)
class InterchangeAnswer:
    """A TA1 about an interchange of ours."""

    control_number: str
    """ISA13 of what we sent."""
    code: str
    """TA104: A, E or R."""
    note: str
    """TA105."""


@dataclass(frozen=True, slots=True)
class SetAnswer:
    """An AK2 to IK5 about a transaction set of ours."""

    transaction: str
    """ST01 of what we sent."""
    control_number: str
    """ST02 of what we sent."""
    code: str = ""
    """IK501: A, E or R; empty where IK5 is missing."""
    error_codes: tuple[str, ...] = ()
    """IK502 to IK506."""


@dataclass(frozen=True, slots=True)
class GroupAnswer:
    """A 999 about a functional group of ours."""

    functional_id: str
    """GS01 of what we sent."""
    control_number: str
    """GS06 of what we sent."""
    code: str = ""
    """AK901: A, E, P or R; empty where AK9 is missing."""
    error_codes: tuple[str, ...] = ()
    """AK905 to AK909."""
    sets: tuple[SetAnswer, ...] = ()


@dataclass(frozen=True, slots=True)
class Acknowledgments:
    """All answers in a file."""

    interchanges: tuple[InterchangeAnswer, ...]
    groups: tuple[GroupAnswer, ...]


def read(scan: Scan) -> Acknowledgments:
    """The TA1s and 999s of a file; none where it holds no answers."""
    return Acknowledgments(
        tuple(
            InterchangeAnswer(_element(segment, 1), _element(segment, 4), _element(segment, 5))
            for interchange in scan.interchanges
            for segment in interchange.acknowledgments
        ),
        tuple(
            answer
            for interchange in scan.interchanges
            for group in interchange.groups
            for transaction_set in group.sets
            if transaction_set.transaction == TRANSACTION
            for answer in _group(transaction_set)
        ),
    )


def _group(transaction_set: TransactionSet) -> Iterator[GroupAnswer]:
    """One answer, or none where AK1 is missing and nobody can say what is answered."""
    header = _first(transaction_set, "AK1")
    if header is None:
        return
    trailer = _first(transaction_set, "AK9") or ()
    sets: list[SetAnswer] = []
    for segment in transaction_set.segments:
        elements = segment.elements
        if segment.node.id == "AK2":
            sets.append(SetAnswer(_element(elements, 1), _element(elements, 2)))
        elif segment.node.id == "IK5" and sets:
            sets[-1] = replace(sets[-1], code=_element(elements, 1), error_codes=_codes(elements, 2))
    yield GroupAnswer(_element(header, 1), _element(header, 2), _element(trailer, 1), _codes(trailer, 5), tuple(sets))


def _first(transaction_set: TransactionSet, segment_id: str) -> tuple[str, ...] | None:
    return next((one.elements for one in transaction_set.segments if one.node.id == segment_id), None)


def _element(elements: tuple[str, ...], place: int) -> str:
    return elements[place] if place < len(elements) else ""


def _codes(elements: tuple[str, ...], first: int) -> tuple[str, ...]:
    """The five places for codes from `first` on, without empty ones."""
    return tuple(code for code in elements[first : first + 5] if code)
