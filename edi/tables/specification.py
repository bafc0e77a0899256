"""Declare a business table: rows open at an anchor segment, a column is one line that names its X12 source.

A source reads `LOOP/SEGMENT[qualifier]element-component`: `2300/CLM05-1`, `2300/REF[F8]02`, `2010BA/NM109`.
The qualifier is the value of the element on which the guide tells segments of one id apart. Alternatives are
joined by `|`: `2010CA/DMG02|2010BA/DMG02` is the first one that is present.

A source inside the anchor's loop, or in loops under it, belongs to the row, and its first value wins. Any other
is inherited from the loops around it: the value last seen, forgotten when a loop around the source starts anew.
A source that the guide does not have is never present, so that one table may serve several guides;
`edi.tables.plan.unknown_sources` finds those that no guide has.

A table may have anchors in several loops, `2310A|2310B|2420A`. The loop of whichever anchor opened the row is then
called `anchor`: `anchor/NM103`, and the source `anchor` alone is that loop's id. What is read from the anchor's loop
is never inherited.

A table whose extent is a segment has a row for every anchor, which ends with it: only sources at the anchor itself
belong to the row, all others are inherited, also those of the same loop (the line number of a note, say).

In a table that explodes, each non-empty element of the anchor between the two places is a row of its own, and
element 00 of the anchor is that element: `anchor/HI00-2` is its second component. With a step, elements are taken in
groups, a group of which any element is there is a row, and `anchor/CAS00`, `anchor/CAS00+1`, `anchor/CAS00+2` are
its elements. With repetitions, each repetition of those elements is a row.

The source `row/claim` is the number of the row of another table that is open when this row opens.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["text", "money", "count", "quantity", "decimal", "day", "last_day", "time", "day_time", "row"]
Extent = Literal["loop", "segment"]
SOURCE = re.compile(r"(\w+)/([A-Z][A-Z0-9]{1,2}?)(?:\[(\w+)\])?(\d\d)(?:\+(\d))?(?:-(\d+))?")
LINK = re.compile(r"row/(\w+)")


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
    offset: int = 0
    """With element 0: which of the elements of the group that made the row, from 0."""


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
        loop, segment, qualifier, element, offset, component = match.groups()
        sources.append(Source(loop, segment, qualifier, int(element), int(component or 0), int(offset or 0)))
    return tuple(sources)


@dataclass(frozen=True, slots=True)
class Column:
    """One column and where it comes from.

    Kinds: `text`; `money`, exact cents (int64); `count`, a whole number (int64); `quantity` (decimal128(15, 3));
    `decimal`, a rate, percentage or measurement (decimal128(18, 6)); `day`, a date or the first day of a range
    (date32); `last_day`, a date or the last day of a range (date32); `time`, a time of day, and `day_time`, that of a
    date with time (time32[s]); `row`, the number of another table's row (int64). A value that is not of its kind is
    null.
    """

    name: str
    source: str
    kind: Kind = "text"
    description: str = ""
    sources: tuple[Source, ...] = field(init=False, repr=False, compare=False)

    link: str | None = field(init=False, repr=False, compare=False)
    """Table whose open row the column numbers."""

    def __post_init__(self) -> None:
        link = LINK.fullmatch(self.source)
        if (link is None) == (self.kind == "row"):
            raise ValueError(f"{self.name}: a source row/TABLE and the kind row go together")
        object.__setattr__(self, "link", link[1] if link else None)
        object.__setattr__(self, "sources", () if link or self.source == ANCHOR else parse_source(self.source))


@dataclass(frozen=True, slots=True)
class Table:
    """Rows open at the anchor, a (loop, segment) pair, and end with its loop, or with the anchor itself.

    Where the anchor is not the first segment of its loop, the row ends with the loop or at the next anchor.
    """

    name: str
    anchor: tuple[str, str]
    columns: tuple[Column, ...]
    parent: str | None = None
    """Table whose open row is this row's parent."""
    explode: tuple[int, int] | tuple[int, int, int] | None = None
    """First and last element of the anchor that make a row each; or that make one in groups of so many."""
    qualifiers: frozenset[str] = frozenset()
    """In a table that explodes: only elements whose first component is one of these; all when empty."""
    repetitions: bool = False
    """In a table that explodes: each repetition of an element is a row."""
    extent: Extent = "loop"
    """What a row holds: its anchor's loop, or the anchor alone, which it always is in a table that explodes."""
    kinds: frozenset[str] = frozenset()
    """Kinds of guide that it is read from (834, 837P ...), since others use the same loop ids; all when empty."""
    description: str = ""

    def __hash__(self) -> int:
        """Of what tells tables apart, since what is made of a table is kept by it; there may be many columns."""
        return hash((self.name, self.anchor, len(self.columns)))

    def __post_init__(self) -> None:
        if self.explode:
            object.__setattr__(self, "extent", "segment")
        for column in self.columns:
            for source in column.sources:
                self._check(column, source)

    def _check(self, column: Column, source: Source) -> None:
        """A source that could never be read is a mistake."""
        own = source.loop == ANCHOR
        if not source.element and not (own and self.explode and source.offset < self.step):
            raise ValueError(f"{self.name}.{column.name}: the table makes no rows of such elements")
        if source.element and source.offset:
            raise ValueError(f"{self.name}.{column.name}: only element 00 has others next to it")
        if own and self.extent == "segment" and source.segment != self.anchor[1]:
            raise ValueError(f"{self.name}.{column.name}: a row of this table holds one segment only")

    @property
    def step(self) -> int:
        """How many elements make a row, in a table that explodes."""
        return self.explode[2] if self.explode and len(self.explode) > 2 else 1  # noqa: PLR2004 - the third is the step

    @property
    def loops(self) -> tuple[str, ...]:
        """Ids of the loops with an anchor."""
        return tuple(self.anchor[0].split("|"))
