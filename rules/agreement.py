"""What a trading partner and we agreed on, and the findings where an interchange keeps to something else.

TA105 006 and 008 for parties that are not agreed, 020 for test or production data in the wrong place, AK905 1 for
a functional group that is not agreed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from edi.encodings import Encoding
from edi.finding_codes import CODES
from edi.findings import Finding
from edi.quotation import ACKNOWLEDGMENT
from edi.scan import FunctionalGroup, Interchange, Scan

ISA_LENGTH = 106
MOST_TOLD = 200
"""Findings of one transaction set in a 999. Nobody reads more, and what mends the first mends most of the others."""
Party = tuple[str, str]
"""Interchange id qualifier and id, without trailing blanks."""
ClaimSyntax = Literal["reject_set", "accept_with_errors"]


@dataclass(frozen=True, slots=True)
class AcceptanceProfile:
    """How the files of one folder of one trading partner are judged. An empty tuple of parties or codes allows any."""

    partner: str
    senders: tuple[Party, ...] = ()
    """ISA05 and ISA06."""
    group_senders: tuple[str, ...] = ()
    """GS02."""
    receivers: tuple[Party, ...] = ()
    """ISA07 and ISA08: us."""
    group_receivers: tuple[str, ...] = ()
    """GS03."""
    usages: frozenset[str] = frozenset({"P"})
    """ISA15 values agreed: P, T or both."""
    folder_usage: Literal["P", "T"] = "P"
    """What the folder is for; production data in a test folder is refused."""
    transactions: frozenset[str] = frozenset({"834", "837P", "837I", "837D"})
    claim_syntax: ClaimSyntax = "reject_set"
    """What becomes of a set with errors in its segments. `reject_set` rejects the whole set. `accept_with_errors`
    accepts it (IK5 E) without the claims or members at fault, where every error lies in a claim or member that can be
    refused by itself. Warnings are told only with `accept_with_errors`; partners whose software knows nothing between
    accepted and rejected keep `reject_set`, and get A."""
    severities: Mapping[str, str] = field(default_factory=dict)
    """Finding code -> reject, error, warning or note, where the partner's differs from the default."""
    encoding: Encoding = "ascii"
    """Of the text elements of what it sends."""
    most_told: int = MOST_TOLD
    """Findings of one set that a 999 names (as IK3 and IK4); errors go first, and each refused claim is named once
    whatever the number."""
    claim_numbers_in_answers: bool = True
    """Does a 999 name the claim or member at fault (CTX with CLM01 or the subscriber number)?"""
    copy_bad_data: bool = False
    """Does a 999 copy the value at fault (IK404)? It may be health data."""

    def severity(self, code: str) -> str:
        """How severe a finding of this code is for the partner."""
        return self.severities.get(code) or CODES[code].severity


def agreement_findings(scan: Scan, profile: AcceptanceProfile) -> tuple[Finding, ...]:
    """Where the file departs from the agreement; the scan itself knows nothing of partners."""
    return tuple(finding for interchange in scan.interchanges for finding in _interchange(interchange, profile))


def _interchange(interchange: Interchange, profile: AcceptanceProfile) -> Iterator[Finding]:
    sender = (interchange.fields[5].strip(), interchange.fields[6].strip())
    receiver = (interchange.fields[7].strip(), interchange.fields[8].strip())
    usage = interchange.fields[15]
    if profile.senders and sender not in profile.senders:
        yield _header(interchange, "SENDER_UNKNOWN", 6)
    if profile.receivers and receiver not in profile.receivers:
        yield _header(interchange, "RECEIVER_UNKNOWN", 8)
    if usage not in profile.usages or (usage == "P" and profile.folder_usage == "T"):
        yield _header(interchange, "USAGE_NOT_AGREED", 15)
    for group in interchange.groups:
        yield from _group(interchange, group, profile)


def _header(interchange: Interchange, code: str, element: int) -> Finding:
    return Finding(
        code,
        interchange=interchange.ordinal,
        segment_id="ISA",
        element=element,
        source_start=interchange.source_start,
        source_stop=min(interchange.source_start + ISA_LENGTH, interchange.source_stop),
    )


def _group(interchange: Interchange, group: FunctionalGroup, profile: AcceptanceProfile) -> Iterator[Finding]:
    functional_id, sender, receiver = (group.fields[place].strip() for place in (1, 2, 3))
    if functional_id == ACKNOWLEDGMENT or group.guide is None:
        return
    refused = (
        (1, group.guide.kind not in profile.transactions),
        (2, bool(profile.group_senders) and sender not in profile.group_senders),
        (3, bool(profile.group_receivers) and receiver not in profile.group_receivers),
    )
    for element, wrong in refused:
        if wrong:
            yield Finding(
                "GROUP_UNSUPPORTED",
                interchange=interchange.ordinal,
                functional_group=group.ordinal,
                segment_id="GS",
                element=element,
                source_start=group.source_start,
                source_stop=group.sets[0].source_start if group.sets else group.source_stop,
            )
