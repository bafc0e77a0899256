"""What a caller of the reference scanner may choose."""

from __future__ import annotations

from typing import NamedTuple

from edi.encodings import Encoding
from edi.guides.library import GuideLibrary
from edi.reference.records import SetRecords

MOST_SNIP = 5
"""The last SNIP type that can be told from a file alone."""


class Options(NamedTuple):
    """One reading's choices."""

    library: GuideLibrary
    snip: int
    """The last SNIP type whose findings are made."""
    encoding: Encoding
    records: list[SetRecords] | None
    """Filled with the segments of every set that has a guide; None: nobody wants them."""
