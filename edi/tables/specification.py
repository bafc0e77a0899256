"""Declare a business table: rows open at an anchor segment, a column is one line that names its X12 source.

A source reads `LOOP/SEGMENT[qualifier]element-component`: `2300/CLM05-1`, `2300/REF[F8]02`, `2010BA/NM109`.
The qualifier is the value of the element on which the guide tells segments of one id apart. Alternatives are
joined by `|`: `2010CA/DMG02|2010BA/DMG02` is the first one that is present.

A source inside the anchor's loop, or in loops under it, belongs to the row, and its first value wins. Any other
is inherited from the loops around it: the value last seen, forgotten when a loop around the source starts anew.
A source that the guide does not have is never present, so that one table may serve several guides;
`edi.tables.plan.unknown_sources` finds those that no guide has.

A table may have anchors in several loops, `2310A|2310B|2420A`. The loop of whichever anchor opened the row is then
called `anchor`: `anchor/NM103`, and the source `anchor` alone is that loop's id.

In a table that explodes, each non-empty element of the anchor between the two places is a row of its own, and
element 00 of the anchor is that element: `anchor/HI00-2` is its second component.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "money", "count", "quantity", "day", "last_day"]
SOURCE = re.compile(r"(\w+)/([A-Z][A-Z0-9]{1,2}?)(?:\[(\w+)\])?(\d\d)(?:-(\d+))?")


@dataclass(frozen=True, slots=True)
class Source:
    """One alternative of a column's source."""

    loop: str
    segment: str
    qualifier: str | None
    element: int
    """From 1; 0 is the element of the anchor that made the row."""
    component: int
    """From 1; 0 is the whole element."""


ANCHOR = "anchor"
"""Stands for the loop of the row's anchor."""


def parse_source(text: str) -> tuple[Source, ...]:
    """The alternatives of a source.

    Raises:
        ValueError: it does not read as one.
    """
    sources = []
    for part in text.split("|"):
        match = SOURCE.fullmatch(part.strip())
        if match is None:
            raise ValueError(f"{part!r} is not of the form LOOP/SEGMENT[qualifier]element-component")
        loop, segment, qualifier, element, component = match.groups()
        sources.append(Source(loop, segment, qualifier, int(element), int(component or 0)))
    return tuple(sources)


@dataclass(frozen=True, slots=True)
class Column:
    """One column and where it comes from.

    Kinds: `text`; `money`, exact cents (int64); `count`, a whole number (int64); `quantity` (decimal128(15, 3));
    `day`, a date or the first day of a range (date32); `last_day`, a date or the last day of a range (date32).
    A value that is not of its kind is null.
    """

    name: str
    source: str
    kind: Kind = "text"
    description: str = ""
    sources: tuple[Source, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        sources = () if self.source == ANCHOR else parse_source(self.source)
        object.__setattr__(self, "sources", sources)


@dataclass(frozen=True, slots=True)
class Table:
    """Rows open at the anchor, a (loop, segment) pair, and end with its loop.

    Where the anchor is not the first segment of its loop, the row ends with the loop or at the next anchor.
    """

    name: str
    anchor: tuple[str, str]
    columns: tuple[Column, ...]
    parent: str | None = None
    """Table whose open row is this row's parent."""
    explode: tuple[int, int] | None = None
    """First and last element of the anchor that make a row each."""
    qualifiers: frozenset[str] = frozenset()
    """In a table that explodes: only elements whose first component is one of these; all when empty."""

    @property
    def loops(self) -> tuple[str, ...]:
        """Ids of the loops with an anchor."""
        return tuple(self.anchor[0].split("|"))
