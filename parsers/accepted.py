"""Which transaction sets are read: those that were accepted."""

from __future__ import annotations

from collections.abc import Callable, Collection

from edi.scan import Scan
from edi.verdict import FileVerdict


def accepted_sets(scan: Scan, verdict: FileVerdict, kinds: Collection[str]) -> Callable[[int, int, int], bool]:
    """Is a set, by its ordinals, accepted (A or E) and of one of these kinds of guide (834, 837P ...)?"""
    wanted = {
        (interchange.ordinal, group.ordinal)
        for interchange in scan.interchanges
        for group in interchange.groups
        if group.guide is not None and group.guide.kind in kinds
    }
    accepted = {
        (interchange.ordinal, group.ordinal, transaction_set.ordinal)
        for interchange in verdict.interchanges
        for group in interchange.groups
        if (interchange.ordinal, group.ordinal) in wanted
        for transaction_set in group.sets
        if transaction_set.accepted
    }
    return lambda *place: place in accepted
