"""Verdicts: what we answer to each interchange, functional group and transaction set of a file.

`rules.acceptance` decides them from a scan, the acknowledgment writers spell them out, and the
warehouse keeps them. They are plain values without X12 data beyond envelope identifiers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from edi.findings import Finding


@dataclass(frozen=True, slots=True)
class BusinessUnit:
    """A claim of an 837 (loop 2300) or a member of an 834 (loop 2000): what can be refused by itself."""

    segment_position: int
    """Of its CLM or INS in the transaction set, ST = 1."""
    source_start: int
    source_stop: int
    """Byte range from its CLM or INS to where the next unit or hierarchical level begins."""
    name_start: int
    name_stop: int
    """Byte range of what its sender knows it by: CLM01, or REF02 of a member's REF*0F; empty where there is none."""
    refused: bool = False
    """Is it left out of an accepted set, for the errors that the 999 tells?"""


@dataclass(frozen=True, slots=True)
class SetVerdict:
    """The answer to one transaction set (AK2..IK5 of the 999)."""

    ordinal: int
    transaction: str
    """ST01 as sent."""
    control_number: str
    """ST02 as sent."""
    guide: str | None
    """ST03 as sent, None when absent (AK203 is then omitted)."""
    code: str
    """IK501: A, E or R."""
    error_codes: tuple[str, ...]
    """IK502 to IK506, at most five."""
    findings: Sequence[Finding]
    """Those that the 999 reports as IK3 and IK4, in the order of the segments; a judged file's are in columns."""
    segments: int
    source_start: int
    source_stop: int
    reference: str | None = None
    """BHT03 of an 837, BGN02 of an 834: the sender's own number for the batch."""
    units: tuple[BusinessUnit, ...] = ()
    """The claims or members that `findings` lie in, in the order of the file; those refused are among them."""
    unit_of: tuple[int, ...] = ()
    """For each of `findings` its place in `units`, -1 where it lies in none; empty where no unit was looked for."""

    @property
    def accepted(self) -> bool:
        """Do its claims or members exist for us, those in `refused` apart?"""
        return self.code in {"A", "E"}

    @property
    def refused(self) -> tuple[BusinessUnit, ...]:
        """Claims or members of an accepted set that are not taken."""
        return tuple(unit for unit in self.units if unit.refused)


@dataclass(frozen=True, slots=True)
class GroupVerdict:
    """The answer to one functional group (a 999)."""

    ordinal: int
    functional_id: str
    """GS01."""
    sender: str
    """GS02."""
    receiver: str
    """GS03."""
    control_number: str
    """GS06."""
    guide: str
    """GS08."""
    code: str
    """AK901: A, E, P or R."""
    error_codes: tuple[str, ...]
    """AK905 to AK909, at most five."""
    included_sets: int
    """AK902: GE01 as sent where it is a number, else the sets found."""
    sets: tuple[SetVerdict, ...]
    source_start: int
    source_stop: int

    @property
    def received_sets(self) -> int:
        """AK903."""
        return len(self.sets)

    @property
    def accepted_sets(self) -> int:
        """AK904; a set accepted with errors counts."""
        return sum(transaction_set.accepted for transaction_set in self.sets)


@dataclass(frozen=True, slots=True)
class InterchangeVerdict:
    """The answer to one interchange (TA1)."""

    ordinal: int
    sender_qualifier: str
    sender_id: str
    receiver_qualifier: str
    receiver_id: str
    """ISA05 to ISA08 without trailing blanks."""
    date: str
    time: str
    """ISA09 and ISA10, echoed by TA102 and TA103."""
    control_number: str
    version: str
    usage: str
    """ISA13, ISA12 and ISA15."""
    acknowledgment_requested: bool
    """ISA14 = 1."""
    code: str
    """TA104: A, E or R."""
    note: str
    """TA105: 000 and up."""
    groups: tuple[GroupVerdict, ...]
    """Empty when the interchange is rejected: no 999 can follow."""
    source_start: int
    source_stop: int

    @property
    def needs_ta1(self) -> bool:
        """A TA1 goes out when it was asked for, and always on rejection."""
        return self.acknowledgment_requested or self.code == "R"


@dataclass(frozen=True, slots=True)
class FileVerdict:
    """The answers to a file; `unreadable` says why no interchange could be read."""

    interchanges: tuple[InterchangeVerdict, ...]
    unreadable: str | None = None
    """Code of the finding that stopped us, e.g. NOT_X12; there is nobody to answer then."""
