"""The answer to one interchange: TA1 and 999s in one interchange back to its sender."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from edi.delimiters import Delimiters
from edi.quotation import ACKNOWLEDGMENT, parties_quotable
from edi.verdict import GroupVerdict, InterchangeVerdict
from edi.writer import GroupContent, InterchangeHeader, Segment, write_interchange
from writers.ack_999 import GUIDE, acknowledgment_set
from writers.quoting import Quoting
from writers.separators import separators
from writers.settings import Payer
from writers.ta1 import ta1_segment

RECEIVER_NOTES = frozenset({"007", "008"})
"""TA105 values that say the interchange was not for us: then we answer under our own name."""
REJECTED = "R"
GROUP_CONTROL_STEP = 1_000_000
HIGHEST_CONTROL = 999_999_999


def answer(
    verdict: InterchangeVerdict,
    payer: Payer,
    interchange_control: int,
    prepared_at: datetime,
    quoting: Quoting | None = None,
) -> bytes | None:
    """The interchange that answers `verdict`, addressed to its sender; None where nothing is due or can be said.

    The TA1 stands before the first functional group. The 999s of groups with the same application sender and receiver
    share a functional group, one transaction set for each group answered.

    Args:
        verdict: what was decided.
        payer: who we are, where the interchange did not name us; one without ISA id answers as whoever it named.
        interchange_control: our ISA13; no two answers to one sender may have the same.
        prepared_at: now, in the plan's time zone.
        quoting: the file as archived, and what of it the 999 may repeat; without it, envelopes alone.
    """
    if not is_due(verdict):
        return None
    interchange_answer = _interchange_answer(verdict)
    ours = (verdict.receiver_qualifier, verdict.receiver_id)
    if verdict.note in RECEIVER_NOTES and payer.isa_id:
        ours = (payer.isa_qualifier, payer.isa_id)
    delimiters = separators(_quoted(verdict, ours))
    groups = tuple(_groups(verdict.groups, interchange_control, quoting, delimiters))
    header = InterchangeHeader(
        sender_qualifier=ours[0],
        sender_id=ours[1],
        receiver_qualifier=verdict.sender_qualifier,
        receiver_id=verdict.sender_id,
        prepared_at=prepared_at,
        control_number=interchange_control,
        usage=verdict.usage if verdict.usage in {"P", "T"} else "P",
        delimiters=delimiters,
    )
    content: Iterable[GroupContent | Segment] = (interchange_answer, *groups) if interchange_answer else groups
    return write_interchange(header, content)


def is_due(verdict: InterchangeVerdict) -> bool:
    """Will `answer` write anything? To be asked before a control number is drawn for it."""
    parties = (verdict.sender_qualifier, verdict.sender_id, verdict.receiver_qualifier, verdict.receiver_id)
    if not parties_quotable(*parties):
        return False
    return _interchange_answer(verdict) is not None or any(map(_is_answered, verdict.groups))


def _interchange_answer(verdict: InterchangeVerdict) -> Segment | None:
    """The TA1, where one is due and can be written."""
    return ta1_segment(verdict) if verdict.needs_ta1 and not _holds_only_ta1(verdict) else None


def _is_answered(group: GroupVerdict) -> bool:
    """Acknowledgments are not acknowledged."""
    return group.functional_id != ACKNOWLEDGMENT


def _holds_only_ta1(verdict: InterchangeVerdict) -> bool:
    """Such an interchange is the only one that is not rejected and has no group; a TA1 is not answered by a TA1."""
    return not verdict.groups and verdict.code != REJECTED


def _groups(
    verdicts: Iterable[GroupVerdict], interchange_control: int, quoting: Quoting | None, delimiters: Delimiters
) -> Iterator[GroupContent]:
    """A functional group for each pair of application codes.

    GS06 must not repeat for the same pair for a long time (RFI 1220) and is better unique in its interchange: it is
    the interchange's number, shifted for the second pair and those after it.
    """
    pairs: dict[tuple[str, str], list[GroupVerdict]] = {}
    for verdict in filter(_is_answered, verdicts):
        pairs.setdefault((verdict.receiver, verdict.sender), []).append(verdict)
    for number, ((sender, receiver), answered) in enumerate(pairs.items()):
        control_number = (interchange_control - 1 + number * GROUP_CONTROL_STEP) % HIGHEST_CONTROL + 1
        sets = tuple(
            acknowledgment_set(verdict, f"{place:04d}", quoting, delimiters)
            for place, verdict in enumerate(answered, 1)
        )
        yield GroupContent("FA", sender, receiver, control_number, GUIDE, sets)


def _quoted(verdict: InterchangeVerdict, ours: tuple[str, str]) -> Iterator[str]:
    """Every value of the inbound interchange that the answer repeats."""
    yield from (verdict.sender_qualifier, verdict.sender_id, *ours)
    for group in verdict.groups:
        yield from (group.functional_id, group.sender, group.receiver, group.guide)
        yield from chain.from_iterable((one.control_number, one.guide or "") for one in group.sets)
