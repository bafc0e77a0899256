"""Claims refused for the errors that the 999 tells, as the 277CA rejects them: 684 and what the error is in.

A set that is accepted with errors (IK5 E) owes its sender a claim acknowledgment that returns the claims at fault
(RFI 1575; domain.md 1.5). Which status an error has follows from the segment and element that it lies in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING

from edi.claim_screening import REJECT
from edi.finding_codes import CODES
from edi.findings import Finding
from edi.verdict import FileVerdict, SetVerdict

if TYPE_CHECKING:
    import pyarrow as pa

SYNTAX = "CLAIM_SYNTAX"
"""Id of the edit, and code of the finding."""
RETURNED = "A3:684"
MISSING, INVALID = "A6", "A7"
ANYTHING = "21"
"""Missing or invalid information: never alone, here it stands beside 684."""
MOST_DETAILS = 2
"""Besides 684, in one STC."""
SEGMENT_ABSENT, ELEMENT_ABSENT = frozenset({"3", "I6", "I8"}), frozenset({"1", "2", "I9"})
"""IK304 and IK403: something is not there."""

PROCEDURES = (("SV1", "1"), ("SV2", "2"), ("SV3", "1"))
MODIFIER_COMPONENTS = ("3", "4", "5", "6")
STATUSES: Mapping[tuple[str, ...], str] = MappingProxyType(
    {
        **{(*place, component): "453" for place in PROCEDURES for component in MODIFIER_COMPONENTS},
        ("HI",): "255",
        ("SV1", "0"): "454",
        ("SV1", "1"): "454",
        ("SV1", "2"): "178",
        ("SV1", "3"): "476",
        ("SV1", "4"): "476",
        ("SV1", "5"): "249",
        ("SV1", "7"): "477",
        ("SV2", "0"): "455",
        ("SV2", "1"): "455",
        ("SV2", "2"): "454",
        ("SV2", "3"): "178",
        ("SV2", "4"): "476",
        ("SV2", "5"): "476",
        ("SV3", "0"): "454",
        ("SV3", "1"): "454",
        ("SV3", "2"): "178",
        ("SV3", "3"): "249",
        ("SV3", "6"): "476",
        ("CLM", "5"): "228",
        ("CLM", "20"): "555",
        ("CL1", "3"): "234",
        ("DTP", "2400"): "187",
        ("DTP", "2300"): "188",
    }
)
"""Claim status codes by segment, element (0: the segment) and component, as far as they differ; of a DTP by loop."""


def refused_claims(verdict: FileVerdict) -> Iterator[tuple[int, str]]:
    """First byte of each refused claim, and its statuses: 684 and up to two of its errors."""
    for interchange in verdict.interchanges:
        for group in interchange.groups:
            for one in group.sets:
                if one.transaction == "837" and one.refused:
                    yield from _of_set(one)


def with_statuses(refused: pa.Table, verdict: FileVerdict) -> pa.Table:
    """The table `refused_claim` with the columns `edit`, `severity` and `statuses`."""
    import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    told = list(refused_claims(verdict))
    starts = pa.array([start for start, _ in told], pa.int64())
    statuses = pa.array([text for _, text in told], pa.string())
    of_claim = pc.take(statuses, pc.index_in(refused["source_start"], starts))
    for name, value in (("edit", SYNTAX), ("severity", REJECT)):
        refused = refused.append_column(name, pa.repeat(pa.scalar(value, pa.string()), refused.num_rows))
    return refused.append_column("statuses", pc.fill_null(of_claim, RETURNED))


def _of_set(one: SetVerdict) -> Iterator[tuple[int, str]]:
    details: dict[int, dict[str, str]] = {}
    for finding, place in zip(one.findings, one.unit_of, strict=False):
        if place >= 0:
            category, status = detail(finding)
            details.setdefault(place, {}).setdefault(status, f"{category}:{status}")
    for place, unit in enumerate(one.units):
        if unit.refused:
            # whatever says more than 21 goes first
            found = sorted(details.get(place, {}).values(), key=lambda status: status.endswith(f":{ANYTHING}"))
            yield unit.source_start, " ".join((RETURNED, *found[:MOST_DETAILS]))


def detail(finding: Finding) -> tuple[str, str]:
    """Category and status of one error: A6 where something is missing, A7 where it is wrong."""
    code = CODES[finding.code]
    absent = code.ik304 in SEGMENT_ABSENT or code.ik403 in ELEMENT_ABSENT
    place = finding.loop if finding.segment_id == "DTP" else str(finding.element)
    keys = ((finding.segment_id, place, str(finding.component)), (finding.segment_id, place), (finding.segment_id,))
    status = next((STATUSES[key] for key in keys if key in STATUSES), ANYTHING)
    return MISSING if absent else INVALID, status
