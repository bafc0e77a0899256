"""The JSON form of an inspection, version 1; docs/command_line.md documents it. Keys are added, never renamed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from edi.finding_codes import CODES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from edi.findings import Finding
    from edi.scan import FunctionalGroup, Interchange, TransactionSet
    from edi.verdict import GroupVerdict, InterchangeVerdict
    from pipeline.inspection.inspect import Inspection

VERSION = 1
REFUSED = "R"
ACKNOWLEDGMENT_ELEMENTS = (
    ("IK403", "ik403"),
    ("IK304", "ik304"),
    ("IK502", "ik502"),
    ("AK905", "ak905"),
    ("TA105", "ta1"),
)
"""From the narrowest place to the widest: the first that a code has is where its finding is told."""


def report(inspection: Inspection) -> dict[str, object]:
    """The whole of it, as plain values."""
    return {
        **_head(inspection),
        "findings": [_finding(one, inspection.severity(one.code)) for one in inspection.findings()],
    }


def report_text(inspection: Inspection) -> Iterator[str]:
    """The report as JSON, in pieces: a file may have hundreds of thousands of findings."""
    yield json.dumps(_head(inspection)).removesuffix("}")
    separator = ', "findings": ['
    for finding in inspection.findings():
        yield separator + json.dumps(_finding(finding, inspection.severity(finding.code)))
        separator = ", "
    yield "]}" if separator == ", " else separator + "]}"


def _head(inspection: Inspection) -> dict[str, object]:
    judged = {interchange.ordinal: interchange for interchange in inspection.verdict.interchanges}
    return {
        "version": VERSION,
        "file": str(inspection.path),
        "sha256": inspection.sha256,
        "bytes": inspection.scan.size,
        "segments": inspection.scan.segment_count,
        "verdict": inspection.answer,
        "interchanges": [_interchange(one, judged.get(one.ordinal)) for one in inspection.scan.interchanges],
    }


def acknowledgment_of(code: str) -> tuple[str, str] | None:
    """Element and value that tell a finding of this code to the sender; None where no TA1 or 999 does."""
    meaning = CODES[code]
    for element, attribute in ACKNOWLEDGMENT_ELEMENTS:
        value = getattr(meaning, attribute)
        if value:
            return element, value
    return None


def _interchange(interchange: Interchange, verdict: InterchangeVerdict | None) -> dict[str, object]:
    judged = {group.ordinal: group for group in verdict.groups} if verdict else {}
    return {
        "control_number": interchange.fields[13],
        "ta1": {"code": verdict.code, "note": verdict.note} if verdict else {"code": REFUSED, "note": "022"},
        "groups": [_group(one, judged.get(one.ordinal)) for one in interchange.groups],
    }


def _group(group: FunctionalGroup, verdict: GroupVerdict | None) -> dict[str, object]:
    judged = {one.ordinal: (one.code, one.error_codes) for one in verdict.sets} if verdict else {}
    return {
        "control_number": group.fields[6],
        "functional_id": group.fields[1],
        "guide": group.fields[8],
        "ack": verdict.code if verdict else REFUSED,
        "codes": list(verdict.error_codes) if verdict else [],
        "transaction_sets": [_set(one, *judged.get(one.ordinal, (REFUSED, ()))) for one in group.sets],
    }


def _set(transaction_set: TransactionSet, code: str, codes: tuple[str, ...]) -> dict[str, object]:
    return {
        "control_number": transaction_set.control_number,
        "id": transaction_set.transaction,
        "ack": code,
        "codes": list(codes),
        "segments": transaction_set.segment_count,
    }


def _finding(finding: Finding, severity: str) -> dict[str, object]:
    meaning = CODES[finding.code]
    told = acknowledgment_of(finding.code)
    return {
        "code": finding.code,
        "severity": severity,
        "snip": meaning.snip,
        "interchange": finding.interchange or None,
        "group": finding.functional_group or None,
        "transaction_set": finding.transaction_set or None,
        "segment": finding.segment_position or None,
        "segment_id": finding.segment_id or None,
        "loop": finding.loop or None,
        "element": finding.element or None,
        "component": finding.component or None,
        "repetition": finding.repetition or None,
        "ack": {"element": told[0], "code": told[1]} if told else None,
        "offset": finding.source_start,
        "length": finding.source_stop - finding.source_start,
        "message": message(finding),
    }


def message(finding: Finding) -> str:
    """What is wrong and where, in words; it quotes nothing of the file."""
    return f"{place(finding)}: {CODES[finding.code].meaning}"


def place(finding: Finding) -> str:
    """Where in the segment, such as CLM05-3, or the segment alone, or the envelope."""
    if not finding.segment_id:
        return "file" if not finding.interchange else f"interchange {finding.interchange}"
    if not finding.element:
        return finding.segment_id
    component = f"-{finding.component}" if finding.component else ""
    repetition = f", repetition {finding.repetition}" if finding.repetition else ""
    return f"{finding.segment_id}{finding.element:02d}{component}{repetition}"
