"""Which reasons (CARC) and remarks (RARC) may be said on a day: the receiver of an 835 must know them.

The plan's own lists decide (`edi codes import`). X12's list of reasons is not free to ship (domain.md 7.6), so without
it only its numbering is known: one after the other, the highest in the lower three hundreds. Of remarks there is the
list that the guides know, until the plan loads a newer one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from edi.codes.lists import ALWAYS, Validity
from edi.dates import format_date
from edi.guides.maps.reader import external_codes

REASONS, REMARKS = "adjustment_reason", "remark"
"""The lists, by their names in `edi.codes.lists`."""
NUMBERED = re.compile(r"[1-9]\d?|[123]\d\d|A[0-9]|B[1-9]\d?|P[1-9]\d?|W[1-9]|Y[1-9]", re.ASCII)
"""Reasons as X12 numbers them, with room for those to come."""
IN_GUIDES = "remark_code"


class KnownCodes(NamedTuple):
    """The codes of one kind."""

    kind: str
    list_name: str
    listed: Mapping[str, Validity] | None
    """By the plan's list, or that of the guides; None: there is neither."""

    def fault(self, code: str, on: date | None = None) -> str | None:
        """What is wrong with a code on a day, or with no day on all of them, and what to do; None where nothing is."""
        remedy = f"say another, or load the list in force: `edi codes import {self.list_name} FILE`"
        if self.listed is None:
            return None if NUMBERED.fullmatch(code) else f"{self.kind} {code} is unknown: {remedy}"
        if code not in self.listed:
            return f"{self.kind} {code} is in no list of ours: {remedy}"
        if on is None or any(first <= int(format_date(on)) <= last for first, last in self.listed[code]):
            return None
        return f"{self.kind} {code} is not valid on {on}: {remedy}"


class ReasonCodes(NamedTuple):
    """Reasons and remarks that may be said."""

    reasons: KnownCodes
    remarks: KnownCodes


def reason_codes(lists: Mapping[str, Mapping[str, Validity]] | None) -> ReasonCodes:
    """By the plan's lists, where it has loaded them."""
    lists = lists or {}
    remarks = lists.get(REMARKS) or dict.fromkeys(external_codes()[IN_GUIDES], (ALWAYS,))
    return ReasonCodes(KnownCodes("CARC", REASONS, lists.get(REASONS)), KnownCodes("RARC", REMARKS, remarks))
