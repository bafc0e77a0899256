"""What `edi validate` prints for people: a line for the file, then each finding with its segment and a caret."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from edi.finding_codes import CODES, ERROR, NOTE, REJECT, WARNING
from pipeline.inspection.excerpt import excerpt
from pipeline.inspection.report import acknowledgment_of, place

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from edi.findings import Finding
    from pipeline.inspection.inspect import Inspection

STYLES = {REJECT: "bold red", ERROR: "red", WARNING: "yellow", NOTE: "cyan"}
VERDICT_STYLES = {"accepted": "bold green", "accepted_with_errors": "bold yellow"}
Part = tuple[str, str]
"""Text and its style."""


def headline(inspection: Inspection) -> list[Part]:
    """File, verdict and size in one line."""
    scan = inspection.scan
    sets = sum(len(group.sets) for interchange in scan.interchanges for group in interchange.groups)
    severities: Counter[str] = Counter(inspection.severity(finding.code) for finding in inspection.findings())
    found = ", ".join(_number(severities[one], one) for one in (REJECT, ERROR, WARNING, NOTE) if severities[one])
    size = f"{scan.size:,} bytes, {_number(scan.segment_count, 'segment')}, {_number(sets, 'transaction set')}"
    answer = inspection.answer
    return [
        (f"{inspection.path}: ", "bold"),
        (answer.replace("_", " "), VERDICT_STYLES.get(answer, "bold red")),
        (f" ({size}; {found or 'no findings'})", ""),
    ]


def findings(inspection: Inspection, limit: int, *, show_values: bool) -> Iterator[list[Part]]:
    """The lines of the first findings, and one that says how many more there are."""
    total = len(inspection.agreed) + len(inspection.scan.findings)
    with inspection.path.open("rb") as stream:
        for finding in islice(inspection.findings(), limit):
            yield []
            yield _title(inspection, finding)
            yield [(f"  {_where(finding)}", "dim")]
            yield from ([(f"    {line}", "")] for line in _segment(inspection, finding, stream, show_values))
    if total > limit:
        yield []
        yield [(f"... and {total - limit:,} more; --limit shows them, --json tells all", "dim")]


def _title(inspection: Inspection, finding: Finding) -> list[Part]:
    code = CODES[finding.code]
    severity = inspection.severity(finding.code)
    told = acknowledgment_of(finding.code)
    rule = f"SNIP {code.snip}" + (f", {told[0]} {told[1]}" if told else "")
    return [
        (f"{severity} ", STYLES[severity]),
        (f"{place(finding)} ", "bold"),
        (f"{code.meaning} ", ""),
        (f"[{finding.code}; {rule}]", "dim"),
    ]


def _where(finding: Finding) -> str:
    parts = [f"byte {finding.source_start:,}"]
    if finding.interchange:
        parts.append(f"interchange {finding.interchange}")
    if finding.functional_group:
        parts.append(f"group {finding.functional_group}")
    if finding.transaction_set:
        parts.append(f"transaction set {finding.transaction_set}")
    if finding.segment_position:
        parts.append(f"segment {finding.segment_position:,}")
    if finding.loop:
        parts.append(f"loop {finding.loop}")
    return ", ".join((*parts[1:], parts[0]))


def _segment(inspection: Inspection, finding: Finding, stream: BinaryIO, show_values: bool) -> Iterator[str]:
    """The segment and its caret; of a missing segment, the one before which it is missing."""
    if not finding.interchange or finding.source_start >= inspection.scan.size:
        return
    delimiters = inspection.scan.interchanges[finding.interchange - 1].delimiters
    yield from excerpt(stream, finding, delimiters, show_values=show_values)


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
