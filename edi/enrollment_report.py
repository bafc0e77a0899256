"""What became of the members of an 834, as its sender is told: values, without a word of how they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from edi.finding_codes.code import ERROR, NOTE, REJECT, WARNING

SEVERITIES = (REJECT, ERROR, WARNING, NOTE)
"""The worst first."""
OUTCOMES = ("added", "changed", "ended", "reinstated", "unchanged", "compared", "refused", "held")
"""What can become of a member."""
NOT_APPLIED = frozenset({"refused", "held"})


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding about a member or a transaction set, by position."""

    code: str
    """A key of `edi.finding_codes.CODES`."""
    severity: str
    segment_id: str
    loop: str
    segment_position: int
    """In the transaction set, ST = 1; 0 where it is not known."""


@dataclass(frozen=True, slots=True)
class SentMember:
    """A member, and what became of it: one that was sent (INS), or one that the file changed without naming it."""

    transaction_set: str
    """ST02."""
    number: int
    """Its place among the members of its transaction set, from 1; 0 for one that was not sent."""
    segment_position: int
    """Of its INS in the transaction set, ST = 1; of the segment that changed one that was not sent."""
    subscriber_number: str
    """REF*0F as sent; empty where there is none or the sender does not want to read it in answers."""
    initials: str
    """Of a dependant, as sent; empty for a subscriber."""
    is_subscriber: bool
    maintenance_type: str
    """INS03."""
    group_id: str
    """Our employer group, empty where none was found."""
    outcome: str
    """One of `OUTCOMES`."""
    remarks: tuple[Remark, ...] = ()

    @property
    def severity(self) -> str:
        """The worst of its remarks, empty without any."""
        return min((remark.severity for remark in self.remarks), key=SEVERITIES.index, default="")


@dataclass(frozen=True, slots=True)
class SentSet:
    """An 834 transaction set, and what its sender counted in it."""

    control_number: str
    """ST02."""
    reference: str
    """BGN02."""
    accepted: bool
    """Does the 999 accept it? Of others no member is looked at."""
    subscribers: int
    dependants: int
    """Members found in it, those refused by the 999 among them."""
    totals: Mapping[str, str] = field(default_factory=dict)
    """QTY02 as sent, by QTY01: TO all members, ET subscribers, DT dependants."""
    remarks: tuple[Remark, ...] = ()
    """On the set as a whole."""

    @property
    def counted(self) -> Mapping[str, int]:
        """Our counts, by QTY01."""
        return {"TO": self.subscribers + self.dependants, "ET": self.subscribers, "DT": self.dependants}


@dataclass(frozen=True, slots=True)
class EnrollmentReport:
    """The answer to one interchange of 834 sets, member by member."""

    file_id: int
    """The file's number in our ledger, to name it on the phone."""
    received: date
    interchange: str
    """ISA13."""
    sets: tuple[SentSet, ...]
    members: tuple[SentMember, ...]
    """In the order of the file."""

    @property
    def by_outcome(self) -> Counter[str]:
        """How many members had each outcome."""
        return Counter(member.outcome for member in self.members)
