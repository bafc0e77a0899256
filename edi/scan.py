"""What a scan finds in a file: interchanges, functional groups, transaction sets, segments, and findings.

Text is decoded as Latin-1, so that every offset is a byte offset in the file as archived.
"""

from __future__ import annotations

from dataclasses import dataclass

from edi.delimiters import Delimiters
from edi.findings import FindingTable
from edi.guides.guide import Guide


@dataclass(frozen=True, slots=True)
class TransactionSet:
    """ST to SE, or to what ended it where SE is missing."""

    ordinal: int
    """In its functional group, from 1."""
    transaction: str
    """ST01, empty when absent."""
    control_number: str
    """ST02, empty when absent."""
    guide_id: str | None
    """ST03, None when absent."""
    segment_count: int
    """All segments from ST on, SE included."""
    source_start: int
    source_stop: int
    reference: str | None = None
    """BHT03 or BGN02, the sender's own number of the batch; None where there is none or no guide to find it with."""


@dataclass(frozen=True, slots=True)
class FunctionalGroup:
    """GS to GE, or to what ended it where GE is missing."""

    ordinal: int
    """In its interchange, from 1."""
    fields: tuple[str, ...]
    """`GS`, then GS01 to GS08, empty where absent."""
    guide: Guide | None
    trailer: tuple[str, ...] | None
    """`GE`, GE01, GE02; None where GE is missing."""
    sets: tuple[TransactionSet, ...]
    source_start: int
    source_stop: int


@dataclass(frozen=True, slots=True)
class Interchange:
    """ISA to IEA, or to what ended it where IEA is missing."""

    ordinal: int
    """In the file, from 1."""
    delimiters: Delimiters
    fields: tuple[str, ...]
    """`ISA`, then ISA01 to ISA16 with the blanks as sent."""
    groups: tuple[FunctionalGroup, ...]
    acknowledgments: tuple[tuple[str, ...], ...]
    """The TA1 segments before the first group, `TA1` and its elements."""
    source_start: int
    source_stop: int
    closed: bool
    """Was there an IEA?"""


@dataclass(frozen=True, slots=True)
class Scan:
    """A whole file."""

    interchanges: tuple[Interchange, ...]
    findings: FindingTable
    """Of all levels, in the order of the file (`FindingTable.ordered`)."""
    segment_count: int = 0
    """All segments, envelopes included; empty ones are none."""
    size: int = 0
    """Bytes."""
