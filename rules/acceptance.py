"""From findings to verdicts: what TA1 and 999 say of each interchange, functional group and transaction set.

Every reason is a finding, of the scan or of `rules.agreement`; its code in `edi.finding_codes` (and the partner's
profile) says how severe it is and how each acknowledgment spells it. Never more is rejected than the smallest unit
that can be answered: a claim or member where the partner takes sets with errors, else a set where its header can be
quoted, else its group, else the interchange.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from edi.archived import ReadBytes
from edi.finding_codes import CODES, ERROR, NOTE, REJECT, WARNING
from edi.findings import CODE_NAMES
from edi.quotation import ACKNOWLEDGMENT, COUNT, group_quotable, interchange_quotable, parties_quotable, set_quotable
from edi.scan import FunctionalGroup, Interchange, Scan
from edi.verdict import FileVerdict, GroupVerdict, InterchangeVerdict, SetVerdict
from rules.agreement import AcceptanceProfile, agreement_findings
from rules.code_facts import MOST_CODES
from rules.refusals import refusal_findings
from rules.set_acceptance import ACCEPTED, REJECTED, WITH_ERRORS, SetJudge

__all__ = ["AcceptanceProfile", "agreement_findings", "judge", "judge_duplicate", "judge_refused", "refusal_findings"]

HIGHEST_COUNT = 999_999
PARTIALLY = "P"
"""AK901, besides those that a set has too."""
NO_NOTE, CONTENT_INVALID, DUPLICATE = "000", "024", "025"
SETS_WRONG = "5"
"""AK905 for a set whose header cannot be quoted (RFI 1339), and for a group without sets."""
STRUCTURE = frozenset(
    {
        "INTERCHANGE_CONTROL_MISMATCH",
        "GROUP_COUNT_WRONG",
        "INTERCHANGE_TRAILER_MISSING",
        "CONTENT_OUTSIDE_GROUP",
    }
)
"""Faults of the interchange's frame: they reject it because part of its content may be missing or not meant."""

EnvelopeCodes = Mapping[tuple[int, int], Sequence[str]]
"""Finding codes of interchanges (functional group 0) and of functional groups, by their ordinals."""


def judge(scan: Scan, profile: AcceptanceProfile, read: ReadBytes | None = None) -> FileVerdict:
    """The answers to a file. Where none of its interchanges can be answered it is unreadable.

    Args:
        scan: what was found in it.
        profile: what was agreed with its sender.
        read: its bytes. Without them no claim can be told from another, so none is named, and none salvaged from a
            set with errors.
    """
    codes = _envelope_codes(scan, profile)
    sets = SetJudge(scan, profile, read)
    verdicts = tuple(_interchange(interchange, codes, sets, profile) for interchange in scan.interchanges)
    if not any(_answerable(verdict) for verdict in verdicts):
        return FileVerdict((), _reason(codes, profile))
    return FileVerdict(verdicts)


def _envelope_codes(scan: Scan, profile: AcceptanceProfile) -> dict[tuple[int, int], list[str]]:
    """Those of the agreement first: they are about the file as a whole."""
    codes: dict[tuple[int, int], list[str]] = defaultdict(list)
    for finding in agreement_findings(scan, profile):
        codes[finding.interchange, finding.functional_group].append(finding.code)
    found = scan.findings
    outside = np.flatnonzero(found.column("transaction_set") == 0)
    columns = (found.column(name)[outside].tolist() for name in ("interchange", "functional_group", "code"))
    for interchange, group, code in zip(*columns, strict=True):
        codes[interchange, group].append(CODE_NAMES[code])
    return dict(codes)


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


