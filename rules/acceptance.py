"""From findings to verdicts: what TA1 and 999 say of each interchange, functional group and transaction set.

Every reason is a finding, of the scan or of `rules.agreement`; its code in `edi.finding_codes` (and the partner's
profile) says how severe it is and how each acknowledgment spells it. Never more is rejected than the smallest unit
that can be answered: a set where its header can be quoted, else its group, else the interchange.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from edi.finding_codes import CODES, ERROR, WARNING
from edi.findings import Finding
from edi.quotation import ACKNOWLEDGMENT, COUNT, group_quotable, interchange_quotable, parties_quotable, set_quotable
from edi.scan import FunctionalGroup, Interchange, Scan
from edi.verdict import FileVerdict, GroupVerdict, InterchangeVerdict, SetVerdict
from rules.agreement import AcceptanceProfile, agreement_findings
from rules.set_acceptance import distinct, judge_set

__all__ = ["AcceptanceProfile", "agreement_findings", "judge", "judge_duplicate"]

HIGHEST_COUNT = 999_999
MOST_CODES = 5
"""AK905 to AK909."""
ACCEPTED, WITH_ERRORS, PARTIALLY, REJECTED = "A", "E", "P", "R"
NO_NOTE, CONTENT_INVALID, DUPLICATE = "000", "024", "025"
SETS_WRONG = "5"
"""AK905 for a set whose header cannot be quoted (RFI 1339), and for a group without sets."""
STRUCTURE = frozenset(
    {
        "INTERCHANGE_CONTROL_MISMATCH",
        "GROUP_COUNT_WRONG",
        "INTERCHANGE_TRAILER_MISSING",
        "CONTENT_OUTSIDE_GROUP",
        "GARBAGE_AFTER_INTERCHANGE",
    }
)
"""Faults of the interchange's frame: they reject it because part of its content may be missing or not meant."""

Severity = Callable[[str], str]


def judge(scan: Scan, profile: AcceptanceProfile) -> FileVerdict:
    """The answers to a file. Where none of its interchanges can be answered it is unreadable."""

    def severity(code: str) -> str:
        return profile.severities.get(code, CODES[code].severity)

    findings: dict[tuple[int, int, int], list[Finding]] = defaultdict(list)
    together = (*agreement_findings(scan, profile), *scan.findings)
    for finding in together:
        place = (finding.interchange, finding.functional_group, finding.transaction_set)
        findings[place].append(finding)
    verdicts = tuple(_interchange(interchange, findings, severity, profile) for interchange in scan.interchanges)
    if not any(_answerable(verdict) for verdict in verdicts):
        return FileVerdict((), _reason(together, severity))
    return FileVerdict(verdicts)


def judge_duplicate(verdict: FileVerdict, ordinal: int) -> FileVerdict:
    """The same answers, except that the interchange of this ordinal was received before: TA1 R 025 and no 999."""
    return replace(
        verdict,
        interchanges=tuple(
            replace(interchange, code=REJECTED, note=DUPLICATE, groups=())
            if interchange.ordinal == ordinal
            else interchange
            for interchange in verdict.interchanges
        ),
    )


def _answerable(verdict: InterchangeVerdict) -> bool:
    """Is there somebody to answer, and an answer that can be written?"""
    if not parties_quotable(
        verdict.sender_qualifier, verdict.sender_id, verdict.receiver_qualifier, verdict.receiver_id
    ):
        return False
    return verdict.code != REJECTED or interchange_quotable(verdict.date, verdict.time, verdict.control_number)


def _reason(findings: Iterable[Finding], severity: Severity) -> str:
    """The first error of an interchange's own; where a blank party is no finding, the header is broken all the same."""
    own = (finding.code for finding in findings if not finding.functional_group)
    return next((code for code in own if severity(code) == ERROR), "INTERCHANGE_HEADER_BROKEN")


def _interchange(
    interchange: Interchange,
    findings: dict[tuple[int, int, int], list[Finding]],
    severity: Severity,
    profile: AcceptanceProfile,
) -> InterchangeVerdict:
    code, note = _interchange_code(interchange, findings, severity)
    groups: tuple[GroupVerdict, ...] = ()
    if code != REJECTED:
        groups = tuple(_group(interchange, group, findings, severity, profile) for group in interchange.groups)
    fields = interchange.fields
    return InterchangeVerdict(
        ordinal=interchange.ordinal,
        sender_qualifier=fields[5].strip(),
        sender_id=fields[6].strip(),
        receiver_qualifier=fields[7].strip(),
        receiver_id=fields[8].strip(),
        date=fields[9],
        time=fields[10],
        control_number=fields[13],
        version=fields[12],
        usage=fields[15],
        acknowledgment_requested=fields[14] == "1",
        code=code,
        note=note,
        groups=groups,
        source_start=interchange.source_start,
        source_stop=interchange.source_stop,
    )


