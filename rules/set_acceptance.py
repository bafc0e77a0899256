"""The verdict of one transaction set: IK5, and the findings that its IK3 and IK4 report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from edi.finding_codes import CODES, ERROR, WARNING, FindingCode
from edi.findings import Finding
from edi.scan import TransactionSet
from edi.verdict import SetVerdict
from rules.agreement import AcceptanceProfile

MOST_CODES = 5
"""IK502 to IK506."""
SEGMENTS_IN_ERROR, SEGMENTS_AGAINST_GUIDE = "5", "I5"
REFERENCES = {"BHT": 3, "BGN": 2}
"""Element that holds the sender's own number of the batch."""


def judge_set(
    transaction_set: TransactionSet,
    findings: Sequence[Finding],
    severity: Callable[[str], str],
    profile: AcceptanceProfile,
) -> SetVerdict:
    """R with any error, and everything is told; else A, or E where there are warnings that the profile wants told."""
    rejected = any(severity(finding.code) == ERROR for finding in findings)
    told: list[Finding] = []
    if rejected or profile.claim_syntax == "accept_with_errors":
        told = [finding for finding in findings if severity(finding.code) in {ERROR, WARNING}]
    return SetVerdict(
        ordinal=transaction_set.ordinal,
        transaction=transaction_set.transaction.strip(),
        control_number=transaction_set.control_number.strip(),
        guide=_trimmed(transaction_set.guide_id),
        code="R" if rejected else "E" if told else "A",
        error_codes=_error_codes(told),
        findings=tuple(sorted((one for one in told if CODES[one.code].ik304), key=_place)),
        segments=transaction_set.segment_count,
        source_start=transaction_set.source_start,
        source_stop=transaction_set.source_stop,
        reference=_reference(transaction_set),
    )


def distinct(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes in their order, each once."""
    return tuple(dict.fromkeys(codes))


def _error_codes(findings: Iterable[Finding]) -> tuple[str, ...]:
    """IK502 to IK506: what is wrong with the set itself first, then that segments are."""
    codes = [CODES[finding.code] for finding in findings]
    own = [code.ik502 for code in codes if code.ik502]
    segments = [SEGMENTS_AGAINST_GUIDE if _of_guide(code) else SEGMENTS_IN_ERROR for code in codes if not code.ik502]
    return distinct((*own, *sorted(segments)))[:MOST_CODES]


def _of_guide(code: FindingCode) -> bool:
    """Is it a fault that only the implementation guide knows (I4, I10 ...)?"""
    return (code.ik403 or code.ik304 or "").startswith("I")


def _place(finding: Finding) -> tuple[int, int, int, int, int]:
    return (
        finding.segment_position,
        finding.source_start if not finding.element else 0,
        finding.element,
        finding.component,
        finding.repetition,
    )


def _trimmed(guide: str | None) -> str | None:
    """ST03 without blanks; a blank one was not sent."""
    return (guide or "").strip() or None


def _reference(transaction_set: TransactionSet) -> str | None:
    """BHT03 or BGN02; None where there is none, or where the guide is not known and no segment was read."""
    for segment in transaction_set.segments:
        place = REFERENCES.get(segment.node.id)
        if place is not None:
            return segment.elements[place] if len(segment.elements) > place else None
    return None