def judge_refused(verdict: FileVerdict) -> FileVerdict:
    """The same answers, except that nothing of the file is taken: TA1 R 024, by decision of a person."""
    return replace(
        verdict,
        interchanges=tuple(
            interchange
            if interchange.code == REJECTED or not interchange.groups
            else replace(interchange, code=REJECTED, note=CONTENT_INVALID, groups=())
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


def _reason(codes: EnvelopeCodes, profile: AcceptanceProfile) -> str:
    """The first fault of an interchange's own; where a blank party is no finding, the header is broken all the same."""
    own = (code for (_, group), found in codes.items() if not group for code in found)
    return next((code for code in own if profile.severity(code) == REJECT), "INTERCHANGE_HEADER_BROKEN")


def _interchange(
    interchange: Interchange, codes: EnvelopeCodes, sets: SetJudge, profile: AcceptanceProfile
) -> InterchangeVerdict:
    code, note = _interchange_code(interchange, codes, profile)
    groups: tuple[GroupVerdict, ...] = ()
    if code != REJECTED:
        groups = tuple(_group(interchange, group, codes, sets, profile) for group in interchange.groups)
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


def _interchange_code(interchange: Interchange, codes: EnvelopeCodes, profile: AcceptanceProfile) -> tuple[str, str]:
    """TA104 and TA105. One note fits: that of the first fault that rejects, else of the first that is told.

    An interchange of TA1s alone is never rejected: the answer would be a TA1 to a TA1, and might go on for ever.
    """
    places = [(interchange.ordinal, 0), *((interchange.ordinal, group.ordinal) for group in interchange.groups)]
    told = [code for place in places for code in codes.get(place, ()) if CODES[code].ta1]
    faults = [code for code in told if profile.severity(code) == REJECT]
    if interchange.groups or not interchange.acknowledgments:
        refused = next((code for code in faults if code not in STRUCTURE or _supported(interchange)), None)
        if refused is not None:
            return REJECTED, CODES[refused].ta1 or CONTENT_INVALID
        if not interchange.groups or not all(_quotable(group) for group in interchange.groups):
            return REJECTED, CONTENT_INVALID
    noted = next((code for code in (*faults, *told) if profile.severity(code) != NOTE), None)
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
    codes: EnvelopeCodes,
    judge_sets: SetJudge,
    profile: AcceptanceProfile,
) -> GroupVerdict:
    own = codes.get((interchange.ordinal, group.ordinal), ())
    faults = _codes(own, profile, {REJECT})
    if not group.sets or not all(set_quotable(one.transaction, one.control_number) for one in group.sets):
        faults = _distinct((*faults, SETS_WRONG))
    sets = tuple(judge_sets.verdict(interchange, group, transaction_set) for transaction_set in group.sets)
    told = _codes(own, profile, {ERROR, WARNING} if profile.claim_syntax == "accept_with_errors" else {ERROR})
    if faults:
        sets = tuple(_reject_with_group(one, faults) for one in sets)
    functional_id, sender, receiver, control_number, guide = _header(group)
    return GroupVerdict(
        ordinal=group.ordinal,
        functional_id=functional_id,
        sender=sender,
        receiver=receiver,
        control_number=control_number,
        guide=guide,
        code=_group_code(sets, faults, told),
        error_codes=(faults or told)[:MOST_CODES],
        included_sets=_included(group),
        sets=sets,
        source_start=group.source_start,
        source_stop=group.source_stop,
    )


def _codes(found: Sequence[str], profile: AcceptanceProfile, severities: frozenset[str] | set[str]) -> tuple[str, ...]:
    """AK905 values, lowest first: what is not supported comes before what is miscounted."""
    if not found:
        return ()
    codes = {CODES[code].ak905 for code in found if profile.severity(code) in severities}
    return tuple(sorted((code for code in codes if code), key=int))


def _distinct(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes in their order, each once."""
    return tuple(dict.fromkeys(codes))


SET_CODE_OF_GROUP = {"1": "1", "2": "I6"}
"""AK905 -> IK502: the set's own words for a group or a guide that is not supported; the others have none."""


def _reject_with_group(verdict: SetVerdict, group_faults: Sequence[str]) -> SetVerdict:
    """A set of a rejected group is rejected, for its own reasons where it has any, and for the group's.

    Nothing of it is taken, so no claim of it is refused by itself.
    """
    own = verdict.error_codes if verdict.code != ACCEPTED else ()
    inherited = (SET_CODE_OF_GROUP[code] for code in group_faults if code in SET_CODE_OF_GROUP)
    units = tuple(replace(unit, refused=False) for unit in verdict.units)
    return replace(verdict, code=REJECTED, error_codes=_distinct((*own, *inherited))[:MOST_CODES], units=units)


def _group_code(sets: Sequence[SetVerdict], faults: Sequence[str], told: Sequence[str]) -> str:
    """AK901."""
    accepted = sum(verdict.accepted for verdict in sets)
    if faults or not accepted:
        return REJECTED
    if accepted < len(sets):
        return PARTIALLY
    if told or any(verdict.code == WITH_ERRORS for verdict in sets):
        return WITH_ERRORS
    return ACCEPTED


def _included(group: FunctionalGroup) -> int:
    """AK902: GE01 where it is a number of at most six digits, else the sets found."""
    count = "".join((group.trailer or ())[1:2]).strip()
    return int(count) if COUNT.fullmatch(count) else min(len(group.sets), HIGHEST_COUNT)