def _interchange_code(
    interchange: Interchange, findings: dict[tuple[int, int, int], list[Finding]], severity: Severity
) -> tuple[str, str]:
    """TA104 and TA105. One note fits: that of the first error, else of the first warning.

    An interchange of TA1s alone is never rejected: the answer would be a TA1 to a TA1, and might go on for ever.
    """
    own = [finding.code for finding in findings[interchange.ordinal, 0, 0] if CODES[finding.code].ta1]
    headers = [
        finding.code
        for group in interchange.groups
        for finding in findings[interchange.ordinal, group.ordinal, 0]
        if CODES[finding.code].ta1
    ]
    errors = [code for code in (*own, *headers) if severity(code) == ERROR]
    if interchange.groups or not interchange.acknowledgments:
        refused = next((code for code in errors if code not in STRUCTURE or _supported(interchange)), None)
        if refused is not None:
            return REJECTED, CODES[refused].ta1 or CONTENT_INVALID
        if not interchange.groups or not all(_quotable(group) for group in interchange.groups):
            return REJECTED, CONTENT_INVALID
    noted = next((code for code in (*errors, *own, *headers) if severity(code) in {ERROR, WARNING}), None)
    if noted is not None:
        return WITH_ERRORS, CODES[noted].ta1 or CONTENT_INVALID
    return ACCEPTED, NO_NOTE


def _supported(interchange: Interchange) -> bool:
    """Is there anything in it that could be processed?

    Where every group is of an unsupported guide, rejecting the interchange for its frame would withhold the 999 that
    names the real obstacle: the frame's fault is then noted (E), and the groups are rejected one by one.
    """
    return not interchange.groups or any(group.guide is not None for group in interchange.groups)


def _quotable(group: FunctionalGroup) -> bool:
    functional_id, sender, receiver, control_number, guide = _header(group)
    if functional_id == ACKNOWLEDGMENT:
        return True
    return group_quotable(functional_id, sender, receiver, control_number, guide)


def _header(group: FunctionalGroup) -> tuple[str, str, str, str, str]:
    """GS01, GS02, GS03, GS06 and GS08."""
    functional_id, sender, receiver, control_number, guide = (group.fields[place].strip() for place in (1, 2, 3, 6, 8))
    return functional_id, sender, receiver, control_number, guide


def _group(
    interchange: Interchange,
    group: FunctionalGroup,
    findings: dict[tuple[int, int, int], list[Finding]],
    severity: Severity,
    profile: AcceptanceProfile,
) -> GroupVerdict:
    own = [
        finding for finding in findings[interchange.ordinal, group.ordinal, 0] if CODES[finding.code].ak905 is not None
    ]
    errors = _codes(own, severity, ERROR)
    if not group.sets or not all(set_quotable(one.transaction, one.control_number) for one in group.sets):
        errors = distinct((*errors, SETS_WRONG))
    sets = tuple(
        judge_set(
            transaction_set, findings[interchange.ordinal, group.ordinal, transaction_set.ordinal], severity, profile
        )
        for transaction_set in group.sets
    )
    warnings = _codes(own, severity, WARNING) if profile.claim_syntax == "accept_with_errors" else ()
    if errors:
        sets = tuple(_reject_with_group(one, errors) for one in sets)
    functional_id, sender, receiver, control_number, guide = _header(group)
    return GroupVerdict(
        ordinal=group.ordinal,
        functional_id=functional_id,
        sender=sender,
        receiver=receiver,
        control_number=control_number,
        guide=guide,
        code=_group_code(sets, errors, warnings),
        error_codes=(errors or warnings)[:MOST_CODES],
        included_sets=_included(group),
        sets=sets,
        source_start=group.source_start,
        source_stop=group.source_stop,
    )


def _codes(findings: Iterable[Finding], severity: Severity, wanted: str) -> tuple[str, ...]:
    """AK905 values, lowest first: what is not supported comes before what is miscounted."""
    codes = {CODES[finding.code].ak905 or "" for finding in findings if severity(finding.code) == wanted}
    return tuple(sorted(codes, key=int))


SET_CODE_OF_GROUP = {"1": "1", "2": "I6"}
"""AK905 -> IK502: the set's own words for a group or a guide that is not supported; the others have none."""


def _reject_with_group(verdict: SetVerdict, group_errors: Sequence[str]) -> SetVerdict:
    """A set of a rejected group is rejected, for its own reasons where it has any, and for the group's."""
    own = verdict.error_codes if verdict.code == REJECTED else ()
    inherited = (SET_CODE_OF_GROUP[code] for code in group_errors if code in SET_CODE_OF_GROUP)
    return replace(verdict, code=REJECTED, error_codes=distinct((*own, *inherited))[:MOST_CODES])


def _group_code(sets: Sequence[SetVerdict], errors: Sequence[str], warnings: Sequence[str]) -> str:
    """AK901."""
    accepted = sum(verdict.accepted for verdict in sets)
    if errors or not accepted:
        return REJECTED
    if accepted < len(sets):
        return PARTIALLY
    if warnings or any(verdict.code == WITH_ERRORS for verdict in sets):
        return WITH_ERRORS
    return ACCEPTED


def _included(group: FunctionalGroup) -> int:
    """AK902: GE01 where it is a number of at most six digits, else the sets found."""
    count = "".join((group.trailer or ())[1:2]).strip()
    return int(count) if COUNT.fullmatch(count) else min(len(group.sets), HIGHEST_COUNT)
