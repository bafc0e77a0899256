"""Which transaction sets are read, those that were accepted, and which claims and members of them are not."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from edi.scan import Scan
from edi.verdict import FileVerdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


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


def refused_ranges(verdict: FileVerdict) -> NDArray[np.int64]:
    """Byte ranges of the claims and members that are refused in accepted sets: a pair a row, in the order of the file.

    `edi.tables.keep.keep_sets` leaves out what begins in them.
    """
    import numpy as np  # noqa: PLC0415 - the command line must start without it

    ranges = [
        (unit.source_start, unit.source_stop)
        for interchange in verdict.interchanges
        for group in interchange.groups
        for transaction_set in group.sets
        for unit in transaction_set.refused
    ]
    return np.array(ranges, np.int64).reshape(-1, 2)
