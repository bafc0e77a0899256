"""The 999 (005010X231A1): one transaction set answers one functional group.

AK1, then for each set AK2, its IK3, CTX and IK4, and IK5; AK9 at the end. Segments are told in the order in which they
stand. Under IK3 a first CTX names the claim or member at fault, others what makes a situational segment due. Both kinds
have one position in the guide, so either may come first; pyx12, by which partners may read us, counts them together and
takes one kind only once.

IK303 holds four characters. A longer loop id (2010AA) is left out, not cut: 2010 would be another loop or none, and
IK302 finds the segment without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from edi.delimiters import DEFAULT, Delimiters
from edi.quotation import SET_GUIDE_LENGTHS, quotable, set_quotable
from edi.told import HIGHEST_POSITION, NO_UNIT, Told, ToldOfSet
from edi.verdict import BusinessUnit, GroupVerdict, SetVerdict
from edi.writer import Segment, SetContent, Written
from writers.quoting import Quoting
from writers.told_text import NOWHERE, Group, wording

TRANSACTION = "999"
GUIDE = "005010X231A1"
HIGHEST_COUNT = 999_999
UNIT_NAMES = {"837": "CLM01", "834": "SUBSCRIBER NUMBER REF02"}
"""CTX01-1 by ST01."""


def acknowledgment_set(
    verdict: GroupVerdict, control_number: str, quoting: Quoting | None = None, delimiters: Delimiters = DEFAULT
) -> SetContent:
    """The 999 for a functional group, with our own ST02.

    Args:
        verdict: what was decided.
        control_number: our ST02.
        quoting: what it may repeat of the file; nothing but envelopes without it.
        delimiters: those that it will be written with; what holds one of them is not repeated.
    """
    return SetContent(TRANSACTION, control_number, GUIDE, tuple(_Writer(quoting, delimiters).segments(verdict)))


class _Writer:
    def __init__(self, quoting: Quoting | None, delimiters: Delimiters) -> None:
        self.quoting = quoting
        self.delimiters = delimiters

    def segments(self, verdict: GroupVerdict) -> Iterator[Segment | Written]:
        yield ("AK1", verdict.functional_id, verdict.control_number, verdict.guide)
        for transaction_set, (told, groups) in zip(verdict.sets, _told(verdict.sets), strict=True):
            if set_quotable(transaction_set.transaction, transaction_set.control_number):
                guide = transaction_set.guide
                guide = guide if guide and quotable(guide, SET_GUIDE_LENGTHS) else ""
                yield ("AK2", transaction_set.transaction, transaction_set.control_number, guide)
                if groups:
                    yield self._findings(transaction_set, told, groups)
                yield ("IK5", transaction_set.code, *transaction_set.error_codes)
        yield (
            "AK9",
            verdict.code,
            str(verdict.included_sets),
            str(min(verdict.received_sets, HIGHEST_COUNT)),
            str(min(verdict.accepted_sets, HIGHEST_COUNT)),
            *verdict.error_codes,
        )

    def _findings(self, verdict: SetVerdict, told: Told, groups: range) -> Written:
        """IK3, CTX and IK4 of a set, claim by claim where claims are known."""
        words = wording(told, self.delimiters)
        copying = self.quoting if self.quoting is not None and self.quoting.bad_data else None
        units = [*(self._unit(verdict.transaction, unit) for unit in verdict.units), NOWHERE]
        runs = _runs(told.segments.units, groups) if verdict.unit_of else [(NO_UNIT, groups)]
        text = "".join(
            words.copying(told, own, units[place], copying) if copying else words.text(told, own, units[place])
            for place, own in runs
        )
        return Written(text, text.count(self.delimiters.segment))

    def _unit(self, transaction: str, unit: BusinessUnit) -> Group:
        """What findings in it have in common: its position, and the CTX with what its sender knows it by."""
        unit_name, name = UNIT_NAMES.get(transaction, ""), ""
        if self.quoting is not None and unit_name:
            name = self.quoting.business_unit(unit.name_start, unit.name_stop, self.delimiters)
        if name:
            element, component, terminator = self.delimiters.element, self.delimiters.component, self.delimiters.segment
            name = f"CTX{element}{unit_name}{component}{name}{terminator}"
        return Group("", str(min(unit.segment_position, HIGHEST_POSITION)), name)


def _runs(units: Sequence[int], groups: range) -> Iterator[tuple[int, range]]:
    """Groups side by side in one claim or member, and its place."""
    start = groups.start
    for place, run in groupby(units[groups.start : groups.stop]):
        yield place, range(start, start := start + len(list(run)))


def _told(sets: Sequence[SetVerdict]) -> Iterator[tuple[Told, range]]:
    """For each set the findings that it is among, and which groups of them are its own."""
    parts = [one.findings for one in sets if isinstance(one.findings, ToldOfSet)]
    if len(parts) < len(sets):
        parts = Told.of((one.findings, one.unit_of) for one in sets).parts()
    for part in parts:
        yield part.told, part.groups()
