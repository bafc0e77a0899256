"""Claims refused for the errors that the 999 tells, as the 277CA rejects them: 684 and what the error is in.

A set that is accepted with errors (IK5 E) owes its sender a claim acknowledgment that returns the claims at fault
(RFI 1575; domain.md 1.5). Which status an error has follows from the segment and element that it lies in.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from edi.claim_screening import REJECT, found_schema
from edi.finding_codes import CODES
from edi.findings import Finding
from edi.verdict import BusinessUnit, FileVerdict, SetVerdict

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
        ("DTP", "2330B"): "516:GB",
        ("DTP", "2430"): "516:GB",
    }
)
"""Claim status codes by segment, element (0: the segment) and component, as far as they differ; of a DTP by loop."""


OF_FINDINGS: Mapping[str, str] = MappingProxyType(
    {
        "ADMISSION_DATE_MISSING": "189",
        "PRIOR_PAYMENT_DATE_MISSING": "516:GB",
        "OTHER_PAYER_MISSING": "286",
        "ACCIDENT_DATE_MISSING": "248",
        "ACCIDENT_STATE_MISSING": "248",
    }
)
"""Where the finding itself says what is missing."""
OF_CLAIM_DATES: Mapping[str, str] = MappingProxyType({"005010X223": "188", "005010X224": "187"})
"""What the dates of a claim (DTP in 2300) are, by the beginning of the guide: a hospital's statement, a dentist's
services; a professional claim has many, none of them of its services."""
DATE, CLAIM_LOOP, LINE_LOOP, GUIDE_LENGTH = "DTP", "2300", "24", 10
MISSING_SEGMENT = "SEGMENT_MISSING"
NO_LINE = -1


def refused_findings(tables: Mapping[str, pa.Table], verdict: FileVerdict) -> pa.Table:
    """What returns the claims of `refused_claim`, in the columns of `edi.claim_screening.found_schema`.

    Of a claim, and of each of its lines with errors: 684 and up to two of its errors. `tables` are those of
    `parsers.claims_837`.
    """
    import pyarrow as pa  # noqa: PLC0415 - the command line must start without Arrow

    from edi.claim_line_numbers import with_numbers  # noqa: PLC0415 - as above

    claims, lines = tables["refused_claim"], with_numbers(tables["refused_line"])
    row_of = dict(zip(claims["source_start"].to_pylist(), claims["row"].to_pylist(), strict=True))
    numbers = lines["line_number"].to_pylist()
    rows = [
        (row_of[start], None if line == NO_LINE else numbers[line], SYNTAX, REJECT, statuses)
        for start, line, statuses in refusals(verdict, lines["source_start"].to_pylist())
        if start in row_of
    ]
    schema = found_schema()
    columns = zip(*rows, strict=True) if rows else ([] for _ in schema)
    return pa.Table.from_arrays(
        [pa.array(list(values), field.type) for values, field in zip(columns, schema, strict=True)], schema=schema
    )


def refusals(verdict: FileVerdict, lines: Sequence[int] = ()) -> Iterator[tuple[int, int, str]]:
    """First byte of each refused claim, which line of it (NO_LINE: the claim), and statuses; the claim goes first.

    `lines` are the first bytes of the refused claims' lines, in the order of the file.
    """
    for interchange in verdict.interchanges:
        for group in interchange.groups:
            for one in group.sets:
                if one.transaction == "837" and one.refused:
                    yield from _of_set(one, lines)


def _of_set(one: SetVerdict, lines: Sequence[int]) -> Iterator[tuple[int, int, str]]:
    details: dict[int, dict[int, dict[str, str]]] = {}
    for finding, place in zip(one.findings, one.unit_of, strict=False):
        if place >= 0 and one.units[place].refused:
            category, status = detail(finding, one.guide or "")
            line = _line_of(finding, one.units[place], lines)
            of_place = details.setdefault(place, {}).setdefault(line, {})
            of_place.setdefault(status, f"{category}:{status}")
    for place, unit in enumerate(one.units):
        if unit.refused:
            for line, statuses in sorted(details.get(place, {NO_LINE: {}}).items()):
                # whatever says more than 21 goes first
                found = sorted(statuses.values(), key=lambda status: status.endswith(f":{ANYTHING}"))
                yield unit.source_start, line, " ".join((RETURNED, *found[:MOST_DETAILS]))


def _line_of(finding: Finding, unit: BusinessUnit, lines: Sequence[int]) -> int:
    """What is missing is found out at the segment behind it, which may open the next line."""
    if not finding.loop.startswith(LINE_LOOP):
        return NO_LINE
    line = bisect_right(lines, finding.source_start - (finding.code == MISSING_SEGMENT)) - 1
    return line if line >= 0 and lines[line] >= unit.source_start else NO_LINE


def detail(finding: Finding, guide: str) -> tuple[str, str]:
    """Category and status of one error: A6 where something is missing, A7 where it is wrong."""
    code = CODES[finding.code]
    absent = code.ik304 in SEGMENT_ABSENT or code.ik403 in ELEMENT_ABSENT
    category = MISSING if absent else INVALID
    if finding.code in OF_FINDINGS:
        return category, OF_FINDINGS[finding.code]
    if (finding.segment_id, finding.loop) == (DATE, CLAIM_LOOP):
        return category, OF_CLAIM_DATES.get(guide[:GUIDE_LENGTH], ANYTHING)
    place = finding.loop if finding.segment_id == DATE else str(finding.element)
    keys = ((finding.segment_id, place, str(finding.component)), (finding.segment_id, place), (finding.segment_id,))
    return category, next((STATUSES[key] for key in keys if key in STATUSES), ANYTHING)
